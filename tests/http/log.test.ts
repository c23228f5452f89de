import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, test } from 'vitest';
import { measuredWire } from '~/data/measured-wire';
import { openDatabase } from '~/data/database';
import { system, visitor } from '~/data/actor';
import { openMeter } from '~/http/meter';
import { routeTable } from '~/http/route-table';
import { sql } from 'drizzle-orm';
import { freshDatabase } from '../support/database';
import { SITE } from '../support/scene';
import { serve } from '../support/server';

test('every request is one line: when, what was asked of which route, how it went, how long, how many journeys', async () => {
  const { browser, lines } = await serve({ hours: 'Sun-Sat 0-24' });
  const { headers } = await browser().get('/m/min-ji/talk?tz=Asia/Seoul');
  expect(lines).toEqual([
    {
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      level: 'info',
      id: headers.get('x-request-id'),
      route: '/m/:mentor/:type',
      method: 'GET',
      status: 200,
      ms: expect.any(Number),
      trips: 1,
    },
  ]);
  expect(headers.get('server-timing')).toMatch(/total;dur=[\d.]+, db;dur=[\d.]+;desc="1 round trip"/);
});

test('nothing personal reaches the log, from the first look to the cancellation, nor in a fault', async () => {
  const { app, browser, database, fetch, lines, mentor, sent, settled } = await serve({ hours: 'Sun-Sat 0-24' });
  const visitor = browser('203.0.113.77');
  const book = '/m/min-ji/talk/book?start=2026-03-03T10:00:00Z';
  await visitor.get(book);
  const typed = {
    name: 'Ada Quillfeather',
    email: 'ada@quill.example',
    message: 'My secret worry',
    start: '2026-03-03T10:00:00Z',
  };
  const booked = await visitor.post(book, typed);
  expect(booked.status).toBe(303);
  await settled();
  const token = booked.location?.split(/[/?]/)[2] ?? '';
  await visitor.get(booked.location ?? '');
  await visitor.get(`/b/${token}/invite.ics`);
  await visitor.get(`/b/${token}/cancel`);
  expect((await visitor.post(`/b/${token}/cancel`, { reason: 'A private reason' })).status).toBe(303);
  await settled();
  await visitor.get('/nobody/ada@quill.example/here');
  await fetch(new Request(`${SITE}/${token}`, { method: 'ADA-QUILLFEATHER' }));
  await visitor.get('/sign-in');
  await visitor.post('/sign-in', { email: mentor.email });
  await settled();
  const code = /\b\d{6}\b/.exec(sent.at(-1)?.text ?? '')?.[0] ?? 'no code';
  await visitor.post('/sign-in/code', { code });
  await visitor.get('/desk/bookings');
  // A fault whose message quotes what somebody typed.
  await database.owner('alter table bookings rename column email to mail');
  await visitor.get(book);
  await visitor.post(book, typed);

  const all = JSON.stringify(lines);
  const never = [token, 'Ada', 'QUILL', 'quill', 'secret', 'private reason', '203.0.113', 'min-ji', code, mentor.id];
  for (const word of [...never, ...visitor.cookies.values(), ...app.config.secrets]) expect(all).not.toContain(word);
  expect(lines.some(({ level }) => level === 'error')).toBe(true);
  expect(lines.map(({ route }) => route)).toEqual(
    expect.arrayContaining(['/b/:token', '/b/:token/invite.ics', '*', '/sign-in/code', '/desk/bookings']),
  );
});

test('whoever goes before the answer is no fault of ours: 499, and what was being sent is told too', async () => {
  const { fetch, lines } = await serve({ hours: 'Sun-Sat 0-24' });
  const leaving = new AbortController();
  const left = fetch(new Request(`${SITE}/m/min-ji/talk`, { signal: leaving.signal }));
  leaving.abort();
  await left.catch(() => undefined);
  const broken = new ReadableStream({
    pull(controller) {
      controller.error(new Error('aborted'));
    },
  });
  const upload: RequestInit & { duplex: 'half' } = {
    method: 'POST',
    body: broken,
    duplex: 'half',
    headers: { 'Content-Type': 'application/json' },
  };
  await fetch(new Request(`${SITE}/api/bookings`, upload));
  expect(lines.map(({ level, route, status }) => ({ level, route, status }))).toEqual([
    { level: 'info', route: '/m/:mentor/:type', status: 499 },
    { level: 'info', route: '/api/bookings', status: 400 },
  ]);
});

test('a call of a job says which and what became of it', async () => {
  const { app, fetch, lines } = await serve();
  const refused = await fetch(new Request(`${SITE}/api/jobs/sweep`, { method: 'POST' }));
  expect(refused.status).toBe(401);
  expect(lines.at(-1)).not.toHaveProperty('job');
  const { signCall } = await import('~/services/jobs/signature');
  const { secrets, siteUrl } = app.config;
  const headers = await signCall({ secrets, siteUrl, clock: app.clock }, '/api/jobs/sweep', '{}');
  const done = await fetch(
    new Request(`${SITE}/api/jobs/sweep`, {
      method: 'POST',
      body: '{}',
      headers: { ...headers, 'Content-Type': 'application/json' },
    }),
  );
  expect(done.status).toBe(204);
  expect(lines.at(-1)).toMatchObject({ route: '/api/jobs/:job', job: 'sweep', outcome: 'done', status: 204 });
});

test('journeys are counted for the request that made them, those of others at the same time are not', async () => {
  const { wire, roundTrips } = await freshDatabase();
  const meter = openMeter(new AsyncLocalStorage());
  const db = openDatabase(measuredWire(wire, meter.depart));
  const slow = sql`select pg_sleep(0.02)`;
  const [one, two, none, failed] = await Promise.all([
    meter.measure(() => db.read(visitor, (tx) => Promise.all([tx.execute(slow), tx.execute(slow)]))),
    meter.measure(() =>
      db.write(system('test'), async (tx) => {
        await tx.execute(slow);
        await tx.execute(slow);
      }),
    ),
    meter.measure(() => Promise.resolve('nothing')),
    meter.measure(() => db.read(visitor, (tx) => tx.execute(sql`select 1 / 0`)).catch(() => 'failed')),
  ]);
  // The transaction's commit is its third.
  expect([one, two, none, failed].map(({ costs }) => costs.roundTrips)).toEqual([1, 3, 0, 1]);
  expect(roundTrips()).toBe(5);
  expect(one.costs.waitedMs).toBeGreaterThanOrEqual(40);
  expect(one.ms).toBeGreaterThanOrEqual(one.costs.waitedMs);
  expect([none.result, none.costs.waitedMs]).toEqual(['nothing', 0]);
});

test('finding a route takes no time that counts', async () => {
  const module = { loader: 1 };
  const paths = Array.from({ length: 60 }, (_, i) => `desk/${i}/:a/part-${i}/:b`);
  const find = routeTable(Object.fromEntries(paths.map((path) => [path, { id: path, path, module }])));
  const startedAt = performance.now();
  for (let i = 0; i < 1_000; i += 1) find('/desk/59/some-token/part-59/other');
  expect(performance.now() - startedAt).toBeLessThan(100);
  expect(find('/desk/59/some-token/part-59/other').pattern).toBe('/desk/59/:a/part-59/:b');
});
