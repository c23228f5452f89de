import { describe, expect, test } from 'vitest';
import { system } from '~/data/actor';
import { deleteExpiredCounts, giveCountsBack, takeCounts } from '~/data/limits';
import type { Instant } from '~/domain/time/instant';
import { LIMITS, type LimitName, type Limits } from '~/services/limits/limits';
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
      giveBack: (keys) => database.db.writeAtOnce(system('limits'), (tx) => giveCountsBack(tx, keys)),
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
    for (let i = 0; i < 3; i += 1) await limits.take([from('kim@example.com', 'bookings-per-email')]);
    for (let i = 0; i < 10; i += 1)
      expect(
        await limits.take([
          from('203.0.113.7'),
          from('kim@example.com', 'bookings-per-email'),
          from('m', 'bookings-per-mentor'),
        ]),
      ).toMatchObject({ kind: 'limited', limit: 'bookings-per-email' });
    for (let i = 0; i < 5; i += 1) expect((await limits.take([from('203.0.113.7')])).kind).toBe('allowed');
    expect((await limits.take([from('203.0.113.7')])).kind).toBe('limited');
  });

  test('refused by two, the one that takes longer is named', async () => {
    const { limits, clock } = await open();
    for (let i = 0; i < 3; i += 1) await limits.take([from('kim@example.com', 'bookings-per-email')]);
    for (let i = 0; i < 5; i += 1) await limits.take([from('203.0.113.7')]);
    clock.now += minutes(30);
    expect(await limits.take([from('203.0.113.7'), from('kim@example.com', 'bookings-per-email')])).toEqual({
      kind: 'limited',
      limit: 'bookings-per-email',
      retryAfterSeconds: 86_400 - 1_800,
    });
  });

  test('fifty at the same moment: exactly the limit is allowed, every time', async () => {
    const { limits, clock } = await open();
    for (let round = 0; round < 10; round += 1) {
      const address = from(`203.0.113.${round}`);
      const mentor = from(`mentor ${round}`, 'bookings-per-mentor');
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

  test('what is given back can be taken again, and no more than was taken', async () => {
    const { limits } = await open();
    const both = [from('203.0.113.7'), from('m', 'bookings-per-mentor')];
    await limits.giveBack(both);
    for (let i = 0; i < 5; i += 1) await limits.take(both);
    await limits.giveBack(both);
    expect((await limits.take(both)).kind).toBe('allowed');
    expect((await limits.take(both)).kind).toBe('limited');
  });

  test('case and blanks around an address make nobody another person', async () => {
    const { limits } = await open();
    for (const who of ['kim@example.com', 'KIM@example.com', ' kim@Example.com '])
      await limits.take([from(who, 'bookings-per-email')]);
    expect((await limits.take([from('kim@example.com', 'bookings-per-email')])).kind).toBe('limited');
  });

  test('nobody to count is nobody to refuse', async () => {
    const { limits } = await open();
    expect(await limits.take([])).toEqual({ kind: 'allowed' });
    await limits.giveBack([]);
  });
});

test('Postgres counters: a taking is one round trip, of three limits too', async () => {
  const { limits, database } = await onPostgres();
  const before = database.roundTrips();
  await limits.take([
    from('203.0.113.7'),
    from('kim@example.com', 'bookings-per-email'),
    from('m', 'bookings-per-mentor'),
  ]);
  expect(database.roundTrips() - before).toBe(1);
});

test('Postgres counters: the table holds no address, and refusals do not make it grow', async () => {
  const { limits, database } = await onPostgres();
  for (let i = 0; i < 20; i += 1) await limits.take([from('kim@example.com', 'bookings-per-email')]);
  const rows = await database.owner('select * from rate_limit_counters');
  expect(rows.reduce((sum, { count }) => sum + Number(count), 0)).toBe(3);
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
