import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { system } from '~/data/actor';
import { deleteExpiredCounts, takeCounts } from '~/data/limits';
import type { Instant } from '~/domain/time/instant';
import { callerOf, LIMITS, type LimitName, type Limits } from '~/services/limits/limits';
import { postgresLimits } from '~/services/limits/postgres';
import { upstashLimits } from '~/services/limits/upstash';
import { freshDatabase, type TestDatabase } from '../support/database';
import { startUpstashService } from '../support/upstash-service';

interface Stage {
  readonly limits: Limits;
  readonly clock: { now: Instant };
}

const T0 = Date.parse('2026-03-02T00:00:00Z');

async function onPostgres(): Promise<Stage & { database: TestDatabase }> {
  const database = await freshDatabase();
  const clock = { now: T0 };
  const limits = postgresLimits({
    table: {
      take: (counts, now) => database.db.writeAtOnce(system('limits'), (tx) => takeCounts(tx, counts, now)),
    },
    secrets: SECRETS,
    clock: () => clock.now,
  });
  return { limits, clock, database };
}

const SECRETS = ['a secret of at least thirty-two characters'] as const;

/** Its library reads the machine's clock, so that one is moved. Behind it stand Postgres counters. */
async function onUpstash(options: { answerMs?: number; mostFullKeys?: number } = {}) {
  vi.useFakeTimers({ toFake: ['Date'], now: T0 });
  const [service, behind] = await Promise.all([startUpstashService(), onPostgres()]);
  onTestFinished(async () => {
    vi.useRealTimers();
    await service.close();
  });
  const clock = {
    get now() {
      return Date.now();
    },
    set now(instant) {
      vi.setSystemTime(instant);
      behind.clock.now = instant;
    },
  };
  const { url, token } = service;
  const afterwards: Promise<unknown>[] = [];
  const settings = {
    secrets: SECRETS,
    clock: () => Date.now(),
    waitUntil: (work: Promise<unknown>) => void afterwards.push(work),
  };
  const make = (changes: { url?: string; token?: string } = {}) =>
    upstashLimits({ url, token, ...settings, ...changes, otherwise: behind.limits }, options);
  return { limits: make(), make, clock, service, behind, afterwards };
}

const PROVIDERS: Record<string, () => Promise<Stage>> = { 'Postgres counters': onPostgres, Upstash: onUpstash };

const minutes = (n: number) => n * 60_000;
const from = (who: string, limit: LimitName = 'booking-attempts') => ({ limit, who });

describe.each(Object.entries(PROVIDERS))('limits by %s', (_, open) => {
  test('as many as the limit says are allowed, the next is refused with the time until one is free', async () => {
    const { limits, clock } = await open();
    for (let i = 0; i < LIMITS['booking-attempts'].max; i += 1) {
      expect(await limits.take([from('203.0.113.7')])).toEqual({ kind: 'allowed' });
      clock.now += minutes(10);
    }
    const refused = await limits.take([from('203.0.113.7')]);
    expect(refused).toMatchObject({ kind: 'limited', limit: 'booking-attempts' });
    // Where windows are weighted the first moment of the next one is still too early.
    expect([600, 601]).toContain(refused.kind === 'limited' && refused.retryAfterSeconds);
    expect(await limits.take([from('203.0.113.8')])).toEqual({ kind: 'allowed' });
  });

  test('coming back at the promised second is allowed, a second before it is not', async () => {
    const { limits, clock } = await open();
    for (let i = 0; i < 5; i += 1) {
      await limits.take([from('203.0.113.7')]);
      clock.now += 7_001;
    }
    const refused = await limits.take([from('203.0.113.7')]);
    if (refused.kind !== 'limited') throw new Error('was allowed');
    clock.now += (refused.retryAfterSeconds - 1) * 1000;
    expect((await limits.take([from('203.0.113.7')])).kind).toBe('limited');
    clock.now += 1000;
    expect((await limits.take([from('203.0.113.7')])).kind).toBe('allowed');
    expect((await limits.take([from('203.0.113.7')])).kind).toBe('limited');
  });

  test('one call may take twice from the same', async () => {
    const { limits } = await open();
    const twice = [from('203.0.113.7'), from('203.0.113.7')];
    for (const takings of [twice, twice, twice.slice(1)]) expect((await limits.take(takings)).kind).toBe('allowed');
    expect((await limits.take(twice.slice(1))).kind).toBe('limited');
  });

  test('case and blanks around an address make nobody another person', async () => {
    const { limits } = await open();
    for (const who of ['kim@example.com', 'KIM@example.com', ' kim@Example.com ', 'Kim@example.com', 'kim@example.com'])
      await limits.take([from(who, 'sign-in-codes')]);
    expect((await limits.take([from('kim@example.com', 'sign-in-codes')])).kind).toBe('limited');
  });

  test('nobody to count is nobody to refuse', async () => {
    const { limits } = await open();
    expect(await limits.take([])).toEqual({ kind: 'allowed' });
  });
});

/**
 * What only exact windows can promise. Upstash keeps two counters for each key and takes from each key by itself: its
 * windows are weighted, end together, and what is refused by one may have been taken from others.
 */
describe.each([['Postgres counters', onPostgres]])('limits by %s, exactly', (_, open) => {
  test('no window of an hour, wherever it begins, holds more than the limit', async () => {
    const { limits, clock } = await open();
    const allowed: Instant[] = [];
    for (let i = 0; i < 60; i += 1) {
      if ((await limits.take([from('203.0.113.7')])).kind === 'allowed') allowed.push(clock.now);
      clock.now += minutes(3) + i * 1_777;
    }
    expect(allowed.length).toBeGreaterThan(10);
    for (const start of allowed)
      expect(allowed.filter((at) => at >= start && at < start + minutes(60)).length).toBeLessThanOrEqual(5);
  });

  test('refused by one, nothing is taken from the others', async () => {
    const { limits } = await open();
    for (let i = 0; i < 5; i += 1) await limits.take([from('kim@example.com', 'sign-in-codes')]);
    for (let i = 0; i < 10; i += 1)
      expect(
        await limits.take([
          from('203.0.113.7'),
          from('kim@example.com', 'sign-in-codes'),
          from('m', 'sign-in-attempts'),
        ]),
      ).toMatchObject({ kind: 'limited', limit: 'sign-in-codes' });
    for (let i = 0; i < 5; i += 1) expect((await limits.take([from('203.0.113.7')])).kind).toBe('allowed');
    expect((await limits.take([from('203.0.113.7')])).kind).toBe('limited');
  });

  test('refused by two, the one that takes longer is named', async () => {
    const { limits, clock } = await open();
    for (let i = 0; i < 5; i += 1) await limits.take([from('kim@example.com', 'sign-in-codes')]);
    clock.now += minutes(10);
    for (let i = 0; i < 5; i += 1) await limits.take([from('203.0.113.7')]);
    clock.now += minutes(20);
    expect(await limits.take([from('203.0.113.7'), from('kim@example.com', 'sign-in-codes')])).toEqual({
      kind: 'limited',
      limit: 'booking-attempts',
      retryAfterSeconds: 40 * 60,
    });
  });

  test('fifty at the same moment: exactly the limit is allowed, every time', async () => {
    const { limits, clock } = await open();
    for (let round = 0; round < 10; round += 1) {
      const address = from(`203.0.113.${round}`);
      const mentor = from(`mentor ${round}`, 'sign-in-attempts');
      const taken = await Promise.all(
        Array.from({ length: 50 }, (_, i) => {
          clock.now += 1;
          return limits.take(i % 2 === 0 ? [address, mentor] : [mentor, address]);
        }),
      );
      expect(taken.filter(({ kind }) => kind === 'allowed').length).toBe(5);
      expect((await limits.take([mentor])).kind).toBe('allowed');
    }
  });

  test('twice too much takes nothing', async () => {
    const { limits } = await open();
    const twice = [from('203.0.113.7'), from('203.0.113.7')];
    expect((await limits.take(twice)).kind).toBe('allowed');
    expect((await limits.take(twice)).kind).toBe('allowed');
    expect((await limits.take(twice)).kind).toBe('limited');
    expect((await limits.take([from('203.0.113.7')])).kind).toBe('allowed');
  });
});

describe('limits by Upstash', () => {
  const three = [from('203.0.113.7'), from('kim@example.com', 'sign-in-codes'), from('m', 'sign-in-attempts')];

  test('fifty at the same moment: exactly the limit is allowed', async () => {
    const { limits } = await onUpstash();
    const taken = await Promise.all(Array.from({ length: 50 }, () => limits.take([from('203.0.113.7')])));
    expect(taken.filter(({ kind }) => kind === 'allowed').length).toBe(5);
  });

  test('a steady stream gets about as much as the limit says, whatever the hour it begins in', async () => {
    const { limits, clock } = await onUpstash();
    clock.now = T0 + minutes(47);
    let allowed = 0;
    for (let i = 0; i < 240; i += 1) {
      if ((await limits.take([from('203.0.113.7')])).kind === 'allowed') allowed += 1;
      clock.now += minutes(3);
    }
    // Twelve hours.
    expect(allowed).toBeGreaterThanOrEqual(30);
    expect(allowed).toBeLessThanOrEqual(65);
  });

  test('takings of three limits leave in one journey, and the scripts by name', async () => {
    const { limits, service, afterwards } = await onUpstash();
    await limits.take(three);
    // The stand-in knows no script by its name, so all come again whole.
    expect(service.journeys).toEqual([
      ['evalsha', 'evalsha', 'evalsha'],
      ['eval', 'eval', 'eval'],
    ]);
    expect(afterwards).toHaveLength(3);
  });

  test('the keys hold no address, and differ from limit to limit', async () => {
    const { limits, service } = await onUpstash();
    await limits.take([...three, from('203.0.113.7', 'sign-in-attempts')]);
    const keys = await service.keys();
    expect(keys).toHaveLength(4);
    expect(keys.join()).not.toMatch(/203\.0|kim|example/);
  });

  test('whoever is refused is refused again without a journey, until the window ends', async () => {
    const { limits, service, clock } = await onUpstash();
    for (let i = 0; i < 6; i += 1) await limits.take([from('203.0.113.7')]);
    const before = service.journeys.length;
    expect((await limits.take([from('203.0.113.7')])).kind).toBe('limited');
    expect(service.journeys.length).toBe(before);
    clock.now += minutes(61);
    expect((await limits.take([from('203.0.113.7')])).kind).toBe('allowed');
  });

  test('no more of the refused are kept in mind than fit', async () => {
    const { limits, service } = await onUpstash({ mostFullKeys: 2 });
    for (const who of ['a', 'b', 'c']) for (let i = 0; i < 6; i += 1) await limits.take([from(who)]);
    const journeysFor = async (who: string) => {
      const before = service.journeys.length;
      expect((await limits.take([from(who)])).kind).toBe('limited');
      return service.journeys.length - before;
    };
    expect(await journeysFor('c')).toBe(0);
    expect(await journeysFor('b')).toBe(0);
    expect(await journeysFor('a')).toBeGreaterThan(0);
  });

  test('away, or with a token that is refused, Postgres counters decide; back again, Upstash does', async () => {
    const { limits, make, service, behind } = await onUpstash();
    service.isAway = true;
    for (let i = 0; i < 5; i += 1) expect((await limits.take([from('203.0.113.7')])).kind).toBe('allowed');
    expect((await limits.take([from('203.0.113.7')])).kind).toBe('limited');
    service.isAway = false;
    expect((await limits.take([from('203.0.113.7')])).kind).toBe('allowed');
    expect((await make({ token: 'wrong' }).take([from('203.0.113.7')])).kind).toBe('limited');
    expect((await make({ url: 'http://127.0.0.1:1' }).take([from('203.0.113.7')])).kind).toBe('limited');
    expect((await make({ url: 'http://127.0.0.1:1' }).take(three.slice(1))).kind).toBe('allowed');
    expect(await behind.database.owner('select count(*)::int from rate_limit_counters')).not.toEqual([{ count: 0 }]);
  });

  test.each([[[null, 5]], [[]], [['x', 'y']], ['OK'], ['99'], [null], [{}]])(
    'with an answer that is none, Postgres counters decide: %j',
    async (garbage) => {
      const { limits, service } = await onUpstash();
      service.garbage = garbage;
      for (let i = 0; i < 5; i += 1) expect((await limits.take([from('203.0.113.7')])).kind).toBe('allowed');
      expect((await limits.take([from('203.0.113.7')])).kind).toBe('limited');
    },
  );

  test('silent, Postgres counters decide after the time that a visitor can wait', async () => {
    const { limits, service, behind } = await onUpstash({ answerMs: 50 });
    for (let i = 0; i < 5; i += 1) await behind.limits.take([from('203.0.113.7')]);
    service.isSilent = true;
    expect((await limits.take([from('203.0.113.7')])).kind).toBe('limited');
    expect((await limits.take([from('203.0.113.8')])).kind).toBe('allowed');
  });
});

test('Postgres counters: a taking is one round trip, of three limits too', async () => {
  const { limits, database } = await onPostgres();
  const before = database.roundTrips();
  await limits.take([from('203.0.113.7'), from('kim@example.com', 'sign-in-codes'), from('m', 'sign-in-attempts')]);
  expect(database.roundTrips() - before).toBe(1);
});

test('Postgres counters: the table holds no address, and refusals do not make it grow', async () => {
  const { limits, database } = await onPostgres();
  for (let i = 0; i < 20; i += 1) await limits.take([from('kim@example.com', 'sign-in-codes')]);
  const rows = await database.owner('select * from rate_limit_counters');
  expect(rows.reduce((sum, { count }) => sum + Number(count), 0)).toBe(5);
  expect(JSON.stringify(rows)).not.toContain('kim');
});

test('Postgres counters: expired ones are deleted in batches, the others stay', async () => {
  const { limits, clock, database } = await onPostgres();
  for (let i = 0; i < 5; i += 1) await limits.take([from(`203.0.113.${i}`)]);
  clock.now += minutes(61);
  await limits.take([from('203.0.113.9')]);
  const sweep = () => database.db.write(system('sweep'), (tx) => deleteExpiredCounts(tx, clock.now, 3));
  expect([await sweep(), await sweep(), await sweep()]).toEqual([3, 2, 0]);
  expect(await database.owner('select count(*)::int from rate_limit_counters')).toEqual([{ count: 1 }]);
});

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['', ''],
])('%s counts as %s: of IPv6, the network that one caller has whole', (address, caller) => {
  expect(callerOf(address)).toBe(caller);
});
