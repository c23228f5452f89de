/**
 * Every zone, every change of its clocks from 2024 to 2035, against two programs by other hands: the rules against
 * @internationalized/date (which asks the runtime's zone data), the data against moment-timezone (which brings its own).
 */
import { CalendarDateTime, toZoned } from '@internationalized/date';
import moment from 'moment-timezone';
import { describe, expect, test } from 'vitest';
import { openIntervals, type HoursRange } from '~/domain/availability/hours';
import type { Interval } from '~/domain/time/instant';
import { addDays, type LocalDate } from '~/domain/time/local-date';
import { dateExists, getZone, isRepeated, startOfDate, toInstant, toWall, type ZoneId } from '~/domain/time/zones';
import { VERSION } from '~db/zone-tables';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const FROM = Date.UTC(2024, 0, 3);
const TO = Date.UTC(2036, 0, 1);

/**
 * Where a runtime of tz 2025c (Node 20.20) is wrong by an hour after some date, with their aliases: our tables decide
 * there, and moment-timezone alone bears witness. A newer runtime makes the list shorter.
 */
const AHEAD_OF_RUNTIME = [
  'Africa/Casablanca',
  'Africa/El_Aaiun',
  'America/Edmonton',
  'America/Havana',
  'America/Inuvik',
  'America/Rainy_River',
  'America/Vancouver',
  'America/Winnipeg',
  'America/Yellowknife',
  'Canada/Central',
  'Canada/Mountain',
  'Canada/Pacific',
  'Europe/Chisinau',
  'Europe/Tiraspol',
];

interface Change {
  readonly zone: ZoneId;
  readonly at: number;
  /** Minutes, local − UTC. */
  readonly before: number;
  readonly after: number;
}

const zones = moment.tz
  .names()
  .filter((name) => name.includes('/') || name === 'UTC')
  .map(getZone);
const changes = zones.flatMap(changesOf);
const formatters = new Map<ZoneId, Intl.DateTimeFormat>();
const staleZones = new Set(zones.filter((zone) => !runtimeAgrees(zone)));
const settled = changes.filter(({ zone }) => !staleZones.has(zone));

test('there are thousands of changes to look at, forward and back', () => {
  expect(zones.length).toBeGreaterThan(500);
  expect(changes.filter(({ before, after }) => after > before).length).toBeGreaterThan(2_000);
  expect(changes.filter(({ before, after }) => after < before).length).toBeGreaterThan(2_000);
});

test('the runtime’s zone data differ from ours only where they are known to be old', () => {
  // A runtime newer than the tables may know better: `npm run zones` after updating moment-timezone.
  if ((process.versions['tz'] ?? '') > VERSION) return;
  expect([...staleZones].filter((zone) => !AHEAD_OF_RUNTIME.includes(zone))).toEqual([]);
});

describe('wall times around every change', () => {
  test('resolve as @internationalized/date does', () => {
    for (const { zone, at, before, after } of settled) {
      for (const wall of wallsAround(at, before, after)) compare(zone, wall, internationalized);
    }
  });

  test('resolve as moment-timezone does, in zones where the runtime is old too', () => {
    for (const { zone, at, before, after } of changes) {
      for (const wall of wallsAround(at, before, after)) compare(zone, wall, byMoment);
    }
  });

  test('a zone without changes is still at its one offset', () => {
    const changing = new Set(changes.map(({ zone }) => zone));
    for (const zone of zones.filter((zone) => !changing.has(zone) && !staleZones.has(zone))) {
      for (const wall of [Date.UTC(2024, 1, 29), Date.UTC(2030, 6, 1, 12, 34), Date.UTC(2035, 11, 31, 23, 59)]) {
        compare(zone, wall, internationalized);
        compare(zone, wall, byMoment);
      }
    }
  });
});

describe('instants around every change', () => {
  test('show what moment-timezone shows', () => {
    for (const { zone, at } of changes) {
      for (const instant of [at - MINUTE, at, at + MINUTE]) {
        const { date, minute } = toWall(zone, instant);
        const shown = moment.tz(instant, zone);
        const same = date === shown.format('YYYY-MM-DD') && minute === shown.hours() * 60 + shown.minutes();
        if (!same) expect.fail(`${zone} at ${iso(instant)} shows ${date} ${minute}, not ${shown.format()}`);
      }
    }
  });

  test('are repeated where moment-timezone shows the same a change’s length earlier or later', () => {
    for (const { zone, at, before, after } of changes) {
      const length = Math.abs(after - before) * MINUTE;
      const shown = (instant: number) => moment.tz(instant, zone).format('YYYY-MM-DD HH:mm');
      for (const edge of [at - length, at, at + length]) {
        for (const instant of [edge - MINUTE, edge]) {
          const twice = [instant - length, instant + length].some((other) => shown(other) === shown(instant));
          if (isRepeated(zone, instant) !== twice) expect.fail(`${zone} at ${iso(instant)}: not ${twice}`);
        }
      }
    }
  });

  test('the date of a change begins where it first shows, and no date is missing', () => {
    for (const { zone, at } of changes) {
      for (const date of [-1, 0, 1].map((days) => addDays(toWall(zone, at).date, days))) {
        const start = startOfDate(zone, date);
        if (toWall(zone, start).date !== date || !dateExists(zone, date)) expect.fail(`${zone} ${date} begins late`);
        if (toWall(zone, start - 1).date >= date) expect.fail(`${zone} ${date} begins before ${iso(start)}`);
      }
    }
  });
});

describe('open hours around every change', () => {
  // Over midnight, in gaps and repeated hours, up to 24:00, touching, and wholly inside a skipped hour.
  const days: readonly (readonly HoursRange[])[] = [
    [hours(0, 60), hours(90, 150), hours(150, 179), hours(22 * 60, 24 * 60)],
    [hours(0, 3 * 60), hours(23 * 60, 23 * 60 + 45), hours(23 * 60 + 50, 24 * 60)],
    [hours(30, 45), hours(2 * 60, 2 * 60 + 30), hours(3 * 60, 5 * 60), hours(20 * 60, 23 * 60 + 30)],
  ];

  test('are what the other program’s instants cover, minute by minute', () => {
    for (const [index, { zone, at }] of settled.entries()) {
      const middle = toWall(zone, at).date;
      const window = { start: at - 30 * HOUR, end: at + 30 * HOUR };
      // Another of the three weeks at each change: forward and back take turns, so a zone has all six.
      const rangesOf = (weekday: number) => days[(weekday + index) % days.length] ?? [];
      const weekly = [0, 1, 2, 3, 4, 5, 6].map(rangesOf);
      const open = openIntervals({ zone, weekly, overrides: [] }, window);
      const expected = covered(
        [-2, -1, 0, 1, 2]
          .map((count) => addDays(middle, count))
          .flatMap((date) =>
            rangesOf(new Date(`${date}T00:00Z`).getUTCDay()).map(({ start, end }) => ({
              start: internationalized(zone, wallOf(date, start)),
              end: internationalized(zone, wallOf(date, end)),
            })),
          ),
        window,
      );
      if (JSON.stringify(open) !== JSON.stringify(expected)) {
        expect.fail(`${zone} at ${iso(at)}: ${open.map(print).join(', ')} is not ${expected.map(print).join(', ')}`);
      }
    }
  });
});

function hours(start: number, end: number): HoursRange {
  return { start, end };
}

function changesOf(zone: ZoneId): Change[] {
  const offsets = moment.tz.zone(zone) ?? expect.fail(`${zone} has no data`);
  return offsets.untils
    .filter((at) => at >= FROM && at < TO)
    .map((at) => ({ zone, at, before: -offsets.utcOffset(at - 1), after: -offsets.utcOffset(at) }))
    .filter(({ before, after }) => before !== after);
}

/** Every quarter of an hour from before what a change skips or repeats to after it, and the minutes at its edges. */
function wallsAround(at: number, before: number, after: number): number[] {
  const first = at + Math.min(before, after) * MINUTE;
  const last = at + Math.max(before, after) * MINUTE;
  const walls = [first - MINUTE, first, first + MINUTE, last - MINUTE, last, last + MINUTE];
  for (let wall = first + 15 * MINUTE; wall < last; wall += 15 * MINUTE) walls.push(wall);
  return [...walls, first - 26 * HOUR, last + 26 * HOUR];
}

function compare(zone: ZoneId, wall: number, oracle: (zone: ZoneId, wall: number) => number): void {
  const day = Math.floor(wall / (24 * HOUR));
  const date = new Date(wall).toISOString().slice(0, 10) as LocalDate;
  const ours = toInstant(zone, date, (wall - day * 24 * HOUR) / MINUTE);
  const theirs = oracle(zone, wall);
  if (ours !== theirs) expect.fail(`${zone} ${iso(wall)}: ${iso(ours)} is not ${iso(theirs)} (${oracle.name})`);
}

function internationalized(zone: ZoneId, wall: number): number {
  const at = new Date(wall);
  const time = new CalendarDateTime(
    at.getUTCFullYear(),
    at.getUTCMonth() + 1,
    at.getUTCDate(),
    at.getUTCHours(),
    at.getUTCMinutes(),
  );
  return toZoned(time, zone, 'compatible').toDate().getTime();
}

function byMoment(zone: ZoneId, wall: number): number {
  return moment.tz(new Date(wall).toISOString().slice(0, 16), zone).valueOf();
}

/** Looks every nine days, and on both sides of every change. */
function runtimeAgrees(zone: ZoneId): boolean {
  const moments = changes.filter((change) => change.zone === zone).flatMap(({ at }) => [at - MINUTE, at]);
  for (let at = FROM; at < TO; at += 9 * 24 * HOUR) moments.push(at);
  const offsets = moment.tz.zone(zone) ?? expect.fail(`${zone} has no data`);
  return moments.every((at) => runtimeWall(zone, at) === at - offsets.utcOffset(at) * MINUTE);
}

/** What the runtime's own clock shows, as if UTC. */
function runtimeWall(zone: ZoneId, instant: number): number {
  let formatter = formatters.get(zone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
    formatters.set(zone, formatter);
  }
  const [date = '', time = ''] = formatter.format(instant).split(', ');
  return Date.parse(`${date}T${time}Z`);
}

function wallOf(date: LocalDate, minute: number): number {
  return Date.parse(`${date}T00:00Z`) + minute * MINUTE;
}

/** The union of the intervals inside the window, found by looking at every minute. */
function covered(intervals: readonly Interval[], window: Interval): Interval[] {
  const minutes = new Uint8Array((window.end - window.start) / MINUTE + 1);
  for (const { start, end } of intervals) {
    for (let at = Math.max(start, window.start); at < Math.min(end, window.end); at += MINUTE) {
      minutes[(at - window.start) / MINUTE] = 1;
    }
  }
  const union: Interval[] = [];
  let start = -1;
  for (const [minute, isOpen] of minutes.entries()) {
    if (isOpen === 1 && start < 0) start = minute;
    if (isOpen === 0 && start >= 0) {
      union.push({ start: window.start + start * MINUTE, end: window.start + minute * MINUTE });
      start = -1;
    }
  }
  return union;
}

function iso(instant: number): string {
  return new Date(instant).toISOString().slice(0, 16);
}

function print({ start, end }: Interval): string {
  return `${iso(start)}–${iso(end)}`;
}
