import { expect, test } from 'vitest';
import { monthGrid, partOfDay, type DayCell } from '~/domain/slots/month-grid';
import { slotsIn } from '~/domain/slots/slots';
import { findYearMonth } from '~/domain/time/local-date';
import { getZone } from '~/domain/time/zones';
import { at, situation, window, type Told } from './situations';

const ZONE = 'Asia/Kathmandu';

function grid(told: Told, { month = '2026-06', visitor = ZONE, now = '2026-06-09 08:00' } = {}): DayCell[] {
  const slots = slotsIn(window(ZONE, '2026-05-25 00:00', '2026-07-07 00:00'), situation({ now, ...told }));
  return monthGrid(slots, {
    month: findYearMonth(month) ?? expect.fail('no month'),
    zone: getZone(visitor),
    now: at(ZONE, now),
  });
}

const cellOf = (cells: readonly DayCell[], date: string) => cells.find((cell) => cell.date === date);
const statesOf = (cells: readonly DayCell[]) => cells.map(({ state }) => state);

test('a month has a cell for each of its dates, in order', () => {
  const cells = grid({});
  expect(cells).toHaveLength(30);
  expect(cells[0]?.date).toBe('2026-06-01');
  expect(cells.at(-1)?.date).toBe('2026-06-30');
});

test('dates before today are past, today is marked, dates without slots are closed', () => {
  const cells = grid({ hours: 'Wed 9:00-17:00' });
  expect(statesOf(cells).slice(0, 8)).toEqual(Array(8).fill('past'));
  expect(cells.filter(({ isToday }) => isToday)).toEqual([
    { date: '2026-06-09', state: 'closed', isToday: true, free: 0, morning: false, afternoon: false, evening: false },
  ]);
  expect(cellOf(cells, '2026-06-10')).toEqual({
    date: '2026-06-10',
    state: 'open',
    isToday: false,
    free: 8,
    morning: true,
    afternoon: true,
    evening: false,
  });
  expect(cellOf(cells, '2026-06-11')?.state).toBe('closed');
});

test('one or two free starts are few, three are open, none of several is full', () => {
  const states = (busy: string[]) => cellOf(grid({ hours: 'daily 9:00-13:00', busy }), '2026-06-10');
  expect(states(['2026-06-10 09:00 60'])).toMatchObject({ state: 'open', free: 3 });
  expect(states(['2026-06-10 09:00 120'])).toMatchObject({ state: 'few', free: 2 });
  expect(states(['2026-06-10 09:00 180'])).toMatchObject({ state: 'few', free: 1, morning: false, afternoon: true });
  expect(states(['2026-06-10 09:00 240'])).toMatchObject({ state: 'full', free: 0, morning: false, afternoon: false });
});

test('today with time left is open like any other day', () => {
  expect(cellOf(grid({ hours: 'daily 9:00-17:00' }), '2026-06-09')).toMatchObject({
    state: 'open',
    isToday: true,
    free: 8,
  });
});

test('slots stand on the visitor’s dates and in the visitor’s parts of the day', () => {
  // 09:00–12:00 in Kathmandu is 20:15–23:15 the evening before in Los Angeles.
  const cells = grid({ hours: 'Wed 9:00-12:00' }, { visitor: 'America/Los_Angeles' });
  expect(cellOf(cells, '2026-06-09')).toMatchObject({
    state: 'open',
    free: 3,
    morning: false,
    afternoon: false,
    evening: true,
  });
  expect(cellOf(cells, '2026-06-10')?.state).toBe('closed');
});

test('today is the visitor’s today', () => {
  const today = (visitor: string) =>
    grid({}, { visitor, now: '2026-06-09 02:00' }).find(({ isToday }) => isToday)?.date;
  expect(today('America/Los_Angeles')).toBe('2026-06-08');
  expect(today(ZONE)).toBe('2026-06-09');
});

test('slots of the neighbouring months are left out', () => {
  const cells = grid({ hours: 'daily 9:00-10:00' }, { now: '2026-05-25 00:00' });
  expect(cells.map(({ free }) => free)).toEqual(Array(30).fill(1));
});

test('another month has no today', () => {
  const cells = grid({ hours: 'daily 9:00-10:00' }, { month: '2026-07' });
  expect(cells).toHaveLength(31);
  expect(cells.some(({ isToday }) => isToday)).toBe(false);
  expect(statesOf(cells).slice(0, 7)).toEqual(['few', 'few', 'few', 'few', 'few', 'few', 'closed']);
});

test('a clock change in the visitor’s zone moves the later slots alone', () => {
  const march = { start: at('UTC', '2026-03-01 00:00'), end: at('UTC', '2026-04-01 00:00') };
  const told = situation({ zone: 'UTC', hours: 'daily 22:30-23:30', now: '2026-03-01 00:00' });
  const cells = monthGrid(slotsIn(march, told), {
    month: findYearMonth('2026-03') ?? expect.fail('no month'),
    zone: getZone('Europe/Berlin'),
    now: march.start,
  });
  // 23:30 in winter; 00:30 of the next date in summer.
  expect(cellOf(cells, '2026-03-28')).toMatchObject({ free: 1, evening: true });
  expect(cellOf(cells, '2026-03-29')).toMatchObject({ free: 0 });
  expect(cellOf(cells, '2026-03-30')).toMatchObject({ free: 1, morning: true, evening: false });
});

test('a slot at the very moment of a clock change stands where the new clock says', () => {
  // Nuuk goes from 23:00 on Saturday to 00:00 on Sunday.
  const told = situation({ zone: 'UTC', overrides: { '2026-03-29': '1:00-2:00' }, now: '2026-03-01 00:00' });
  const slots = slotsIn(window('UTC', '2026-03-01 00:00', '2026-03-31 00:00'), told);
  const month = findYearMonth('2026-03') ?? expect.fail('no month');
  const cells = monthGrid(slots, { month, zone: getZone('America/Nuuk'), now: told.now });
  expect(cellOf(cells, '2026-03-28')).toMatchObject({ free: 0 });
  expect(cellOf(cells, '2026-03-29')).toMatchObject({ free: 1, morning: true });
});

test('a month beyond our zone tables goes by the runtime’s', () => {
  const told = situation({ zone: 'UTC', hours: 'daily 22:30-23:30', now: '2040-03-01 00:00' });
  const slots = slotsIn(window('UTC', '2040-03-01 00:00', '2040-04-01 00:00'), told);
  const month = findYearMonth('2040-03') ?? expect.fail('no month');
  const cells = monthGrid(slots, { month, zone: getZone('Europe/Berlin'), now: told.now });
  expect(cellOf(cells, '2040-03-24')).toMatchObject({ free: 1, evening: true });
  expect(cellOf(cells, '2040-03-31')).toMatchObject({ free: 1, morning: true });
});

test.each([
  [0, 'morning'],
  [719, 'morning'],
  [720, 'afternoon'],
  [1079, 'afternoon'],
  [1080, 'evening'],
  [1439, 'evening'],
])('minute %i is %s', (minute, part) => {
  expect(partOfDay(minute)).toBe(part);
});

test('a month without slots has no open day', () => {
  expect(new Set(statesOf(grid({})))).toEqual(new Set(['past', 'closed']));
});
