import { describe, expect, test } from 'vitest';
import { isOffered, nearestFree, nextFree, slotsIn } from '~/domain/slots/slots';
import { DAY, HOUR, MINUTE } from '~/domain/time/instant';
import { at, clock, print, situation, window, type Told } from './situations';

/** Slots of a stretch of wall time in the situation's zone, printed by its clocks. */
function slots(told: Told, from = '2026-06-11 00:00', to = '2026-06-11 24:00'): string[] {
  const zone = told.zone ?? 'Asia/Kathmandu';
  return print(zone, slotsIn(window(zone, from, to), situation(told)));
}

describe('the grid of starts', () => {
  test('begins with each stretch of hours and steps by the duration', () => {
    expect(slots({ hours: 'daily 9:00-12:00 13:30-15:00' })).toEqual([
      '06-11 09:00',
      '06-11 10:00',
      '06-11 11:00',
      '06-11 13:30',
    ]);
  });

  test.each([
    [5, 7],
    [10, 4],
    [15, 3],
    [20, 2],
    [30, 2],
    [60, 1],
  ] as const)('steps by %i minutes when the mentor says so', (step, count) => {
    expect(slots({ hours: 'daily 9:00-10:15', durationMinutes: 45, step })).toHaveLength(count);
  });

  test('steps by duration and buffers when back to back', () => {
    const told = { hours: 'daily 9:00-12:00', durationMinutes: 50, bufferBeforeMinutes: 5, bufferAfterMinutes: 10 };
    expect(slots({ ...told, step: 'back-to-back' })).toEqual(['06-11 09:00', '06-11 10:05', '06-11 11:10']);
    expect(slots({ ...told, step: 'duration' })).toEqual(['06-11 09:00', '06-11 09:50', '06-11 10:40']);
  });

  test('holds sessions that end with the hours, and none that end later', () => {
    expect(slots({ hours: 'daily 9:00-10:00' })).toEqual(['06-11 09:00']);
    expect(slots({ hours: 'daily 9:00-9:59' })).toEqual([]);
  });

  test('goes on over midnight where hours touch', () => {
    expect(slots({ hours: 'daily 0:00-1:30 22:30-24:00' }, '2026-06-11 20:00', '2026-06-12 12:00')).toEqual([
      '06-11 22:30',
      '06-11 23:30',
      '06-12 00:30',
    ]);
  });

  test('never begins anew after busy time', () => {
    expect(slots({ hours: 'daily 9:00-12:00', busy: ['2026-06-11 09:10 20'] })).toEqual([
      '06-11 09:00 taken',
      '06-11 10:00',
      '06-11 11:00',
    ]);
  });

  test('does not depend on the window: starts before it are left out, the rest stand where they stood', () => {
    const told = { hours: 'daily 9:00-12:00', durationMinutes: 40 };
    expect(slots(told, '2026-06-11 09:41', '2026-06-11 11:00')).toEqual(['06-11 10:20']);
    expect(slots(told, '2026-06-11 10:20', '2026-06-11 10:21')).toEqual(['06-11 10:20']);
    expect(slots(told, '2026-06-11 09:41', '2026-06-11 10:20')).toEqual([]);
  });

  test('of a window that ends inside the hours keeps sessions that go on after it', () => {
    expect(slots({ hours: 'daily 9:00-12:00' }, '2026-06-11 10:00', '2026-06-11 11:01')).toEqual([
      '06-11 10:00',
      '06-11 11:00',
    ]);
  });

  test('of hours that began days ago counts from their beginning', () => {
    // Open from Tuesday 10:00 to Friday 10:00; 50 minutes do not divide a day.
    const told = { hours: 'Tue 10:00-24:00, Wed-Thu 0:00-24:00, Fri 0:00-10:00', durationMinutes: 50 };
    const start = at('Asia/Kathmandu', '2026-06-09 10:00');
    for (const instant of slotsIn(window('Asia/Kathmandu', '2026-06-11 00:00', '2026-06-12 24:00'), situation(told))) {
      expect((instant.start - start) % (50 * MINUTE)).toBe(0);
    }
  });

  test('of a mentor who is always there counts from midnight before Monday', () => {
    const told = { hours: 'daily 0:00-24:00', durationMinutes: 50, horizonDays: 365 };
    expect(slots(told, '2026-06-08 00:00', '2026-06-08 01:00')).toEqual(['06-08 00:00', '06-08 00:50']);
    expect(slots(told, '2026-06-14 23:00', '2026-06-15 01:00')).toEqual(['06-14 23:30', '06-15 00:00', '06-15 00:50']);
    // A week has 10,080 minutes: 201 steps and 30 minutes.
    expect(slots(told, '2026-06-08 00:00', '2026-06-15 00:00')).toHaveLength(202);
  });

  test('counts anew only after a whole week without a break', () => {
    // Always open but for one hour on Monday the 8th: the next two Mondays differ.
    const told = {
      hours: 'daily 0:00-24:00',
      overrides: { '2026-06-08': '1:00-24:00' },
      durationMinutes: 50,
      horizonDays: 365,
    };
    expect(slots(told, '2026-06-14 23:30', '2026-06-15 01:00')).toEqual(['06-14 23:40', '06-15 00:30']);
    expect(slots(told, '2026-06-21 23:10', '2026-06-22 01:00')).toEqual(['06-21 23:10', '06-22 00:00', '06-22 00:50']);
  });

  test('counts a week that was opened exactly at its midnight', () => {
    const told = { hours: 'daily 0:00-24:00', overrides: { '2026-06-07': '' }, durationMinutes: 50, horizonDays: 365 };
    expect(slots(told, '2026-06-14 23:10', '2026-06-15 01:00')).toEqual(['06-14 23:30', '06-15 00:00', '06-15 00:50']);
  });
});

describe('clock changes', () => {
  test('a session crosses a skipped hour in real minutes', () => {
    const told = { zone: 'Europe/Berlin', hours: 'daily 0:30-5:00', now: '2026-03-28 00:00', durationMinutes: 90 };
    expect(slots(told, '2026-03-29 00:00', '2026-03-29 12:00')).toEqual(['03-29 00:30', '03-29 03:00']);
  });

  test('a repeated hour is offered twice, a real hour apart', () => {
    const told = { zone: 'Europe/Berlin', hours: 'daily 1:00-4:00', now: '2026-10-24 00:00' };
    expect(slots(told, '2026-10-25 00:00', '2026-10-25 12:00')).toEqual([
      '10-25 01:00',
      '10-25 02:00',
      '10-25 02:00',
      '10-25 03:00',
    ]);
  });

  test('half an hour at Lord Howe moves the clock, not the step', () => {
    const told = { zone: 'Australia/Lord_Howe', hours: 'daily 0:00-4:00', now: '2026-04-04 00:00' };
    expect(slots(told, '2026-04-05 00:00', '2026-04-05 12:00')).toEqual([
      '04-05 00:00',
      '04-05 01:00',
      '04-05 01:30',
      '04-05 02:30',
    ]);
  });

  test('a date that begins at 01:00 offers its hours from there', () => {
    const told = { zone: 'Africa/Cairo', hours: 'Fri 0:00-3:00', now: '2026-04-20 00:00' };
    expect(slots(told, '2026-04-23 12:00', '2026-04-24 12:00')).toEqual(['04-24 01:00', '04-24 02:00']);
  });
});

describe('busy time and bookings', () => {
  test('take the starts whose session or buffers they meet, and no others', () => {
    const told = {
      hours: 'daily 9:00-14:00',
      bufferBeforeMinutes: 10,
      bufferAfterMinutes: 15,
      busy: ['2026-06-11 11:10 40'],
    };
    // 10:00 reserves 9:50–11:15 and 12:00 reserves 11:50–13:15.
    expect(slots(told)).toEqual([
      '06-11 09:00',
      '06-11 10:00 taken',
      '06-11 11:00 taken',
      '06-11 12:00',
      '06-11 13:00',
    ]);
    expect(slots({ ...told, busy: ['2026-06-11 11:15 36'] })).toEqual([
      '06-11 09:00',
      '06-11 10:00',
      '06-11 11:00 taken',
      '06-11 12:00 taken',
      '06-11 13:00',
    ]);
  });

  test('add their buffers to the buffers of the neighbour', () => {
    const told = {
      hours: 'daily 9:00-15:00',
      step: 15,
      bufferBeforeMinutes: 15,
      bufferAfterMinutes: 30,
      booked: ['2026-06-11 12:00 60'],
    } as const;
    const free = slots(told).filter((slot) => !slot.endsWith('taken'));
    // 30 after one and 15 before the next: three quarters of an hour lie between two sessions.
    expect(free.filter((slot) => slot < '06-11 12:00').at(-1)).toBe('06-11 10:15');
    expect(free.find((slot) => slot > '06-11 12:00')).toBe('06-11 13:45');
  });

  test('may lie outside the hours, and so may buffers', () => {
    const told = { hours: 'daily 9:00-11:00', bufferBeforeMinutes: 30, bufferAfterMinutes: 30 };
    expect(slots(told)).toEqual(['06-11 09:00', '06-11 10:00']);
    expect(slots({ ...told, busy: ['2026-06-11 08:00 31'] })).toEqual(['06-11 09:00 taken', '06-11 10:00']);
    expect(slots({ ...told, busy: ['2026-06-11 11:29 60'] })).toEqual(['06-11 09:00', '06-11 10:00 taken']);
  });

  test('in any order, overlapping, far away, empty or endless', () => {
    const told = {
      hours: 'daily 9:00-13:00',
      busy: [
        '2026-06-11 11:30 10',
        '2026-05-01 09:00 60',
        '2026-06-11 09:30 20',
        '2026-06-11 09:00 40',
        '2026-08-11 09:00 60',
      ],
    };
    expect(slots(told)).toEqual(['06-11 09:00 taken', '06-11 10:00', '06-11 11:00 taken', '06-11 12:00']);
    expect(slots({ hours: 'daily 9:00-11:00', busy: ['2026-06-11 09:30 0', '2026-06-11 10:30 -60'] })).toEqual([
      '06-11 09:00',
      '06-11 10:00',
    ]);
    const endless = {
      ...situation({ hours: 'daily 9:00-11:00' }),
      busy: [{ start: -Infinity, end: at('Asia/Kathmandu', '2026-06-11 09:01') }],
    };
    expect(
      print('Asia/Kathmandu', slotsIn(window('Asia/Kathmandu', '2026-06-11 00:00', '2026-06-11 24:00'), endless)),
    ).toEqual(['06-11 09:00 taken', '06-11 10:00']);
    const always = { ...endless, busy: [{ start: -Infinity, end: Infinity }] };
    expect(
      slotsIn(window('Asia/Kathmandu', '2026-06-11 00:00', '2026-06-11 24:00'), always).map(({ state }) => state),
    ).toEqual(['taken', 'taken']);
  });

  test('that end when a session begins, or begin when it ends, leave it free', () => {
    expect(slots({ hours: 'daily 9:00-12:00', busy: ['2026-06-11 09:00 60', '2026-06-11 11:00 60'] })).toEqual([
      '06-11 09:00 taken',
      '06-11 10:00',
      '06-11 11:00 taken',
    ]);
  });
});

describe('minimum notice and horizon', () => {
  test('a start is offered at exactly the notice, and not a moment later', () => {
    const told = { hours: 'daily 9:00-12:00', minimumNoticeMinutes: 90 };
    expect(slots({ ...told, now: '2026-06-11 08:30' })).toEqual(['06-11 10:00', '06-11 11:00']);
    expect(slots({ ...told, now: '2026-06-11 08:31' })).toEqual(['06-11 11:00']);
  });

  test('notice may be longer than what is asked for', () => {
    expect(slots({ hours: 'daily 9:00-12:00', minimumNoticeMinutes: 60 * 24 * 30 })).toEqual([]);
  });

  test('the past is never offered', () => {
    expect(slots({ hours: 'daily 9:00-12:00', now: '2026-06-11 10:00' })).toEqual(['06-11 10:00', '06-11 11:00']);
    expect(slots({ hours: 'daily 9:00-12:00', now: '2026-06-12 00:00' })).toEqual([]);
  });

  test('the last date is today by the mentor’s clocks and so many days', () => {
    const told = { hours: 'daily 0:00-1:00 23:00-24:00', horizonDays: 2 };
    const ends = ['2026-06-11 00:00', '2026-06-20 00:00'] as const;
    expect(slots({ ...told, now: '2026-06-11 23:30' }, ...ends)).toEqual([
      '06-12 00:00',
      '06-12 23:00',
      '06-13 00:00',
      '06-13 23:00',
    ]);
    expect(slots({ ...told, now: '2026-06-12 00:00' }, ...ends).at(-1)).toBe('06-14 23:00');
    expect(slots({ ...told, horizonDays: 0, now: '2026-06-12 00:00' }, ...ends)).toEqual([
      '06-12 00:00',
      '06-12 23:00',
    ]);
  });

  test('the last date is the mentor’s in zones far from UTC', () => {
    const zone = 'Pacific/Kiritimati';
    const told = { zone, hours: 'daily 0:00-24:00', horizonDays: 1, now: '2026-06-11 23:30' };
    expect(slots(told, '2026-06-11 00:00', '2026-06-20 00:00').at(-1)).toBe('06-12 23:00');
    const west = { ...told, zone: 'Pacific/Pago_Pago' };
    expect(slots(west, '2026-06-11 00:00', '2026-06-20 00:00').at(-1)).toBe('06-12 23:00');
  });

  test('the last date begins once where it is shown twice', () => {
    // St John's went from 00:00:59 on the 29th back to 23:01 on the 28th: then it is the 28th again.
    const told = {
      zone: 'America/St_Johns',
      hours: 'daily 22:30-24:00, daily 0:00-0:30',
      step: 5,
      durationMinutes: 5,
      horizonDays: 0,
      now: '2006-10-28 12:00',
    } as const;
    const shown = slots(told, '2006-10-28 12:00', '2006-10-29 12:00');
    expect(shown.filter((slot) => slot === '10-28 23:05')).toHaveLength(2);
    expect(shown.every((slot) => slot.startsWith('10-28'))).toBe(true);
  });
});

describe('caps', () => {
  const hours = 'daily 9:00-11:00';

  test('a date with as many bookings as allowed is taken whole, its neighbours are not', () => {
    expect(
      slots({ hours, maxPerDay: 1, booked: ['2026-06-11 09:00 60'] }, '2026-06-10 00:00', '2026-06-12 24:00'),
    ).toEqual(['06-10 09:00', '06-10 10:00', '06-11 09:00 taken', '06-11 10:00 taken', '06-12 09:00', '06-12 10:00']);
    expect(slots({ hours, maxPerDay: 2, booked: ['2026-06-11 09:00 60'] })).toEqual([
      '06-11 09:00 taken',
      '06-11 10:00',
    ]);
  });

  test('a booking counts on the date on which it starts, by the mentor’s clocks', () => {
    const booked = ['2026-06-10 23:30 60'];
    expect(slots({ hours, maxPerDay: 1, booked })).toEqual(['06-11 09:00', '06-11 10:00']);
    expect(slots({ hours, maxPerDay: 1, booked }, '2026-06-10 00:00', '2026-06-10 24:00')).toEqual([
      '06-10 09:00 taken',
      '06-10 10:00 taken',
    ]);
  });

  test('busy time does not count', () => {
    expect(slots({ hours, maxPerDay: 1, maxPerWeek: 1, busy: ['2026-06-11 09:00 60'] })).toEqual([
      '06-11 09:00 taken',
      '06-11 10:00',
    ]);
  });

  test('a week is from Monday to Sunday by the mentor’s clocks', () => {
    const sundayNight = ['2026-06-14 23:30 30'];
    expect(slots({ hours, maxPerWeek: 1, booked: sundayNight }, '2026-06-07 00:00', '2026-06-08 10:00')).toEqual([
      '06-07 09:00',
      '06-07 10:00',
      '06-08 09:00 taken',
    ]);
    expect(slots({ hours, maxPerWeek: 1, booked: sundayNight }, '2026-06-14 10:00', '2026-06-15 10:00')).toEqual([
      '06-14 10:00 taken',
      '06-15 09:00',
    ]);
    expect(slots({ hours, maxPerWeek: 2, booked: sundayNight }, '2026-06-14 10:00', '2026-06-14 12:00')).toEqual([
      '06-14 10:00',
    ]);
  });

  test('of nothing at all close everything', () => {
    expect(slots({ hours, maxPerDay: 0 })).toEqual(['06-11 09:00 taken', '06-11 10:00 taken']);
    expect(slots({ hours, maxPerWeek: 0 })).toEqual(['06-11 09:00 taken', '06-11 10:00 taken']);
  });
});

describe('windows', () => {
  test('that are empty, reversed, past or beyond the horizon have no slots', () => {
    const told = { hours: 'daily 0:00-24:00' };
    expect(slots(told, '2026-06-11 00:00', '2026-06-11 00:00')).toEqual([]);
    expect(slots(told, '2026-06-11 09:00', '2026-06-10 09:00')).toEqual([]);
    expect(slots(told, '2026-05-01 00:00', '2026-05-31 24:00')).toEqual([]);
    expect(slots(told, '2027-05-01 00:00', '2027-05-31 24:00')).toEqual([]);
  });

  test('of a thousand years are cut at the horizon', () => {
    const found = slots({ hours: 'daily 9:00-10:00', horizonDays: 10 }, '1970-01-01 00:00', '2999-12-31 00:00');
    expect(found).toHaveLength(11);
  });

  test('around the end of our zone tables work as any other', () => {
    const told = { zone: 'Europe/Berlin', hours: 'daily 9:00-10:00', now: '2037-12-30 00:00', horizonDays: 100 };
    const found = slots(told, '2037-12-01 00:00', '2038-12-01 00:00');
    expect(found).toHaveLength(101);
    expect(found.at(-1)).toBe('04-09 09:00');
  });

  test('without hours have no slots', () => {
    expect(slots({ busy: ['2026-06-11 09:00 60'], maxPerDay: 1 })).toEqual([]);
  });
});

// A search that begins anew for every busy interval would take half a minute.
test(
  'two years of starts every five minutes and 60,000 busy intervals do not keep anybody waiting',
  { timeout: 10_000 },
  () => {
    const told = situation({ hours: 'daily 0:00-24:00', durationMinutes: 5, horizonDays: 730 });
    const busy = Array.from({ length: 60_000 }, (_, index) => {
      const start = told.now + ((index * 7_919) % 210_000) * 5 * MINUTE;
      return { start, end: start + 5 * MINUTE };
    });
    const found = slotsIn({ start: told.now, end: told.now + 730 * DAY }, { ...told, busy });
    expect(found).toHaveLength(730 * 288);
    expect(found.filter(({ state }) => state === 'taken')).toHaveLength(60_000);
  },
);

describe('whether a start is offered', () => {
  const told = { hours: 'daily 9:00-12:00', busy: ['2026-06-11 11:00 60'] };
  test.each([
    ['2026-06-11 09:00', true],
    ['2026-06-11 10:00', true],
    ['2026-06-11 11:00', false],
    ['2026-06-11 09:30', false],
    ['2026-06-11 08:00', false],
    ['2026-05-11 09:00', false],
    ['2026-12-11 09:00', false],
  ])('%s: %s', (start, offered) => {
    expect(isOffered(at('Asia/Kathmandu', start), situation(told))).toBe(offered);
  });

  test('a millisecond beside a start is none', () => {
    const start = at('Asia/Kathmandu', '2026-06-11 09:00');
    expect(isOffered(start + 1, situation(told))).toBe(false);
    expect(isOffered(start - 1, situation(told))).toBe(false);
  });

  test.each([NaN, Infinity, -Infinity, 8.64e15, -8.64e15, 1e300])('%d is none, and no error', (start) => {
    expect(isOffered(start, situation(told))).toBe(false);
  });
});

describe('the nearest free starts', () => {
  const zone = 'Asia/Kathmandu';
  const june = window(zone, '2026-06-01 00:00', '2026-06-30 24:00');
  const nearest = (told: Told, start: string, count: number, within = june) =>
    nearestFree(at(zone, start), situation(told), count, within).map((instant) => clock(zone, instant));

  test('lie on both sides, ascending', () => {
    const told = { hours: 'daily 9:00-14:00', busy: ['2026-06-11 11:00 60'] };
    expect(nearest(told, '2026-06-11 11:00', 3)).toEqual(['06-11 09:00', '06-11 10:00', '06-11 12:00']);
    expect(nearest(told, '2026-06-11 11:30', 3)).toEqual(['06-11 10:00', '06-11 12:00', '06-11 13:00']);
  });

  test('are the earlier of two that are equally near', () => {
    const told = { hours: 'daily 9:00-14:00', busy: ['2026-06-11 11:00 60'] };
    expect(nearest(told, '2026-06-11 11:00', 1)).toEqual(['06-11 10:00']);
  });

  test('lie within the window whose bookings are known', () => {
    const day = window(zone, '2026-06-11 00:00', '2026-06-11 24:00');
    expect(nearest({ hours: 'daily 9:00-11:00' }, '2026-06-20 11:00', 5, day)).toEqual(['06-11 09:00', '06-11 10:00']);
  });

  test('are never more than asked', () => {
    expect(nearest({ hours: 'daily 9:00-12:00' }, '2026-06-11 11:00', 0)).toEqual([]);
    expect(nearest({ hours: 'daily 9:00-12:00' }, '2026-06-11 11:00', 5)).toHaveLength(5);
    expect(nearest({}, '2026-06-11 11:00', 5)).toEqual([]);
  });
});

describe('the next free start', () => {
  const zone = 'Asia/Kathmandu';
  const next = (told: Told) => {
    const found = nextFree(situation(told));
    return found === null ? null : clock(zone, found);
  };

  test('is the first after the notice that is not taken', () => {
    expect(
      next({
        hours: 'daily 9:00-12:00',
        now: '2026-06-01 08:00',
        minimumNoticeMinutes: 90,
        busy: ['2026-06-01 10:00 45'],
      }),
    ).toBe('06-01 11:00');
    expect(next({ hours: 'daily 9:00-12:00', now: '2026-06-01 08:00', minimumNoticeMinutes: 60 })).toBe('06-01 09:00');
  });

  test('may be on the last date, and there is none after it', () => {
    expect(next({ overrides: { '2026-07-31': '23:00-24:00' }, horizonDays: 60 })).toBe('07-31 23:00');
    expect(next({ overrides: { '2026-06-29': '0:00-1:00' }, horizonDays: 28 })).toBe('06-29 00:00');
    expect(next({ overrides: { '2026-08-01': '0:00-1:00' }, horizonDays: 60 })).toBeNull();
    expect(next({ overrides: { '2028-05-31': '0:00-1:00' }, horizonDays: 730 })).toBe('05-31 00:00');
  });

  test('is none without hours, or when all is taken', () => {
    expect(next({})).toBeNull();
    expect(next({ hours: 'daily 9:00-12:00', maxPerDay: 0 })).toBeNull();
  });
});

test('no answer changes what it was given', () => {
  const given = situation({
    hours: 'daily 9:00-12:00',
    busy: ['2026-06-11 10:00 60', '2026-06-11 09:00 30'],
    booked: ['2026-06-11 11:00 60'],
  });
  const before = JSON.stringify(given);
  const start = at('Asia/Kathmandu', '2026-06-11 09:00');
  slotsIn({ start, end: start + 7 * DAY }, given);
  nearestFree(start, given, 3, { start, end: start + 7 * DAY });
  expect(nextFree(given)).toBe(start - 10 * 24 * HOUR);
  expect(JSON.stringify(given)).toBe(before);
});
