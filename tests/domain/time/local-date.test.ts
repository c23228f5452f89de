import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addDays,
  addMonths,
  dateOfDay,
  datesOf,
  dayNumber,
  dayOfWeek,
  daysBetween,
  findLocalDate,
  findYearMonth,
  firstDateOf,
  getLocalDate,
  mondayOfDay,
  monthOf,
  type YearMonth,
} from '~/domain/time/local-date';

const DAY = 86_400_000;
const FIRST = Date.UTC(1970, 0, 1) / DAY;
const LAST = Date.UTC(2999, 11, 31) / DAY;
const anyDay = fc.integer({ min: FIRST, max: LAST });
const month = (text: string): YearMonth => findYearMonth(text) ?? expect.fail(`${text} is no month`);

test.each([1970, 2000, 2100, 2400, 2800])('dates of two years from %i are what the runtime’s calendar says', (year) => {
  for (let day = Date.UTC(year, 0, 1) / DAY; day < Date.UTC(year + 2, 0, 1) / DAY; day += 1) {
    const date = new Date(day * DAY).toISOString().slice(0, 10);
    if (dateOfDay(day) !== date || dayNumber(getLocalDate(date)) !== day) expect.fail(`${day} is not ${date}`);
  }
});

test('the day before 1970 and the day after 2999 can still be reached', () => {
  expect(addDays(getLocalDate('1970-01-01'), -1)).toBe('1969-12-31');
  expect(dayNumber(addDays(getLocalDate('1970-01-01'), -1))).toBe(-1);
  expect(addDays(getLocalDate('2999-12-31'), 1)).toBe('3000-01-01');
  expect(addMonths(month('1970-01'), -1)).toBe('1969-12');
});

test.each([
  '2026-02-29',
  '2100-02-29',
  '2026-02-30',
  '2026-13-01',
  '2026-00-10',
  '2026-04-31',
  '2026-06-00',
  '2026-06-32',
  '1969-12-31',
  '3000-01-01',
  '0000-01-01',
  '9999-12-31',
  '+002026-03-29',
  '20260329',
  '2026-3-9',
  '2026-03-29T00:00',
  ' 2026-03-29',
  '2026-03-29 ',
  '2026-03-29\n',
  '２０２６-03-29',
  '',
  '2026-W10-1',
  'x2026-03-29',
])('%j is no date', (text) => {
  expect(findLocalDate(text)).toBeUndefined();
  expect(() => getLocalDate(text)).toThrow(RangeError);
});

test.each(['1970-01-01', '2024-02-29', '2000-02-29', '2026-12-31', '2026-01-31', '2999-12-31'])(
  '%s is a date',
  (text) => {
    expect(findLocalDate(text)).toBe(text);
    expect(getLocalDate(text)).toBe(text);
  },
);

test('a text that is no date is named by the error', () => {
  expect(() => getLocalDate('2026-02-30')).toThrow('Not a date between 1970 and 2999: "2026-02-30"');
});

test.each([
  '2026-00',
  '2026-13',
  '1969-12',
  '3000-01',
  '2026-1',
  '202601',
  '2026-01-01',
  '',
  'x2026-01',
  '2026-12026-01',
  '2026-01x',
  '2026-01\n',
])('%j is no month', (text) => expect(findYearMonth(text)).toBeUndefined());

test.each(['1970-01', '2026-12', '2999-12', '2026-06'])('%s is a month', (text) => {
  expect(findYearMonth(text)).toBe(text);
});

test('a month has its dates, in a leap year one more', () => {
  expect(datesOf(month('2024-02')).slice(-2)).toEqual(['2024-02-28', '2024-02-29']);
  expect(datesOf(month('2026-02'))).toHaveLength(28);
  expect(datesOf(month('2026-12')).slice(0, 2)).toEqual(['2026-12-01', '2026-12-02']);
  expect(datesOf(month('2026-12'))).toHaveLength(31);
});

test('a date knows its month and a month its first date', () => {
  expect(monthOf(getLocalDate('2026-06-11'))).toBe('2026-06');
  expect(firstDateOf(month('2026-06'))).toBe('2026-06-01');
});

test.each([
  ['2026-01', -1, '2025-12'],
  ['2026-12', 1, '2027-01'],
  ['2026-06', 0, '2026-06'],
  ['2026-06', -30, '2023-12'],
  ['2026-06', 30, '2028-12'],
])('%s and %i months is %s', (from, count, to) => {
  expect(addMonths(month(from), count)).toBe(to);
});

test('days add up, and count back', () => {
  fc.assert(
    fc.property(anyDay, fc.integer({ min: -800, max: 800 }), (day, count) => {
      const date = dateOfDay(day);
      expect(daysBetween(date, addDays(date, count))).toBe(count);
      expect(addDays(addDays(date, count), -count)).toBe(date);
    }),
  );
});

test('the day of the week is the runtime’s, before 1970 as well', () => {
  fc.assert(
    fc.property(fc.integer({ min: -800, max: LAST }), (day) => {
      expect(dayOfWeek(dateOfDay(day))).toBe(new Date(day * DAY).getUTCDay());
    }),
  );
});

test('a week begins on Monday: Sunday belongs to the one before', () => {
  const mondayOf = (text: string) => dateOfDay(mondayOfDay(dayNumber(getLocalDate(text))));
  expect(mondayOf('2026-06-08')).toBe('2026-06-08');
  expect(mondayOf('2026-06-09')).toBe('2026-06-08');
  expect(mondayOf('2026-06-14')).toBe('2026-06-08');
  expect(mondayOf('2026-06-15')).toBe('2026-06-15');
  expect(mondayOf('1970-01-01')).toBe('1969-12-29');
});
