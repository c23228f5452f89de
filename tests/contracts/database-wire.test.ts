import { neonConfig } from '@neondatabase/serverless';
import { sql } from 'drizzle-orm';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { booker, mentor, system, visitor } from '~/data/actor';
import { openDatabase, type Wire } from '~/data/database';
import { openNeonWire } from '~/data/neon-wire.worker';
import { openPgWire } from '~/data/pg-wire.node';
import { isDatabaseAway } from '~/http/faults';
import { accounts, bookings, mentors, sessionTypes } from '~db/schema';
import { freshDatabase, type TestDatabase } from '../support/database';
import { startNeonService, type NeonService } from '../support/neon-service';

interface Opened {
  readonly wire: Wire;
  readonly trips: () => number;
  readonly test: TestDatabase;
}

async function overPg(): Promise<Opened> {
  const test = await freshDatabase();
  let trips = 0;
  const wire = openPgWire(test.url, { onRoundTrip: () => (trips += 1) });
  onTestFinished(() => wire.end());
  return { wire, test, trips: () => trips };
}

/** Leads the driver to the stand-in: under Node, whose WebSockets are those of `ws`. */
function useService({ host }: NeonService): void {
  neonConfig.fetchEndpoint = () => `http://${host}/sql`;
  neonConfig.wsProxy = () => `${host}/v2`;
  neonConfig.useSecureWebSocket = false;
  neonConfig.webSocketConstructor = WebSocket;
}

async function overNeon(): Promise<Opened> {
  const test = await freshDatabase();
  const service = await startNeonService(inject('postgresUrl'));
  useService(service);
  let trips = 0;
  const ending: Promise<unknown>[] = [];
  const wire = openNeonWire(service.connectionString(new URL(test.url).pathname.slice(1)), {
    waitUntil: (work) => ending.push(work),
    onRoundTrip: () => (trips += 1),
  });
  onTestFinished(async () => {
    await Promise.all(ending);
    await service.close();
  });
  return { wire, test, trips: () => trips };
}

const statement = (text: string, params: readonly unknown[] = []) => ({ sql: text, params });
const one = async (wire: Wire, text: string, params?: readonly unknown[]) =>
  (await wire.batch([statement(text, params)], 'read only'))[0]?.rows[0]?.[0];

/** What a failed statement of ours looks like, wherever the driver hid it. */
async function failureOf(work: Promise<unknown>): Promise<{ code?: string; constraint?: string; detail?: string }> {
  try {
    await work;
  } catch (error) {
    let cause = error as Error;
    while (cause.cause instanceof Error) cause = cause.cause;
    return cause as { code?: string; constraint?: string };
  }
  throw new Error('nothing failed');
}

describe.each([
  ['pg', overPg],
  ['Neon', overNeon],
])('%s', (_, open) => {
  test('a batch is one round trip and one transaction', async () => {
    const { wire, trips } = await open();
    const text = 'select pg_current_snapshot()::text, pg_backend_pid(), now()::text';
    const [first, second] = await wire.batch([statement(text), statement(text)], 'read only');
    expect(first?.rows).toEqual(second?.rows);
    expect(trips()).toBe(1);
  });

  test('a reading batch cannot write; a writing one is committed whole or not at all', async () => {
    const { wire, test } = await open();
    const insert = statement('insert into rate_limit_counters values ($1, now(), 1, now())', ['a']);
    expect((await failureOf(wire.batch([insert], 'read only'))).code).toBe('25006');
    expect((await failureOf(wire.batch([insert, statement('select 1/0')], 'read write'))).code).toBe('22012');
    expect(await test.owner('select key from rate_limit_counters')).toEqual([]);
    await wire.batch([insert], 'read write');
    expect(await test.owner('select key from rate_limit_counters')).toEqual([{ key: 'a' }]);
  });

  test('what is sent together in a transaction is one round trip, and the commit another', async () => {
    const { wire, trips } = await open();
    const answers = await wire.transaction(async (send) => [
      ...(await send([statement('select 1'), statement('select $1::int', [2]), statement('select 3 where false')])),
      ...(await send([statement('select 4')])),
    ]);
    expect(answers).toEqual([{ rows: [[1]] }, { rows: [[2]] }, { rows: [] }, { rows: [[4]] }]);
    expect(trips()).toBe(3);
  });

  test('a transaction whose work throws leaves nothing', async () => {
    const { wire, test } = await open();
    const work = wire.transaction(async (send) => {
      await send([statement('insert into rate_limit_counters values ($1, now(), 1, now())', ['a'])]);
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await test.owner('select key from rate_limit_counters')).toEqual([]);
  });

  test('a failed statement fails the transaction, and the next unit of work is well', async () => {
    const { wire } = await open();
    const work = wire.transaction((send) =>
      send([statement('select 1'), statement('select 1/0'), statement('select 2')]),
    );
    expect((await failureOf(work)).code).toBe('22012');
    expect(await wire.transaction((send) => send([statement('select 1')]))).toEqual([{ rows: [[1]] }]);
    expect((await failureOf(wire.batch([statement('select 1/0')], 'read only'))).code).toBe('22012');
    expect(await one(wire, 'select 1')).toBe(1);
  });

  test('values arrive alike: instants, dates and times as text, numbers and booleans as such', async () => {
    const { wire } = await open();
    const text = `select $1::timestamptz, date '2026-06-11', time '24:00', 7::int4, 7.5::float8, true, null::text,
      9007199254740993::int8, 'ünï 👩🏽‍💻'::text, array['a','b,c']::text[], '{"a":[1]}'::jsonb, 0.10::numeric`;
    const expected = [
      '2026-06-11 01:00:00+00', '2026-06-11', '24:00:00', 7, 7.5, true, null,
      '9007199254740993', 'ünï 👩🏽‍💻', ['a', 'b,c'], { a: [1] }, '0.10',
    ]; // prettier-ignore
    const asked = statement(text, ['2026-06-11T10:00:00+09:00']);
    expect((await wire.batch([asked], 'read only'))[0]?.rows[0]).toEqual(expected);
    expect((await wire.transaction((send) => send([asked])))[0]?.rows[0]).toEqual(expected);
  });

  test('parameters travel alike', async () => {
    const { wire } = await open();
    const lists = [['a,"b"', '\\{}', '', 'NULL', ' ', null], [1, 2.5, null], [], [[1], [2]]];
    const asked = statement(
      'select $1::text, $2::int, $3::boolean, $4::text, $5::text, $6::text[], $7::float8[], $8::text[], $9::int[]',
      ['a\n\'"\\', -1, false, null, '', ...lists],
    );
    const expected = ['a\n\'"\\', -1, false, null, '', ...lists];
    expect((await wire.batch([asked], 'read only'))[0]?.rows[0]).toEqual(expected);
    expect((await wire.transaction((send) => send([asked])))[0]?.rows[0]).toEqual(expected);
  });

  test('role and actor hold within their unit of work and end with it', async () => {
    const { wire } = await open();
    const db = openDatabase(wire);
    const who = sql`select current_user::text as role, slotwell_actor() as actor, slotwell_key() as key`;
    expect(await db.read(mentor('m1'), (tx) => tx.execute(who))).toEqual([['slotwell_runtime', 'mentor', 'm1']]);
    expect(
      await db.write(booker('hash'), async (tx) => {
        await tx.execute(sql`select 1`);
        return tx.execute(who);
      }),
    ).toEqual([['slotwell_runtime', 'booker', 'hash']]);
    expect(await one(wire, 'select current_user::text')).not.toBe('slotwell_runtime');
    expect(await one(wire, 'select slotwell_actor()')).toBeNull();
  });

  test('row level security holds: a visitor reads no account', async () => {
    const { wire, test } = await open();
    const db = openDatabase(wire);
    await test.owner(`insert into accounts values (gen_random_uuid(), 'a@example.com', 'mentor', 1, now())`);
    expect(await db.read(visitor, (tx) => tx.select().from(accounts))).toEqual([]);
    expect(await db.read(system('test'), (tx) => tx.select().from(accounts))).toHaveLength(1);
    const inserted = db.write(visitor, (tx) =>
      tx.insert(accounts).values({ id: crypto.randomUUID(), email: 'b@example.com', role: 'admin', createdAt: 0 }),
    );
    expect((await failureOf(inserted)).code).toBe('42501');
  });

  test('an overlapping booking is refused by a constraint that has its name', async () => {
    const { wire } = await open();
    const db = openDatabase(wire);
    const [accountId, mentorId, sessionTypeId] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
    await db.write(system('test'), async (tx) => {
      await tx.insert(accounts).values({ id: accountId, email: 'm@example.com', role: 'mentor', createdAt: 0 });
      await tx.insert(mentors).values({
        ...{
          id: mentorId,
          accountId,
          slug: 'm',
          name: 'M',
          headline: '',
          summary: '',
          bio: '',
          languages: ['en', 'ko'],
        },
        ...{ timeZone: 'Asia/Seoul', locale: 'en', createdAt: 0 },
      });
      await tx.insert(sessionTypes).values({
        ...{ id: sessionTypeId, mentorId, slug: 's', title: 'S', description: '', durationMinutes: 60, questions: [] },
        ...{ minimumNoticeMinutes: 0, horizonDays: 30, locationKind: 'video' },
      });
    });
    const book = (id: string, startsAt: number) =>
      db.write(system('test'), (tx) =>
        tx.insert(bookings).values({
          ...{
            id,
            mentorId,
            sessionTypeId,
            startsAt,
            endsAt: startsAt + 3_600_000,
            status: 'confirmed',
            name: 'N',
            email: 'n@example.com',
          },
          ...{
            reserved: { start: startsAt, end: startsAt + 3_600_000 },
            answers: {},
            guests: [],
            timeZone: 'UTC',
            locale: 'en',
          },
          ...{ icalUid: id, manageTokenHash: id, requestKey: id, createdAt: 0, updatedAt: 0 },
        }),
      );
    await book(crypto.randomUUID(), 1_781_139_600_000);
    expect(await failureOf(book(crypto.randomUUID(), 1_781_139_600_000 + 1_800_000))).toMatchObject({
      code: '23P01',
      constraint: 'bookings_no_overlap',
    });
    const [row] = await db.read(system('test'), (tx) => tx.select().from(mentors));
    expect(row?.languages).toEqual(['en', 'ko']);
  });

  test('two transactions at once keep apart', async () => {
    const { wire } = await open();
    const order: string[] = [];
    const work = (name: string) =>
      wire.transaction(async (send) => {
        await send([statement('select pg_advisory_xact_lock(7)')]);
        order.push(`${name} in`);
        await send([statement('select 1')]);
        order.push(`${name} out`);
      });
    await Promise.all([work('a'), work('b')]);
    expect(order.map((entry) => entry.split(' ')[1])).toEqual(['in', 'out', 'in', 'out']);
  });
});

async function neonService(limits = { answerMs: 15_000, connectMs: 5_000 }) {
  const test = await freshDatabase();
  const service = await startNeonService(inject('postgresUrl'));
  onTestFinished(() => service.close());
  useService(service);
  const ending: Promise<unknown>[] = [];
  const waitUntil = (work: Promise<unknown>) => void ending.push(work);
  const connectionString = service.connectionString(new URL(test.url).pathname.slice(1));
  const wire = openNeonWire(connectionString, { waitUntil, limits });
  return { service, wire, ending, test };
}

const READ = [statement('select 1')];
const WRITE = [statement('insert into rate_limit_counters values ($1, now(), 1, now())', ['a'])];

test.each(['unavailable', 'shutdown', 'cut'] as const)(
  'over Neon a batch that only reads is asked again, once, after: %s',
  async (fault) => {
    const { service, wire } = await neonService();
    service.faults.batches.push(fault);
    expect(await wire.batch(READ, 'read only')).toEqual([{ rows: [[1]] }]);
    expect(service.uses.batches).toBe(2);
    service.faults.batches.push(fault, fault);
    await expect(wire.batch(READ, 'read only')).rejects.toThrow();
    expect(service.uses.batches).toBe(4);
  },
);

test('over Neon a batch that writes is never asked again: its answer is lost, not its effect', async () => {
  const { service, wire, test } = await neonService();
  service.faults.batches.push('cut');
  await expect(wire.batch(WRITE, 'read write')).rejects.toSatisfy(isDatabaseAway);
  expect(await test.owner('select key from rate_limit_counters')).toEqual([{ key: 'a' }]);
  service.faults.batches.push('unavailable');
  await expect(wire.batch(WRITE, 'read write')).rejects.toSatisfy(isDatabaseAway);
  expect(service.uses.batches).toBe(2);
});

test('over Neon what Postgres refuses is not asked again', async () => {
  const { service, wire } = await neonService();
  expect((await failureOf(wire.batch([statement('select 1/0')], 'read only'))).code).toBe('22012');
  expect(service.uses.batches).toBe(1);
});

test('over Neon a silent database is given up in time, and not asked again', async () => {
  const { service, wire } = await neonService({ answerMs: 200, connectMs: 200 });
  service.faults.batches.push('silence');
  service.faults.sockets.push('silence');
  for (const work of [wire.batch(READ, 'read only'), wire.transaction((send) => send(READ))])
    await expect(work).rejects.toSatisfy(isDatabaseAway);
  expect(service.uses).toMatchObject({ batches: 1, knocks: 1 });
});

test.each(['page', 'half', 'spent'] as const)(
  'over Neon what is no whole answer of Postgres means that the database is away: %s',
  async (fault) => {
    const { service, wire } = await neonService();
    service.faults.batches.push(fault, fault);
    await expect(wire.batch(READ, 'read only')).rejects.toSatisfy(isDatabaseAway);
  },
);

test('over Neon a transaction whose socket falls silent is given up, and its locks are let go', async () => {
  const { service, wire } = await neonService({ answerMs: 300, connectMs: 5_000 });
  const locking = [statement('select pg_advisory_xact_lock(8)')];
  service.faults.sockets.push('mute');
  await expect(wire.transaction((send) => send(locking))).rejects.toSatisfy(isDatabaseAway);
  await wire.transaction((send) => send(locking));
});

test('over Neon a socket that could not be opened is asked for again, once; work that has begun is not repeated', async () => {
  const { service, wire } = await neonService();
  service.faults.sockets.push('refused');
  expect(await wire.transaction((send) => send(READ))).toEqual([{ rows: [[1]] }]);
  expect(service.uses).toMatchObject({ knocks: 2, sockets: 1 });
  service.faults.sockets.push('refused', 'refused');
  await expect(wire.transaction((send) => send(READ))).rejects.toSatisfy(isDatabaseAway);
  expect(service.uses).toMatchObject({ knocks: 4, sockets: 1 });

  let begun = 0;
  const cut = wire.transaction(async (send) => {
    begun += 1;
    await send(READ);
    service.dropSockets();
    return send(WRITE);
  });
  await expect(cut).rejects.toSatisfy(isDatabaseAway);
  expect(begun).toBe(1);
});

test('over pg a batch that only reads is asked again, once, when its connection died in the pool; no other', async () => {
  const test = await freshDatabase();
  let trips = 0;
  const wire = openPgWire(test.url, { max: 1, onRoundTrip: () => (trips += 1), onIdleError: () => undefined });
  onTestFinished(() => wire.end());
  /** The batch waits for a lock that is held until its connection has been ended. */
  const killed = async (access: 'read only' | 'read write') => {
    const pid = Number(await one(wire, 'select pg_backend_pid()'));
    trips = 0;
    await test.owner('select pg_advisory_lock(7)');
    const batch = wire.batch([statement('select pg_advisory_xact_lock_shared(7)'), statement('select 1')], access);
    const ended = batch.catch(() => undefined);
    await test.owner('select pg_terminate_backend($1, 5000)', [pid]);
    await test.owner('select pg_advisory_unlock(7)');
    await ended;
    return batch;
  };
  expect((await killed('read only'))[1]?.rows).toEqual([[1]]);
  expect(trips).toBe(2);
  await expect(killed('read write')).rejects.toSatisfy(isDatabaseAway);
  expect(trips).toBe(1);
});

test('over Neon a transaction sends as many messages as it has round trips, and leaves no socket behind', async () => {
  const { service, wire, ending } = await neonService();
  await wire.transaction((send) =>
    send([statement('select 1'), statement('select $1::int', [2]), statement('select 3')]),
  );
  // Startup, password and all statements; the commit. The goodbye outlives the answer.
  expect(service.uses).toMatchObject({ sockets: 1, messages: 2 });
  expect(ending).toHaveLength(1);
  await Promise.all(ending);
  await wire.batch([statement('select 1'), statement('select 2')], 'read only');
  expect(service.uses).toMatchObject({ sockets: 1, batches: 1 });
});

test('Neon away is told as such, by both of its protocols, and it comes back by itself', async () => {
  const { service, wire } = await neonService();
  const both = () => [
    wire.batch([statement('select 1')], 'read only'),
    wire.transaction((send) => send([statement('select 1')])),
  ];
  service.isAway = true;
  for (const outcome of await Promise.allSettled(both())) {
    expect(outcome.status === 'rejected' && isDatabaseAway(outcome.reason)).toBe(true);
  }
  service.isAway = false;
  expect(await Promise.all(both())).toEqual([[{ rows: [[1]] }], [{ rows: [[1]] }]]);

  const cut = wire.transaction(async (send) => {
    await send([statement('select 1')]);
    service.dropSockets();
    return send([statement('select 2')]);
  });
  expect(
    isDatabaseAway(
      await cut.then(
        () => null,
        (reason: unknown) => reason,
      ),
    ),
  ).toBe(true);
});
