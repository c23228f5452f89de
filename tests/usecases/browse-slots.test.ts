import { expect, test } from 'vitest';
import { bookSlot } from '~/usecases/bookings/book-slot';
import { browseMonth, browseMonthToMove } from '~/usecases/slots/browse-month';
import { listMentors } from '~/usecases/slots/list-mentors';
import { findLocalDate, findYearMonth } from '~/domain/time/local-date';
import { findZone } from '~/domain/time/zones';
import { scene, type Scene } from '../support/scene';

const talk = { mentor: 'min-ji', type: 'talk' };
const zone = findZone('Asia/Singapore') ?? expect.unreachable();

async function month(stage: Scene, wish: { month?: string; date?: string; zone?: typeof zone } = {}) {
  const found = await browseMonth(stage.app, talk, {
    month: wish.month === undefined ? undefined : findYearMonth(wish.month),
    date: wish.date === undefined ? undefined : findLocalDate(wish.date),
    zone: wish.zone,
  });
  if (found.kind === 'not-found') throw new Error('not found');
  return found;
}

async function book(stage: Scene, start: string): Promise<string> {
  const key = crypto.randomUUID();
  const outcome = await bookSlot(stage.app, {
    mentor: { slug: 'min-ji' },
    type: { slug: 'talk' },
    start: Date.parse(start),
    name: 'Asha',
    email: `${key}@example.com`,
    timeZone: zone,
    locale: 'en',
    requestKey: key,
    clientAddress: key,
  });
  if (outcome.kind !== 'booked') throw new Error(outcome.kind);
  return outcome.token;
}

const stage = (wish = {}) => scene({ now: '2026-06-09T06:05:00Z', hours: 'Mon-Fri 10-12', ...wish });

test('a month page takes one round trip', async () => {
  const on = await stage();
  const before = on.database.roundTrips();
  await month(on, { month: '2026-06', date: '2026-06-11', zone });
  expect(on.database.roundTrips() - before).toBe(1);
});

test('days and times are the visitor’s', async () => {
  const on = await stage();
  const found = await month(on, { date: '2026-06-11', zone });
  expect(found).toMatchObject({
    zone: 'Asia/Singapore',
    mentorZone: 'Asia/Seoul',
    month: '2026-06',
    today: '2026-06-09',
  });
  expect(found.days.find(({ date }) => date === '2026-06-11')).toMatchObject({ state: 'few', free: 2, morning: true });
  expect(found.chosen?.slots.map(({ start }) => new Date(start).toISOString())).toEqual([
    '2026-06-11T01:00:00.000Z',
    '2026-06-11T02:00:00.000Z',
  ]);
});

test('a booked time is greyed out and its day counts what is left', async () => {
  const on = await stage();
  await book(on, '2026-06-11T01:00:00Z');
  const found = await month(on, { date: '2026-06-11', zone });
  expect(found.chosen?.slots.map(({ state }) => state)).toEqual(['taken', 'free']);
  await book(on, '2026-06-11T02:00:00Z');
  expect((await month(on, { zone })).days.find(({ date }) => date === '2026-06-11')?.state).toBe('full');
});

test('a full month names the next free time beyond it', async () => {
  const on = await stage({
    hours: 'Tue 10-11',
    overrides: ['16', '23', '30'].map((d) => ({ date: `2026-06-${d}`, range: null })),
  });
  const found = await month(on, { zone });
  expect(found.days.some(({ state }) => state === 'open' || state === 'few')).toBe(false);
  expect(found.nextFree).toBe(Date.parse('2026-07-07T01:00:00Z'));
});

test('months before today or beyond the horizon are answered by the nearest that can be booked, absurd ones by this month', async () => {
  const on = await stage({ type: { horizonDays: 30 } });
  for (const [asked, shown] of [
    ['2026-05', '2026-06'],
    ['1970-01', '2026-06'],
    ['2026-07', '2026-07'],
    ['2026-08', '2026-07'],
    ['2099-12', '2026-07'],
    ['9999-12', '2026-06'],
  ] as const)
    expect((await month(on, { month: asked, zone })).month).toBe(shown);
  const last = await month(on, { month: '2026-07', zone });
  expect([last.previous, last.next]).toEqual(['2026-06', null]);
});

test('the last day of the mentor’s horizon can be reached where it is the next month already', async () => {
  const on = await stage({
    now: '2027-02-20T12:00:00Z',
    zone: 'America/New_York',
    hours: 'Wed 20-23',
    type: { horizonDays: 39 },
  });
  const berlin = findZone('Europe/Berlin') ?? expect.unreachable();
  const found = await month(on, { date: '2027-04-01', zone: berlin });
  expect(found.month).toBe('2027-04');
  expect(found.chosen?.slots.map(({ start }) => new Date(start).toISOString())).toEqual([
    '2027-04-01T00:00:00.000Z',
    '2027-04-01T01:00:00.000Z',
    '2027-04-01T02:00:00.000Z',
  ]);
  expect((await month(on, { month: '2027-03', zone: berlin })).next).toBe('2027-04');
  const newYork = findZone('America/New_York') ?? expect.unreachable();
  expect((await month(on, { month: '2027-03', zone: newYork })).next).toBeNull();
});

test('whoever moves a booking finds free what only it takes, but for the very start it has', async () => {
  const on = await stage();
  const token = await book(on, '2026-06-11T01:00:00Z');
  const found = await browseMonthToMove(on.app, token, { date: findLocalDate('2026-06-11'), zone });
  expect(found.kind === 'month' && found.chosen?.slots.map(({ state }) => state)).toEqual(['taken', 'free']);
  expect((await browseMonthToMove(on.app, 'nobody', { zone })).kind).toBe('not-found');
  on.at('2026-06-11T01:00:00Z');
  expect((await browseMonthToMove(on.app, token, { zone })).kind).toBe('settled');
});

test('the list names each mentor’s next free time, also of those who are long booked out', async () => {
  const on = await stage();
  await on.addMentor({ slug: 'late', hours: '', overrides: [{ date: '2026-07-31', range: ['9', '10'] }] });
  await on.addMentor({ slug: 'never', hours: '' });
  const before = on.database.roundTrips();
  const cards = await listMentors(on.app);
  expect(on.database.roundTrips() - before).toBe(2);
  expect(
    Object.fromEntries(
      cards.map(({ mentor, nextFree }) => [mentor.slug, nextFree && new Date(nextFree).toISOString()]),
    ),
  ).toEqual({
    'min-ji': '2026-06-10T01:00:00.000Z',
    late: '2026-07-31T00:00:00.000Z',
    never: null,
  });
});
