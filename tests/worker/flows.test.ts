import { afterAll, beforeAll, expect, test } from 'vitest';
import { flows } from '../support/flows/flows';
import { openEdge, type Edge } from '../support/flows/on-workerd';
import { bundleWorker, type BundledWorker } from '../support/workerd';

let worker: BundledWorker;
let edge: Edge;
beforeAll(async () => {
  worker = bundleWorker();
  edge = await openEdge(worker);
}, 120_000);
afterAll(async () => {
  await edge.close();
  worker.remove();
});

const done = new Set<string>();
for (const { name, run } of flows)
  test(name, async () => {
    await run(await edge.site());
    done.add(name);
  });

test('every flow there is has run here', () => {
  expect(done.size).toBe(flows.length);
});
