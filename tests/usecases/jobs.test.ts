import { describe, expect, onTestFinished, test } from 'vitest';
import { schedulingOf } from '~/compose';
import type { App } from '~/context';
import { DAY, HOUR, MINUTE, type Instant } from '~/domain/time/instant';
import { findZone } from '~/domain/time/zones';
import { schedulerCalls, startScheduler } from '~/services/jobs/scheduler.node';
import { bookSlot } from '~/usecases/bookings/book-slot';
import { cancelBooking } from '~/usecases/bookings/cancel-booking';
import { rescheduleBooking } from '~/usecases/bookings/reschedule-booking';
import { sweepNotifications } from '~/usecases/notifications/sweep-notifications';
import { loopback, type Fault } from '../support/loopback';
import { scene, type Scene } from '../support/scene';

const NOW = '2026-03-01T00:00:00Z';
/** Wednesday nine o'clock in Seoul. */
const START = Date.parse('2026-03-04T00:00:00Z');
const zone = findZone('Asia/Kathmandu') ?? expect.unreachable();

async function book(stage: Scene, start: Instant = START, app: App = stage.app): Promise<string> {
  const key = crypto.randomUUID();
  const outcome = await bookSlot(app, {
    mentor: { slug: stage.mentor.slug },
    type: { slug: stage.mentor.typeSlug },
    start,
    name: 'Asha Rai',
    email: `${key}@people.example`,
    timeZone: zone,
    locale: 'en',
    requestKey: key,
    clientAddress: key,
  });
  await stage.settled();
  return outcome.kind === 'booked' ? outcome.token : expect.unreachable();
}

/** The stage with a scheduler that works when told to, over a real connection. */
async function machine(stage: Scene, fault?: (call: { path: string; body: string; number: number }) => Fault) {
  const server = await loopback(stage.app, fault);
  onTestFinished(server.close);
  const calls = schedulerCalls({ ...schedulingOf(stage.app), baseUrl: server.baseUrl });
  const callsOf = (name: string) => server.calls.filter(({ path }) => path === `/api/jobs/${name}`);
  return { ...calls, baseUrl: server.baseUrl, mostAtOnce: server.mostAtOnce, callsOf };
}

/** What was sent, by type and recipient, in order. */
async function sentTypes({ sent, database }: Scene): Promise<string[]> {
  const rows = await database.owner(`select id, type || ' to ' || recipient as what from booking_notifications`);
  const names = new Map(rows.map(({ id, what }) => [`notification:${String(id)}`, String(what)]));
  return sent.map(({ idempotencyKey }) => names.get(idempotencyKey) ?? '?').sort();
}

const both = (type: string) => [`${type} to booker`, `${type} to mentor`];

describe('reminders', () => {
  test('fire 24 hours and one hour before, neither earlier nor again', async () => {
    const stage = await scene({ now: NOW });
    await book(stage);
    const { runDue } = await machine(stage);
    await runDue();
    expect(await sentTypes(stage)).toEqual(both('confirmed'));
    stage.at(START - DAY - 1);
    await runDue();
    expect(await sentTypes(stage)).toEqual(both('confirmed'));
    stage.at(START - DAY);
    await runDue();
    expect(await sentTypes(stage)).toEqual([...both('confirmed'), ...both('reminder-24h')]);
    stage.at(START - HOUR - 1);
    await runDue();
    expect(stage.sent.length).toBe(4);
    stage.at(START - HOUR);
    await runDue();
    expect(await sentTypes(stage)).toEqual([...both('confirmed'), ...both('reminder-1h'), ...both('reminder-24h')]);
    for (const later of [START, START + HOUR, START + DAY]) {
      stage.at(later);
      await runDue();
    }
    expect(stage.sent.length).toBe(6);
  });

  test('of a booking that moved fire for the new time alone', async () => {
    const stage = await scene({ now: NOW });
    const token = await book(stage);
    expect((await rescheduleBooking(stage.app, token, START + 2 * DAY)).kind).toBe('moved');
    await stage.settled();
    const { runDue } = await machine(stage);
    for (const moment of [START - DAY, START - HOUR, START + DAY - 1]) {
      stage.at(moment);
      await runDue();
    }
    expect(await sentTypes(stage)).toEqual(both('rescheduled'));
    stage.at(START + DAY);
    await runDue();
    stage.at(START + 2 * DAY - HOUR);
    await runDue();
    expect(await sentTypes(stage)).toEqual([...both('reminder-1h'), ...both('reminder-24h'), ...both('rescheduled')]);
  });

  test('of a booking that was cancelled do not fire', async () => {
    const stage = await scene({ now: NOW });
    const token = await book(stage);
    const { runDue } = await machine(stage);
    await runDue();
    await cancelBooking(stage.app, { kind: 'booker', token });
    await stage.settled();
    for (const moment of [START - DAY, START - HOUR, START]) {
      stage.at(moment);
      await runDue();
    }
    expect(await sentTypes(stage)).toEqual([...both('cancelled'), ...both('confirmed')]);
  });

  test('that come so late that the session has begun are not sent', async () => {
    const stage = await scene({ now: NOW });
    await book(stage);
    const { runDue } = await machine(stage);
    await runDue();
    stage.at(START + MINUTE);
    await runDue();
    expect(await sentTypes(stage)).toEqual(both('confirmed'));
  });
});

describe('a call that fails', () => {
  test('before the work: it is made again later, and the message sent once', async () => {
    const stage = await scene({ now: NOW });
    await book(stage);
    const { runDue } = await machine(stage, ({ number }) => (number <= 3 ? { breaks: 'before' } : {}));
    await runDue();
    stage.at(Date.parse(NOW) + 15_000);
    await runDue();
    expect(await sentTypes(stage)).toEqual(both('confirmed'));
  });

  test('after the work: it is made again, and nothing is sent twice', async () => {
    const stage = await scene({ now: NOW });
    await book(stage);
    const { runDue, callsOf } = await machine(stage, ({ path, number }) =>
      path.endsWith('notification') && number <= 3 ? { breaks: 'after' } : {},
    );
    await runDue();
    stage.at(Date.parse(NOW) + 15_000);
    await runDue();
    expect(callsOf('notification').length).toBeGreaterThan(2);
    expect(await sentTypes(stage)).toEqual(both('confirmed'));
  });

  test('pauses grow, and the eighth attempt is the last', async () => {
    const stage = await scene({ now: NOW });
    const { runDue, callsOf } = await machine(stage, ({ path }) =>
      path.endsWith('notification') ? { answer: new Response(null, { status: 500 }) } : {},
    );
    await stage.app.jobs.enqueue([
      { name: 'notification', body: { id: crypto.randomUUID() }, runAt: Date.parse(NOW), dedupKey: 'one' },
    ]);
    const pauses: number[] = [];
    for (let attempt = 1; attempt < 8; attempt += 1) {
      await runDue();
      expect(callsOf('notification').length).toBe(attempt);
      const [row] = await stage.database.owner(
        `select extract(epoch from run_at) * 1000 as at from jobs where dedup_key = 'one'`,
      );
      pauses.push(Number(row?.at) - stage.app.clock());
      stage.at(Number(row?.at) - 1);
      await runDue();
      expect(callsOf('notification').length).toBe(attempt);
      stage.at(Number(row?.at));
    }
    await runDue();
    pauses.forEach((pause, i) => {
      expect(pause).toBeGreaterThanOrEqual(7_500 * 2 ** i);
      expect(pause).toBeLessThanOrEqual(15_000 * 2 ** i);
    });
    const [row] = await stage.database.owner(
      `select attempts, error, failed_at is not null as failed from jobs where dedup_key = 'one'`,
    );
    expect(row).toEqual({ attempts: 8, error: 'answer 500', failed: true });
    stage.at(START);
    await runDue();
    expect(callsOf('notification').length).toBe(8);
  });

  test('with a time to come back: not before that', async () => {
    const stage = await scene({ now: NOW });
    const { runDue, callsOf } = await machine(stage, ({ path, number }) =>
      path.endsWith('notification') && number < 3
        ? { answer: new Response(null, { status: 503, headers: { 'Retry-After': '120' } }) }
        : {},
    );
    await stage.app.jobs.enqueue([
      { name: 'notification', body: { id: crypto.randomUUID() }, runAt: Date.parse(NOW), dedupKey: 'one' },
    ]);
    await runDue();
    stage.at(Date.parse(NOW) + 119_000);
    await runDue();
    expect(callsOf('notification').length).toBe(1);
    stage.at(Date.parse(NOW) + 120_000);
    await runDue();
    expect(callsOf('notification').length).toBe(2);
  });
});

test('each callback delivered five times, in random order and at once, has one effect', async () => {
  const stage = await scene({ now: NOW, hours: 'Mon-Sun 0-24' });
  for (let i = 0; i < 4; i += 1) await book(stage, START + i * HOUR);
  stage.at(START - HOUR);
  const { baseUrl } = await machine(stage);
  const { sign } = schedulingOf(stage.app);
  const jobs = await stage.database.owner(`select body from jobs where name = 'notification'`);
  expect(jobs.length).toBe(24);
  const deliveries = jobs
    .flatMap(({ body }) => Array.from({ length: 5 }, () => JSON.stringify(body)))
    .map((body) => ({ body, place: Math.random() }))
    .sort((a, b) => a.place - b.place);
  const path = '/api/jobs/notification';
  await Promise.all(
    deliveries.map(async ({ body }) =>
      fetch(baseUrl + path, { method: 'POST', headers: await sign(path, body), body }),
    ),
  );
  // At START − 1 h due are all confirmations, and the reminders of one hour and of a day that are not overtaken.
  const keys = stage.sent.map(({ idempotencyKey }) => idempotencyKey);
  expect(new Set(keys).size).toBe(keys.length);
  const rows = await stage.database.owner(
    `select count(*) filter (where sent_at is not null)::int as sent,
            count(*) filter (where sent_at is null and withdrawn_at is null and due_at <= to_timestamp($1))::int as open
     from booking_notifications`,
    [(START - HOUR) / 1000],
  );
  expect(rows).toEqual([{ sent: keys.length, open: 0 }]);
});

test('a thousand due at once are called once each, a few at a time, in bounded claims', async () => {
  const stage = await scene({ now: NOW });
  await stage.app.jobs.enqueue(
    Array.from({ length: 1_000 }, (_, i) => ({
      name: 'notification',
      body: { id: crypto.randomUUID() },
      runAt: Date.parse(NOW) - i,
      dedupKey: `${i}`,
    })),
  );
  const { queue, ...scheduling } = schedulingOf(stage.app);
  const claims: number[] = [];
  const server = await loopback(stage.app);
  onTestFinished(server.close);
  const { runDue } = schedulerCalls({
    ...scheduling,
    baseUrl: server.baseUrl,
    queue: {
      ...queue,
      claim: async (terms) => {
        const claimed = await queue.claim(terms);
        claims.push(claimed.length);
        return claimed;
      },
    },
  });
  expect(await runDue()).toBe(1_001);
  expect(new Set(server.calls.map(({ body }) => body)).size).toBe(1_001);
  expect(server.calls.length).toBe(1_001);
  expect(server.mostAtOnce()).toBeLessThanOrEqual(5);
  expect(Math.max(...claims)).toBeLessThanOrEqual(10);
  expect(await stage.database.owner(`select count(*)::int from jobs where done_at is null`)).toEqual([{ count: 1 }]);
}, 60_000);

test('two schedulers on one database share the work: every call is made once', async () => {
  const stage = await scene({ now: NOW });
  await stage.app.jobs.enqueue(
    Array.from({ length: 100 }, (_, i) => ({
      name: 'notification',
      body: { id: crypto.randomUUID() },
      runAt: Date.parse(NOW),
      dedupKey: `${i}`,
    })),
  );
  const [one, other] = [await machine(stage), await machine(stage)];
  const made = await Promise.all([one.runDue(), other.runDue()]);
  expect(made[0] + made[1]).toBe(101);
  const bodies = [...one.callsOf('notification'), ...other.callsOf('notification')].map(({ body }) => body);
  expect(new Set(bodies).size).toBe(100);
});

describe('the sweep', () => {
  test('is called every five minutes, whatever was slept through', async () => {
    const stage = await scene({ now: NOW });
    const { runDue, callsOf } = await machine(stage);
    await runDue();
    await runDue();
    expect(callsOf('sweep').length).toBe(1);
    stage.at(Date.parse(NOW) + 5 * MINUTE - 1);
    await runDue();
    expect(callsOf('sweep').length).toBe(1);
    stage.at(Date.parse(NOW) + 5 * MINUTE);
    await runDue();
    expect(callsOf('sweep').length).toBe(2);
    stage.at(Date.parse(NOW) + 3 * DAY);
    await runDue();
    // The one that waited since, and that of now.
    expect(callsOf('sweep').length).toBe(4);
  });

  test('sends what could not be enqueued after its booking', async () => {
    const stage = await scene({ now: NOW });
    const withoutQueue: App = {
      ...stage.app,
      jobs: { ...stage.app.jobs, enqueue: () => Promise.reject(new Error('away')) },
      afterwards: (work) => void work().catch(() => undefined),
    };
    await book(stage, START, withoutQueue);
    expect(await stage.database.owner(`select * from jobs`)).toEqual([]);
    const { runDue } = await machine(stage);
    await runDue();
    expect(await sentTypes(stage)).toEqual(both('confirmed'));
    stage.at(START - DAY);
    await runDue();
    expect(stage.sent.length).toBe(4);
  });

  test('begins anew, an hour later, what was given up or lost; two sweeps at once begin it once', async () => {
    const stage = await scene({ now: NOW });
    await book(stage);
    const { owner } = stage.database;
    // Of the two that are due one is given up, the other lost.
    await owner(`update jobs set failed_at = run_at where run_at = $1`, [NOW]);
    await owner(`delete from jobs where id = (select min(id::text)::uuid from jobs where run_at = $1)`, [NOW]);
    const open = async () => (await owner(`select count(*)::int from jobs where failed_at is null`))[0]?.count;
    expect(await open()).toBe(4);
    stage.at(Date.parse(NOW) + HOUR);
    await sweepNotifications(stage.app);
    expect(await open()).toBe(4);
    stage.at(Date.parse(NOW) + HOUR + 1);
    await Promise.all([sweepNotifications(stage.app), sweepNotifications(stage.app)]);
    expect(await open()).toBe(6);
    const { runDue } = await machine(stage);
    await runDue();
    expect(await sentTypes(stage)).toEqual(both('confirmed'));
  });

  test('enqueues more than one batch, and a second sweep finds nothing left', async () => {
    const stage = await scene({ now: NOW });
    await book(stage);
    await stage.database.owner(`delete from jobs`);
    await stage.database.owner(
      `insert into booking_notifications (id, booking_id, type, channel, recipient, sequence, due_at, created_at)
       select gen_random_uuid(), (select id from bookings), 'confirmed', 'mail', 'booker', n, '${NOW}', '${NOW}'
       from generate_series(1, 500) n`,
    );
    await sweepNotifications(stage.app);
    const count = async () => (await stage.database.owner(`select count(*)::int from jobs`))[0]?.count;
    expect(await count()).toBe(500);
    await sweepNotifications(stage.app);
    expect(await count()).toBe(500);
  });

  test('is not stopped by what nobody takes: the others are noted, what has expired is removed, and it says so', async () => {
    const stage = await scene({ now: NOW });
    await book(stage);
    await stage.database.owner(`update booking_notifications set enqueued_at = null`);
    await stage.database.owner(
      `insert into rate_limit_counters values ('old', '${NOW}'::timestamptz - interval '2 days', 1, '${NOW}'::timestamptz - interval '1 day')`,
    );
    const picky: App = {
      ...stage.app,
      jobs: { ...stage.app.jobs, enqueue: (jobs) => Promise.resolve(jobs.slice(1)) },
    };
    await expect(sweepNotifications(picky)).rejects.toMatchObject({ name: 'ServiceError' });
    const waiting = `select count(*)::int as n from booking_notifications where enqueued_at is null`;
    expect(await stage.database.owner(waiting)).toEqual([{ n: 1 }]);
    expect(await stage.database.owner(`select key from rate_limit_counters where key = 'old'`)).toEqual([]);
  });

  test('removes old jobs, counters and codes, and keeps what is still of use', async () => {
    const stage = await scene({ now: NOW });
    const { owner } = stage.database;
    const ago = (days: number) => `'${NOW}'::timestamptz - interval '${days} days'`;
    await owner(
      `insert into jobs (id, name, body, dedup_key, run_at, done_at, failed_at, created_at) values
        (gen_random_uuid(), 'sweep', '{}', 'done long ago', ${ago(8)}, ${ago(8)}, null, ${ago(8)}),
        (gen_random_uuid(), 'sweep', '{}', 'done', ${ago(6)}, ${ago(6)}, null, ${ago(6)}),
        (gen_random_uuid(), 'sweep', '{}', 'failed long ago', ${ago(91)}, null, ${ago(91)}, ${ago(91)}),
        (gen_random_uuid(), 'sweep', '{}', 'failed', ${ago(8)}, null, ${ago(8)}, ${ago(8)}),
        (gen_random_uuid(), 'sweep', '{}', 'open', ${ago(100)}, null, null, ${ago(100)})`,
    );
    await owner(
      `insert into rate_limit_counters (key, window_start, count, expires_at) values
        ('old', ${ago(2)}, 1, ${ago(1)}), ('new', ${ago(1)}, 1, ${ago(-1)})`,
    );
    await owner(
      `insert into sign_in_codes (id, account_id, code_hash, expires_at, created_at) values
        (gen_random_uuid(), $1, 'old', ${ago(2)}, ${ago(2)}), (gen_random_uuid(), $1, 'new', ${ago(0.5)}, ${ago(0.5)})`,
      [stage.mentor.accountId],
    );
    await sweepNotifications(stage.app);
    const texts = async (sql: string) => (await owner(sql)).map(({ text }) => text);
    expect(await texts(`select dedup_key as text from jobs order by 1`)).toEqual(['done', 'failed', 'open']);
    expect(await texts(`select key as text from rate_limit_counters`)).toEqual(['new']);
    expect(await texts(`select code_hash as text from sign_in_codes`)).toEqual(['new']);
  });
});

test('the next look is when the soonest job is due, or when a dead claimer’s lock expires', async () => {
  const stage = await scene({ now: NOW });
  const { queue } = schedulingOf(stage.app);
  const now = Date.parse(NOW);
  expect(await queue.nextAt(now)).toBe(null);
  const job = (runAt: Instant) => ({ name: 'sweep' as const, body: {}, runAt, dedupKey: String(runAt) });
  await queue.insert([job(now + 7), job(now), job(now + 5)], now);
  expect(await queue.nextAt(now)).toBe(now);
  const [claimed] = await queue.claim({ now, lockedUntil: now + 3, atMost: 10 });
  expect(await queue.nextAt(now)).toBe(now + 3);
  await queue.finish(claimed?.id ?? '', now);
  expect(await queue.nextAt(now)).toBe(now + 5);
  await queue.claim({ now: now + 5, lockedUntil: now + 90, atMost: 10 });
  expect(await queue.nextAt(now + 5)).toBe(now + 7);
});

describe('the running scheduler', () => {
  /** Waits until something is so; it is asked after every call. */
  function watch() {
    const waiting: { isSo: () => boolean; resolve: () => void }[] = [];
    return {
      look: () => waiting.filter(({ isSo }) => isSo()).forEach(({ resolve }) => resolve()),
      until: (isSo: () => boolean) =>
        isSo() ? Promise.resolve() : new Promise<void>((resolve) => waiting.push({ isSo, resolve })),
    };
  }

  test('wakes for what is enqueued while it sleeps', async () => {
    const watched = watch();
    const ear: { wake?: (runAt: Instant) => void } = {};
    const stage = await scene({ now: NOW, onEnqueued: (runAt) => ear.wake?.(runAt) });
    const server = await loopback(stage.app, () => (setImmediate(watched.look), {}));
    const scheduler = startScheduler({
      ...schedulingOf(stage.app),
      baseUrl: server.baseUrl,
      report: (error) => expect.unreachable(String(error)),
    });
    onTestFinished(async () => {
      await scheduler.stop();
      await server.close();
    });
    ear.wake = scheduler.wake;
    await watched.until(() => server.calls.length === 1);
    await book(stage);
    await watched.until(() => server.calls.length === 3);
  });

  test('stops gracefully: the call under way ends and is noted, the rest is given back untried', async () => {
    const stage = await scene({ now: NOW });
    const watched = watch();
    let open = () => undefined as void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const server = await loopback(stage.app, () => (setImmediate(watched.look), { until: gate }));
    onTestFinished(server.close);
    await stage.app.jobs.enqueue(
      Array.from({ length: 9 }, (_, i) => ({
        name: 'notification',
        body: { id: crypto.randomUUID() },
        runAt: Date.parse(NOW) - 1,
        dedupKey: `${i}`,
      })),
    );
    const scheduler = startScheduler({
      ...schedulingOf(stage.app),
      baseUrl: server.baseUrl,
      report: (error) => expect.unreachable(String(error)),
    });
    await watched.until(() => server.calls.length === 5);
    const stopped = scheduler.stop();
    open();
    await stopped;
    expect(server.calls.length).toBe(5);
    const rows = await stage.database.owner(
      `select count(*) filter (where done_at is not null)::int as done,
              count(*) filter (where done_at is null and attempts = 0 and locked_until is null)::int as untried
       from jobs where name = 'notification'`,
    );
    expect(rows).toEqual([{ done: 5, untried: 4 }]);
    scheduler.wake(0);
    expect(server.calls.length).toBe(5);
  });

  test('takes over at once what a dead one held; without a start the lock gives it back in time', async () => {
    const stage = await scene({ now: NOW });
    const { queue } = schedulingOf(stage.app);
    const job = (key: string) => ({
      name: 'notification' as const,
      body: { id: crypto.randomUUID() },
      runAt: Date.parse(NOW),
      dedupKey: key,
    });
    const held = { now: Date.parse(NOW), lockedUntil: Date.parse(NOW) + 90_000, atMost: 10 };

    await stage.app.jobs.enqueue([job('one')]);
    expect((await queue.claim(held)).length).toBe(1);
    const watched = watch();
    const { runDue, callsOf, baseUrl } = await machine(stage, () => (setImmediate(watched.look), {}));
    await runDue();
    expect(callsOf('notification').length).toBe(0);
    stage.at(held.lockedUntil);
    await runDue();
    expect(callsOf('notification').length).toBe(1);

    await stage.app.jobs.enqueue([job('two')]);
    expect((await queue.claim({ ...held, now: held.lockedUntil, lockedUntil: START })).length).toBe(1);
    const scheduler = startScheduler({
      ...schedulingOf(stage.app),
      baseUrl,
      report: (error) => expect.unreachable(String(error)),
    });
    await watched.until(() => callsOf('notification').length === 2);
    await scheduler.stop();
  });

  test('tells that the database is away, and goes on when it is back', async () => {
    const stage = await scene({ now: NOW });
    const { queue, ...scheduling } = schedulingOf(stage.app);
    const watched = watch();
    const server = await loopback(stage.app, () => (setImmediate(watched.look), {}));
    const reported: unknown[] = [];
    let failures = 1;
    const scheduler = startScheduler({
      ...scheduling,
      queue: {
        ...queue,
        claim: (terms) => {
          failures -= 1;
          return failures >= 0 ? Promise.reject(new Error('away')) : queue.claim(terms);
        },
      },
      baseUrl: server.baseUrl,
      report: (error) => reported.push(error),
    });
    onTestFinished(async () => {
      await scheduler.stop();
      await server.close();
    });
    await watched.until(() => server.calls.length === 1);
    expect(reported.length).toBe(1);
  });
});
