import { describe, expect, test } from 'vitest';
import { system } from '~/data/actor';
import { deleteExpiredCounts, takeCounts } from '~/data/limits';
import type { Instant } from '~/domain/time/instant';
import { callerOf, LIMITS, type LimitName, type Limits } from '~/services/limits/limits';
import { postgresLimits } from '~/services/limits/postgres';
import { freshDatabase, type TestDatabase } from '../support/database';

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
    secrets: ['a secret of at least thirty-two characters'],
    clock: () => clock.now,
  });
  return { limits, clock, database };
}

const PROVIDERS: Record<string, () => Promise<Stage>> = { 'Postgres counters': onPostgres };

const minutes = (n: number) => n * 60_000;
const from = (who: string, limit: LimitName = 'booking-attempts') => ({ limit, who });

describe.each(Object.entries(PROVIDERS))('limits by %s', (_, open) => {
  test('as many as the limit says are allowed, the next is refused with the time until one is free', async () => {
    const { limits, clock } = await open();
    for (let i = 0; i < LIMITS['booking-attempts'].max; i += 1) {
      expect(await limits.take([from('203.0.113.7')])).toEqual({ kind: 'allowed' });
      clock.now += minutes(10);
    }
    expect(await limits.take([from('203.0.113.7')])).toEqual({
      kind: 'limited',
      limit: 'booking-attempts',
      retryAfterSeconds: 600,
    });
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

  test('one call may take twice from the same, and twice too much takes nothing', async () => {
    const { limits } = await open();
    const twice = [from('203.0.113.7'), from('203.0.113.7')];
    expect((await limits.take(twice)).kind).toBe('allowed');
    expect((await limits.take(twice)).kind).toBe('allowed');
    expect((await limits.take(twice)).kind).toBe('limited');
    expect((await limits.take([from('203.0.113.7')])).kind).toBe('allowed');
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
