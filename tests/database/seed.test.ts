import { expect, test } from 'vitest';
import { system } from '~/data/actor';
import { scheduleRows } from '~/data/slots';
import { listedMentors } from '~/data/mentors';
import { isOffered, slotsIn } from '~/domain/slots/slots';
import { DAY, type Instant } from '~/domain/time/instant';
import { compose } from '~/compose';
import { prepareMachine } from '~/usecases/accounts/prepare-machine';
import { reachOf, situationOf } from '~/usecases/slots/situation';
import { seedDemo } from '~db/seed';
import { freshDatabase, type TestDatabase } from '../support/database';
import { TEST_VARIABLES } from '../support/scene';

const SECRETS = ['a secret of at least thirty-two characters'] as const;
/** Month ends, weeks of clock changes in Europe and none, a leap day, New Year. */
const STARTS = [
  '2026-11-24T21:44:00Z',
  '2026-03-25T08:00:00Z',
  '2026-10-20T23:59:59Z',
  '2028-02-29T12:00:00Z',
  '2026-12-31T14:59:00Z',
  '2026-06-01T00:00:00Z',
].map((text) => Date.parse(text));

const seed = ({ db }: TestDatabase, now: Instant) => db.write(system('seed'), (tx) => seedDemo(tx, now, SECRETS));

async function everyone({ db }: TestDatabase, now: Instant) {
  const reach = reachOf({ start: now - 40 * DAY, end: now + 100 * DAY });
  return db.read(system('test'), async (tx) => {
    const [mentors, rows] = await Promise.all([
      listedMentors(tx),
      scheduleRows(tx, 'everyone', reach.dates, reach.window),
    ]);
    return mentors.map((one) => ({ ...one, rows }));
  });
}

test.each(STARTS)('at %d: six mentors, and every booking was offered when it was made', async (now) => {
  const database = await freshDatabase();
  expect(await seed(database, now)).toBe(true);
  const mentors = await everyone(database, now);
  expect(mentors.map(({ mentor }) => mentor.slug)).toEqual([
    'min-ji-kwon',
    'tomas-ferreira',
    'adaeze-okonkwo',
    'hyun-woo-seo',
    'ingrid-solheim',
    'priya-raghavan',
  ]);
  const bookings = await database.owner(
    `select mentor_id, session_type_id, extract(epoch from starts_at) * 1000 as start, extract(epoch from created_at) * 1000 as made, status from bookings`,
  );
  expect(bookings.length).toBeGreaterThan(60);
  for (const { mentor, types, rows } of mentors)
    for (const type of types) {
      const own = bookings.filter((one) => one.session_type_id === type.id);
      expect(own.length).toBeGreaterThan(0);
      for (const one of own) {
        const situation = situationOf(mentor, type, rows, Number(one.made));
        const others = situation.reservations.filter(({ startsAt }) => startsAt !== Number(one.start));
        expect(isOffered(Number(one.start), { ...situation, reservations: others })).toBe(true);
      }
    }
});

test.each(STARTS)(
  'at %d: one mentor has no free time for three weeks and this month, all have some later',
  async (now) => {
    const database = await freshDatabase();
    await seed(database, now);
    for (const { mentor, types, rows } of await everyone(database, now))
      for (const type of types) {
        const slots = slotsIn({ start: now, end: now + 60 * DAY }, situationOf(mentor, type, rows, now));
        const free = slots.filter(({ state }) => state === 'free');
        expect(free.length).toBeGreaterThan(5);
        expect(slots.some(({ state }) => state === 'taken')).toBe(true);
        const first = free[0]?.start ?? 0;
        if (mentor.slug === 'hyun-woo-seo') {
          expect(first).toBeGreaterThanOrEqual(now + 21 * DAY);
          const monthOf = (at: Instant) => new Date(at + 9 * 3_600_000).toISOString().slice(0, 7);
          expect(monthOf(first) > monthOf(now)).toBe(true);
        } else expect(first, type.slug).toBeLessThan(now + 10 * DAY);
      }
  },
);

test('the same start gives the same mentors and bookings', async () => {
  const now = STARTS[0] ?? 0;
  const [one, other] = [await freshDatabase(), await freshDatabase()];
  await seed(one, now);
  await seed(other, now);
  const what = 'select id, mentor_id, starts_at, name, manage_token_hash from bookings order by id';
  expect(await one.owner(what)).toEqual(await other.owner(what));
});

test('started twice, and twice at once, it fills an empty database once', async () => {
  const database = await freshDatabase();
  const done = await Promise.all([seed(database, STARTS[0] ?? 0), seed(database, STARTS[0] ?? 0)]);
  expect(done.sort()).toEqual([false, true]);
  expect(await seed(database, STARTS[1] ?? 0)).toBe(false);
  expect(await database.owner('select count(*)::int from mentors')).toEqual([{ count: 6 }]);
});

test('no demonstration booking owes a message', async () => {
  const database = await freshDatabase();
  await seed(database, STARTS[0] ?? 0);
  expect(await database.owner('select * from booking_notifications')).toEqual([]);
});

test('a machine is made ready with its administrator, and without demonstration when that is unwanted', async () => {
  const database = await freshDatabase();
  const app = compose(
    { ...TEST_VARIABLES, ADMIN_EMAIL: 'Boss@example.com' },
    {
      wire: database.wire,
      clock: () => STARTS[0] ?? 0,
      waitUntil: () => undefined,
      mail: { send: () => expect.unreachable() },
      scheduler: { onEnqueued: () => undefined },
    },
  );
  const minji = { name: 'Min-ji Kwon', email: 'min-ji@slotwell.example' };
  expect(await prepareMachine(app, { withDemo: false })).toEqual({ mentors: [], newMentors: [] });
  const filled = await prepareMachine(app, { withDemo: true });
  expect(filled.mentors).toHaveLength(6);
  expect(filled.newMentors).toEqual(filled.mentors);
  expect(await prepareMachine(app, { withDemo: true })).toEqual({
    mentors: expect.arrayContaining([minji]),
    newMentors: [],
  });
  expect(await database.owner(`select email from accounts where role = 'admin'`)).toEqual([
    { email: 'boss@example.com' },
  ]);
});
