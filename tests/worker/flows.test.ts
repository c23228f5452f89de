import { expect, test } from 'vitest';
import { flows } from '../support/flows/flows';
import { edgeOfFile } from '../support/worker-of-file';

const edge = edgeOfFile();

const done = new Set<string>();
for (const { name, run } of flows)
  test(name, async () => {
    await run(await edge().site());
    done.add(name);
  });

test('every flow there is has run here', () => {
  expect(done.size).toBe(flows.length);
});
