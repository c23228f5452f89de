import { expect, test } from 'vitest';
import { getLocalDate, findYearMonth, type YearMonth } from '~/domain/time/local-date';
import { getZone } from '~/domain/time/zones';
import {
  clockRange,
  clockTime,
  dayAndMonth,
  daysIntoWeek,
  fullDate,
  longDate,
  monthName,
  shortDate,
  timeOfDay,
  weekOf,
} from '~/format/dates';

const date = getLocalDate('2026-06-11');
const month = (text: string): YearMonth => {
  const found = findYearMonth(text);
  if (!found) throw new Error(text);
  return found;
};

test('dates are written as each language orders them', () => {
  expect([longDate, shortDate, fullDate, dayAndMonth].map((write) => write(date, 'en'))).toEqual([
    'Thursday 11 June',
    'Thu 11 June',
    'Thursday 11 June 2026',
    '11 June',
  ]);
  expect([longDate, shortDate, fullDate, dayAndMonth].map((write) => write(date, 'ko'))).toEqual([
    '6월 11일 목요일',
    '6월 11일 (목)',
    '2026년 6월 11일 목요일',
    '6월 11일',
  ]);
  expect(monthName(month('2026-06'), 'en')).toBe('June 2026');
  expect(monthName(month('2026-06'), 'ko')).toBe('2026년 6월');
});

test('a short date cuts long months only', () => {
  expect(shortDate(getLocalDate('2026-11-27'), 'en')).toBe('Fri 27 Nov');
  expect(shortDate(getLocalDate('2026-04-01'), 'en')).toBe('Wed 1 April');
});

test('clocks show the wall time of the zone, also where offsets are odd, across clock changes and midnight', () => {
  const at = Date.UTC(2026, 5, 11, 1, 0);
  expect(clockTime(at, getZone('Asia/Kathmandu'), 'en')).toBe('06:45');
  expect(clockTime(at, getZone('America/St_Johns'), 'en')).toBe('22:30');
  expect(clockRange(at, at + 50 * 60_000, getZone('Asia/Singapore'), 'en')).toBe('09:00–09:50');
  // The hour that is shown twice, Berlin, 25 October 2026.
  const ambiguous = Date.UTC(2026, 9, 25, 0, 30);
  expect(clockRange(ambiguous, ambiguous + 60 * 60_000, getZone('Europe/Berlin'), 'en')).toBe('02:30–02:30');
  expect(timeOfDay(1440)).toBe('24:00');
});

test('weeks begin on Monday in English and on Sunday in Korean', () => {
  expect(weekOf('en').map(({ short }) => short)).toEqual(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']);
  expect(weekOf('ko').map(({ short }) => short)).toEqual(['일', '월', '화', '수', '목', '금', '토']);
  expect(daysIntoWeek(getLocalDate('2026-06-07'), 'en')).toBe(6);
  expect(daysIntoWeek(getLocalDate('2026-06-07'), 'ko')).toBe(0);
});
