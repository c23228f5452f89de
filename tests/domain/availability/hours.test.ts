import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  openIntervals,
  parseTimeOfDay,
  problemsOfRanges,
  type HoursRange,
  type Schedule,
} from '~/domain/availability/hours';
import { DAY, HOUR } from '~/domain/time/instant';
import { getLocalDate } from '~/domain/time/local-date';
import { getZone } from '~/domain/time/zones';

const NEVER: Schedule['weekly'] = [[], [], [], [], [], [], []];
const ALWAYS: Schedule['weekly'] = NEVER.map(() => [{ start: 0, end: 1440 }]);

/** `9:00-12:00, 13:00-17:00` */
function ranges(text: string): HoursRange[] {
  return text.split(', ').map((range) => {
    const [start = NaN, end = NaN] = range.split('-').map(parseTimeOfDay);
    return { start, end };
  });
}

/** The same hours every day. */
const daily = (text: string) => NEVER.map(() => ranges(text));

function open(
  zone: string,
  weekly: Schedule['weekly'],
  [from, to]: readonly [string, string],
  overrides: Record<string, string> = {},
): string[] {
  const print = (instant: number) => new Date(instant).toISOString().slice(5, 16);
  return openIntervals(
    {
      zone: getZone(zone),
      weekly,
      overrides: Object.entries(overrides).map(([date, text]) => ({
        date: getLocalDate(date),
        ranges: text === '' ? [] : ranges(text),
      })),
    },
    { start: Date.parse(`${from}Z`), end: Date.parse(`${to}Z`) },
  ).map(({ start, end }) => `${print(start)} ${print(end)}`);
}

describe('open hours', () => {
  test('are wall-clock time in the mentor’s zone on the days of the week', () => {
    const weekly = [[], ranges('9:00-12:00, 13:00-17:00'), [], [], [], [], ranges('10:00-11:00')];
    expect(open('Asia/Kathmandu', weekly, ['2026-06-05T00:00', '2026-06-09T00:00'])).toEqual([
      '06-06T04:15 06-06T05:15',
      '06-08T03:15 06-08T06:15',
      '06-08T07:15 06-08T11:15',
    ]);
  });

  test('are cut at the window', () => {
    expect(open('UTC', daily('9:00-17:00'), ['2026-06-05T10:00', '2026-06-06T09:30'])).toEqual([
      '06-05T10:00 06-05T17:00',
      '06-06T09:00 06-06T09:30',
    ]);
    expect(open('UTC', daily('9:00-17:00'), ['2026-06-05T17:00', '2026-06-06T09:00'])).toEqual([]);
  });

  test('of a zone far ahead or behind reach the window from the neighbouring date', () => {
    expect(open('Pacific/Kiritimati', daily('0:00-1:00'), ['2026-06-05T00:00', '2026-06-06T00:00'])).toEqual([
      '06-05T10:00 06-05T11:00',
    ]);
    expect(open('Pacific/Pago_Pago', daily('23:00-24:00'), ['2026-06-05T10:30', '2026-06-06T00:00'])).toEqual([
      '06-05T10:30 06-05T11:00',
    ]);
  });

  test('that touch or overlap are one, over midnight too', () => {
    expect(
      open('Asia/Seoul', daily('22:00-24:00, 0:00-2:00, 1:30-3:00'), ['2026-06-05T06:00', '2026-06-06T06:00']),
    ).toEqual(['06-05T13:00 06-05T18:00']);
  });

  test('in any order are the same', () => {
    expect(open('UTC', daily('15:00-16:00, 9:00-10:00, 9:30-11:00'), ['2026-06-05T00:00', '2026-06-06T00:00'])).toEqual(
      ['06-05T09:00 06-05T11:00', '06-05T15:00 06-05T16:00'],
    );
  });

  test('around the clock are one stretch', () => {
    expect(open('Africa/Cairo', ALWAYS, ['2026-04-20T00:00', '2026-11-05T00:00'])).toEqual(['04-20T00:00 11-05T00:00']);
  });

  test('of a week that says nothing of some days are none on those', () => {
    expect(open('UTC', [ranges('9:00-10:00')], ['2026-06-06T00:00', '2026-06-09T00:00'])).toEqual([
      '06-07T09:00 06-07T10:00',
    ]);
  });

  test('inside a skipped hour are no hours', () => {
    const window = ['2026-03-28T12:00', '2026-03-29T12:00'] as const;
    expect(open('Europe/Berlin', daily('2:00-3:00'), window)).toEqual([]);
    expect(open('Europe/Berlin', daily('2:30-3:00'), window)).toEqual([]);
    expect(open('Europe/Berlin', daily('2:30-4:00'), window)).toEqual(['03-29T01:30 03-29T02:00']);
  });

  test('moved by a skipped hour into the next hours merge with them', () => {
    expect(open('Europe/Berlin', daily('1:30-2:30, 3:00-3:15'), ['2026-03-28T12:00', '2026-03-29T12:00'])).toEqual([
      '03-29T00:30 03-29T01:30',
    ]);
  });

  test('over a repeated hour last an hour longer', () => {
    expect(open('Europe/Berlin', daily('2:00-3:00'), ['2026-10-24T12:00', '2026-10-25T12:00'])).toEqual([
      '10-25T00:00 10-25T02:00',
    ]);
    expect(open('Australia/Lord_Howe', daily('1:00-2:00'), ['2026-04-04T12:00', '2026-04-05T00:00'])).toEqual([
      '04-04T14:00 04-04T15:30',
    ]);
  });

  test('on a date that begins at 01:00 begin there', () => {
    expect(open('Africa/Cairo', daily('0:00-2:00, 23:00-24:00'), ['2026-04-23T12:00', '2026-04-24T12:00'])).toEqual([
      '04-23T21:00 04-23T23:00',
    ]);
  });

  test('on a date that the zone skipped do not exist', () => {
    expect(open('Pacific/Apia', daily('9:00-10:00'), ['2011-12-29T00:00', '2012-01-01T00:00'])).toEqual([
      '12-29T19:00 12-29T20:00',
      '12-30T19:00 12-30T20:00',
      '12-31T19:00 12-31T20:00',
    ]);
    expect(
      open('Pacific/Apia', NEVER, ['2011-12-29T00:00', '2012-01-01T00:00'], { '2011-12-30': '9:00-17:00' }),
    ).toEqual([]);
  });

  test('that a skipped hour before midnight moves to the next date belong to both windows', () => {
    // Nuuk goes from 23:00 on Saturday to 00:00 on Sunday: 23:30 is half an hour later, on Sunday.
    const window = ['2026-03-29T01:00', '2026-03-29T12:00'] as const;
    expect(open('America/Nuuk', daily('22:30-23:30'), window)).toEqual(['03-29T01:00 03-29T01:30']);
    expect(open('America/Nuuk', daily('22:30-23:30'), ['2026-03-28T12:00', '2026-03-29T12:00'])).toEqual([
      '03-29T00:30 03-29T01:30',
    ]);
    expect(open('America/Nuuk', daily('23:15-24:00'), ['2026-03-28T12:00', '2026-03-29T12:00'])).toEqual([]);
  });

  test('carried over midnight by a clock change are found from either side', () => {
    // St John's went back from 00:01 on the 29th to 23:01 on the 28th.
    expect(open('America/St_Johns', daily('0:00-0:30'), ['2006-10-29T02:30', '2006-10-29T03:00'])).toEqual([
      '10-29T02:30 10-29T03:00',
    ]);
    // The window ends while clocks show the 28th for the second time.
    expect(open('America/St_Johns', daily('0:00-0:30'), ['2006-10-28T12:00', '2006-10-29T02:45'])).toEqual([
      '10-29T02:30 10-29T02:45',
    ]);
  });
});

describe('an override', () => {
  const window = ['2026-06-05T00:00', '2026-06-08T00:00'] as const;

  test('replaces the whole weekday', () => {
    expect(open('UTC', daily('9:00-10:00, 15:00-16:00'), window, { '2026-06-06': '12:00-13:00' })).toEqual([
      '06-05T09:00 06-05T10:00',
      '06-05T15:00 06-05T16:00',
      '06-06T12:00 06-06T13:00',
      '06-07T09:00 06-07T10:00',
      '06-07T15:00 06-07T16:00',
    ]);
  });

  test('without hours closes the date', () => {
    expect(open('UTC', daily('9:00-10:00'), window, { '2026-06-06': '' })).toEqual([
      '06-05T09:00 06-05T10:00',
      '06-07T09:00 06-07T10:00',
    ]);
  });

  test('opens a date of a closed weekday, and joins its neighbours over midnight', () => {
    expect(open('UTC', NEVER, window, { '2026-06-06': '20:00-24:00', '2026-06-07': '0:00-1:00' })).toEqual([
      '06-06T20:00 06-07T01:00',
    ]);
  });

  test('that comes in two parts has the hours of both', () => {
    const date = getLocalDate('2026-06-06');
    const overrides = [
      { date, ranges: ranges('9:00-10:00') },
      { date, ranges: ranges('11:00-12:00') },
    ];
    const midnight = Date.parse('2026-06-06T00:00Z');
    expect(
      openIntervals({ zone: getZone('UTC'), weekly: ALWAYS, overrides }, { start: midnight, end: midnight + DAY }),
    ).toEqual([
      { start: midnight + 9 * HOUR, end: midnight + 10 * HOUR },
      { start: midnight + 11 * HOUR, end: midnight + 12 * HOUR },
    ]);
  });
});

test('a smaller window shows the same hours, cut', () => {
  const zone = fc.constantFrom(
    ...['Europe/Berlin', 'America/St_Johns', 'Africa/Cairo', 'Australia/Lord_Howe', 'Antarctica/Troll'].map(getZone),
  );
  const range = fc.tuple(fc.nat(24), fc.nat(24)).map(([a, b]) => ({ start: a * 60, end: b * 60 }));
  const weekly = fc.array(fc.array(range, { maxLength: 3 }), { minLength: 7, maxLength: 7 });
  const hour = fc.integer({ min: 0, max: 40 * 24 });
  fc.assert(
    fc.property(zone, weekly, hour, hour, fc.constantFrom(3, 9), (id, hours, a, b, month) => {
      const schedule = { zone: id, weekly: hours, overrides: [] };
      const whole = { start: Date.UTC(2026, month, 1), end: Date.UTC(2026, month, 41) };
      const part = { start: whole.start + Math.min(a, b) * HOUR, end: whole.start + Math.max(a, b) * HOUR };
      const cut = openIntervals(schedule, whole)
        .map(({ start, end }) => ({ start: Math.max(start, part.start), end: Math.min(end, part.end) }))
        .filter(({ start, end }) => start < end);
      expect(openIntervals(schedule, part)).toEqual(cut);
    }),
  );
});

describe('a time of day in a form', () => {
  test.each([
    ['9', 540],
    ['09', 540],
    ['930', 570],
    ['0930', 570],
    ['9:30', 570],
    ['09:30', 570],
    ['9.30', 570],
    ['9pm', 1260],
    ['9 pm', 1260],
    ['9PM', 1260],
    ['9:30 p.m.', 1290],
    ['930pm', 1290],
    ['12am', 0],
    ['12:30 a.m.', 30],
    ['12pm', 720],
    ['1am', 60],
    ['12:59pm', 779],
    ['0', 0],
    ['0:00', 0],
    ['23:59', 1439],
    ['24', 1440],
    ['24:00', 1440],
    ['2400', 1440],
    ['  17:00 ', 1020],
    ['１８：３０', 1110],
    ['23:00', 1380],
  ])('%j is minute %i', (text, minutes) => {
    expect(parseTimeOfDay(text)).toBe(minutes);
  });

  test.each([
    '',
    ' ',
    '25',
    '24:01',
    '2401',
    '9:60',
    '960',
    '9:5',
    '13pm',
    '0am',
    '0pm',
    '9:30:00',
    '-9',
    '9-10',
    'nine',
    '99999',
    '9h',
    'pm',
    ':30',
    '9:',
    '9 :30',
    '9::30',
    '12 m',
    'x9',
    '9pmx',
    '9\0',
  ])('%j is none', (text) => {
    expect(parseTimeOfDay(text)).toBeUndefined();
  });
});

describe('problems of ranges', () => {
  test('reversed and empty ranges are named, and of two that overlap the later written', () => {
    expect(
      problemsOfRanges(ranges('9:00-12:00, 14:00-13:00, 15:00-15:00, 11:59-13:00, 8:00-10:00, 12:00-14:00')),
    ).toEqual([
      { index: 1, kind: 'reversed' },
      { index: 2, kind: 'empty' },
      { index: 3, kind: 'overlaps' },
      { index: 4, kind: 'overlaps' },
      { index: 5, kind: 'overlaps' },
    ]);
  });

  test('ranges that touch are no problem, nor is a whole day', () => {
    expect(problemsOfRanges(ranges('9:00-12:00, 12:00-13:00, 8:00-9:00'))).toEqual([]);
    expect(problemsOfRanges(ranges('0:00-24:00'))).toEqual([]);
    expect(problemsOfRanges([])).toEqual([]);
  });

  test('a reversed or empty range is not blamed on its neighbours', () => {
    expect(problemsOfRanges(ranges('14:00-9:00, 10:00-10:00, 9:00-12:00'))).toEqual([
      { index: 0, kind: 'reversed' },
      { index: 1, kind: 'empty' },
    ]);
  });

  test('the same range twice is an overlap', () => {
    expect(problemsOfRanges(ranges('9:00-12:00, 9:00-12:00'))).toEqual([{ index: 1, kind: 'overlaps' }]);
  });
});
