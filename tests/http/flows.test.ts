import { afterAll, expect, test } from 'vitest';
import { freshDatabase } from '../support/database';
import { flows } from '../support/flows/flows';
import { flowSiteOnNode } from '../support/flows/on-node';
import { openJournal } from '../support/journal';

/** Set before a release: what this one asks of the database is written down for the next one's migrations. */
const journal = process.env.RECORD_JOURNAL ? openJournal() : null;
afterAll(() => journal?.save());

const done = new Set<string>();
for (const { name, run } of flows)
  test(name, async () => {
    const database = await freshDatabase();
    await run(await flowSiteOnNode(journal?.listenTo(name, database) ?? database));
    done.add(name);
  });

test('every flow there is has run here', () => {
  expect(done.size).toBe(flows.length);
});
