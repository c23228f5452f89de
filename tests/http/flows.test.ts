import { expect, test } from 'vitest';
import { freshDatabase } from '../support/database';
import { flows } from '../support/flows/flows';
import { flowSiteOnNode } from '../support/flows/on-node';

for (const { name, run } of flows)
  test(name, async () => {
    await run(await flowSiteOnNode(await freshDatabase()));
  });

test('the names of flows are told apart', () => {
  expect(new Set(flows.map(({ name }) => name)).size).toBe(flows.length);
});
