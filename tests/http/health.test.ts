import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { openPgWire } from '~/data/pg-wire.node';
import { serve } from '../support/server';

const journal = JSON.parse(readFileSync('db/migrations/meta/_journal.json', 'utf8')) as {
  entries: { when: number }[];
};
const NEWEST = Math.max(...journal.entries.map(({ when }) => when));

const ready = async ({ browser }: Awaited<ReturnType<typeof serve>>) => {
  const { status, headers, text } = await browser().get('/health/ready');
  expect(headers.get('cache-control')).toBe('no-store');
  return { status, ...(JSON.parse(text) as Record<string, unknown>) };
};

test('a server whose database answers and is migrated is ready; it costs one journey', async () => {
  const stage = await serve();
  expect(await ready(stage)).toEqual({
    status: 'ready',
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    database: 'ok',
    migrations: 'current',
    queue: { state: 'ok', oldestMessageSeconds: 0, oldestJobSeconds: 0 },
  });
  expect((await stage.browser().get('/health/ready')).status).toBe(200);
  expect(stage.lines.map(({ route, trips }) => [route, trips])).toEqual([
    ['/health/ready', 1],
    ['/health/ready', 1],
  ]);
});

test('a database older than the code is not ready, a newer one is: migrations go before the code', async () => {
  const stage = await serve();
  const migratedTo = (when: number) =>
    stage.database.owner(
      'update drizzle.__drizzle_migrations set created_at = $1 where created_at = (select max(created_at) from drizzle.__drizzle_migrations)',
      [when],
    );
  await migratedTo(NEWEST + 1);
  expect(await ready(stage)).toMatchObject({ status: 'ready', migrations: 'newer' });
  expect((await stage.browser().get('/health/ready')).status).toBe(200);
  await migratedTo(NEWEST - 1);
  expect(await ready(stage)).toMatchObject({ status: 'not ready', migrations: 'pending' });
  expect((await stage.browser().get('/health/ready')).status).toBe(503);
  await stage.database.owner('drop function slotwell_migrated_to()');
  expect(await ready(stage)).toMatchObject({ status: 'not ready', database: 'ok', migrations: 'pending' });
  expect((await stage.browser().get('/health')).status).toBe(200);
});

test('messages and calls that are due and not done are told in seconds, by nobody’s name', async () => {
  const stage = await serve({ hours: 'Sun-Sat 0-24', now: '2026-03-02T00:00:00Z' });
  const visitor = stage.browser();
  const book = '/m/min-ji/talk/book?start=2026-03-05T10:00:00Z';
  await visitor.get(book);
  await visitor.post(book, { name: 'Ada Quill', email: 'ada@quill.example', start: '2026-03-05T10:00:00Z' });
  await stage.settled();
  stage.at('2026-03-02T00:01:30Z');
  const soon = await ready(stage);
  expect(soon).toMatchObject({ queue: { state: 'ok', oldestMessageSeconds: 90, oldestJobSeconds: 90 } });
  stage.at('2026-03-02T00:20:00Z');
  expect(await ready(stage)).toMatchObject({ status: 'ready', queue: { state: 'late', oldestMessageSeconds: 1200 } });
  expect(JSON.stringify(soon)).not.toMatch(/quill|Ada/i);
  await stage.database.owner('update booking_notifications set sent_at = now()');
  await stage.database.owner('update jobs set done_at = now()');
  expect(await ready(stage)).toMatchObject({ queue: { state: 'ok', oldestMessageSeconds: 0, oldestJobSeconds: 0 } });
});

test('while the database is away the server lives and is not ready', async () => {
  const wire = openPgWire('postgresql://nobody@127.0.0.1:1/nowhere');
  onTestFinished(() => wire.end());
  const stage = await serve({ wire });
  expect(await ready(stage)).toMatchObject({ status: 'not ready', database: 'away' });
  expect((await stage.browser().get('/health/ready')).status).toBe(503);
  expect((await stage.browser().get('/health')).status).toBe(200);
});
