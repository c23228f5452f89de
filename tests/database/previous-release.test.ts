import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { freshDatabase } from '../support/database';
import { readJournals, replay } from '../support/journal';

// While a release goes out, the one before it works on the migrated database: migrations expand first, and contract
// when nobody asks for the old any more.
const journals = readJournals();

test('what each release asked of the database is known, by its newest migration', () => {
  const migrations = readdirSync('db/migrations').filter((name) => name.endsWith('.sql'));
  expect(journals.map(({ migration }) => `${migration}.sql`)).toEqual(migrations.sort());
  for (const { flows } of journals) expect(flows.length).toBeGreaterThan(20);
});

test.each(journals)('the release of $migration works on the newest migration', async (journal) => {
  await replay(journal, await freshDatabase());
});

describe('a migration that it cannot bear is told:', () => {
  test.each([
    ['a column is dropped', 'alter table bookings drop column message'],
    ['a column is renamed', 'alter table mentors rename column headline to role_title'],
    ['a table is dropped', 'drop table audit_log'],
    ['a table of the API is dropped', 'drop table api_tokens'],
    ['a column of the API is renamed', 'alter table idempotency_keys rename column answer to reply'],
    ['a new column needs a value', 'alter table booking_notifications add column priority int not null'],
    ['a value is no longer taken', `alter table bookings add constraint none_cancelled check (status <> 'cancelled')`],
    ['a policy hides what was seen', 'drop policy mentor_owns on mentor_availability'],
    ['a right is taken away', 'revoke update on bookings from slotwell_runtime'],
  ])('%s', async (_, change) => {
    const database = await freshDatabase();
    await database.owner(change);
    const previous = journals.at(-1) ?? expect.unreachable();
    await expect(replay(previous, database)).rejects.toThrow(/^in “/);
  });
});
