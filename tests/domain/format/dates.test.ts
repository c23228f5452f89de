import { describe, expect, test } from 'vitest';
import { getLocalDate, findYearMonth, type YearMonth } from '~/domain/time/local-date';
import { getZone } from '~/domain/time/zones';
import {
  clockFace,
  clockRange,
  clockTime,
  dayAndMonth,
  daysIntoWeek,
  fullDate,
  longDate,
  monthName,
  repeatedOffset,
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
  expect(timeOfDay(1440)).toBe('24:00');
});

describe('an hour that clocks show twice', () => {
  const half = 30 * 60_000;
  const ranges = (zone: string, first: number, length: number, times: number) =>
    Array.from({ length: times }, (_, i) =>
      clockRange(first + i * half, first + i * half + length, getZone(zone), i % 2 ? 'ko' : 'en'),
    );

  test('Santiago: both times carry their offset, and an end that is shown once does not', () => {
    expect(ranges('America/Santiago', Date.UTC(2027, 3, 4, 1, 30), 2 * half, 6)).toEqual([
      '22:30–23:30 (UTC−3)',
      '23:00 (UTC−3)–23:00 (UTC−4)',
      '23:30 (UTC−3)–23:30 (UTC−4)',
      '23:00 (UTC−4)–00:00',
      '23:30 (UTC−4)–00:30',
      '00:00–01:00',
    ]);
  });

  test('Lord Howe: only half an hour is shown twice, and its offsets have minutes', () => {
    expect(ranges('Australia/Lord_Howe', Date.UTC(2026, 3, 4, 14, 0), half, 4)).toEqual([
      '01:00–01:30 (UTC+11)',
      '01:30 (UTC+11)–01:30 (UTC+10:30)',
      '01:30 (UTC+10:30)–02:00',
      '02:00–02:30',
    ]);
  });

  test('Berlin: to the minute', () => {
    const shown = (text: string) => clockTime(Date.parse(text), getZone('Europe/Berlin'), 'en');
    expect(shown('2026-10-24T23:59:00Z')).toBe('01:59');
    expect(shown('2026-10-25T00:00:00Z')).toBe('02:00 (UTC+2)');
    expect(shown('2026-10-25T00:59:00Z')).toBe('02:59 (UTC+2)');
    expect(shown('2026-10-25T01:00:00Z')).toBe('02:00 (UTC+1)');
    expect(shown('2026-10-25T01:59:00Z')).toBe('02:59 (UTC+1)');
    expect(shown('2026-10-25T02:00:00Z')).toBe('03:00');
  });

  test('London and St John’s: no offset is +0, half hours west have their minutes', () => {
    expect(clockTime(Date.UTC(2026, 9, 25, 1, 30), getZone('Europe/London'), 'en')).toBe('01:30 (UTC+0)');
    expect(clockTime(Date.UTC(2026, 10, 1, 4, 0), getZone('America/St_Johns'), 'en')).toBe('01:30 (UTC−2:30)');
  });

  test('an hour that is skipped, and a zone whose clocks stay, have none', () => {
    const berlin = getZone('Europe/Berlin');
    expect(clockRange(Date.UTC(2026, 2, 29, 0, 30), Date.UTC(2026, 2, 29, 1, 30), berlin, 'en')).toBe('01:30–03:30');
    expect(clockTime(Date.UTC(2026, 9, 25, 0, 30), getZone('Asia/Kathmandu'), 'en')).toBe('06:15');
  });

  test('where the clock stands alone, the offset is told apart', () => {
    const [first, santiago] = [Date.UTC(2027, 3, 4, 2, 30), getZone('America/Santiago')];
    expect([clockFace(first, santiago), repeatedOffset(first, santiago)]).toEqual(['23:30', 'UTC−3']);
    expect(repeatedOffset(first - 2 * half, santiago)).toBeNull();
  });
});

test('weeks begin on Monday in English and on Sunday in Korean', () => {
  expect(weekOf('en').map(({ short }) => short)).toEqual(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']);
  expect(weekOf('ko').map(({ short }) => short)).toEqual(['일', '월', '화', '수', '목', '금', '토']);
  expect(daysIntoWeek(getLocalDate('2026-06-07'), 'en')).toBe(6);
  expect(daysIntoWeek(getLocalDate('2026-06-07'), 'ko')).toBe(0);
});
