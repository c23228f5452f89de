import { CalendarDateTime, toZoned } from '@internationalized/date';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HoursRange } from '~/domain/availability/hours';
import {
  isOffered,
  nearestFree,
  nextFree,
  slotsIn,
  type Reservation,
  type Situation,
  type Slot,
} from '~/domain/slots/slots';
import { DAY, HOUR, MINUTE, type Instant, type Interval } from '~/domain/time/instant';
import { addDays, getLocalDate, type LocalDate } from '~/domain/time/local-date';
import { getZone } from '~/domain/time/zones';

/** Zones of odd offsets and odd changes, and the date of one: there the window lies. */
const places: (readonly [zone: string, date: string])[] = [
  ['Europe/Berlin', '2026-03-29'],
  ['Europe/Berlin', '2026-10-25'],
  ['America/St_Johns', '2026-03-08'],
  ['America/St_Johns', '2026-11-01'],
  ['Australia/Lord_Howe', '2026-04-05'],
  ['Australia/Lord_Howe', '2026-10-04'],
  ['Africa/Cairo', '2026-04-24'],
  ['Africa/Cairo', '2026-10-30'],
  ['Antarctica/Troll', '2026-03-29'],
  ['Antarctica/Troll', '2026-10-25'],
  ['Asia/Beirut', '2026-03-29'],
  ['Pacific/Chatham', '2026-04-05'],
  ['Asia/Kathmandu', '2026-06-11'],
];

const BEFORE = 35;
// The window ends within four days; its last session, with buffers, may go on.
const AFTER = 6;

const minute = fc.oneof(fc.constantFrom(0, 120, 150, 180, 1380, 1410, 1440), fc.nat(1440));
const range: fc.Arbitrary<HoursRange> = fc.oneof(
  fc.tuple(minute, minute).map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) })),
  fc.constant({ start: 0, end: 1440 }),
);
const week = fc.oneof(
  { weight: 4, arbitrary: fc.array(fc.array(range, { maxLength: 3 }), { minLength: 7, maxLength: 7 }) },
  { weight: 1, arbitrary: fc.constant(Array.from({ length: 7 }, () => [{ start: 0, end: 1440 }])) },
);

const scene = fc
  .record({
    place: fc.constantFrom(...places),
    weekly: week,
    overrides: fc.array(
      fc.record({ day: fc.integer({ min: -12, max: 4 }), ranges: fc.array(range, { maxLength: 2 }) }),
      { maxLength: 3 },
    ),
    durationMinutes: fc.constantFrom(15, 25, 50, 60, 90, 240),
    bufferBeforeMinutes: fc.constantFrom(0, 0, 5, 30),
    bufferAfterMinutes: fc.constantFrom(0, 0, 10, 45),
    step: fc.constantFrom('duration' as const, 'back-to-back' as const, 15 as const, 20 as const, 60 as const),
    minimumNoticeMinutes: fc.constantFrom(0, 60, 2000),
    horizonDays: fc.constantFrom(1, 3, 60),
    maxPerDay: fc.option(fc.integer({ min: 0, max: 3 })),
    maxPerWeek: fc.option(fc.integer({ min: 0, max: 5 })),
    nowMinutes: fc.integer({ min: -3 * 1440, max: 1440 }),
    from: fc.integer({ min: -2 * 1440, max: 1440 }),
    length: fc.integer({ min: 1, max: 3 * 1440 }),
    busy: fc.array(fc.tuple(fc.integer({ min: -3 * 1440, max: 4 * 1440 }), fc.nat(300)), { maxLength: 12 }),
    booked: fc.array(fc.integer({ min: -8 * 1440, max: 6 * 1440 }), { maxLength: 6 }),
  })
  .map(({ place: [zoneName, date], nowMinutes, from, length, busy, booked, overrides, weekly, ...plain }) => {
    const zone = getZone(zoneName);
    const rules = { zone, ...plain };
    const origin = Date.parse(`${date}T00:00Z`);
    const window: Interval = { start: origin + from * MINUTE, end: origin + (from + length) * MINUTE };
    const byDate = new Map(overrides.map(({ day, ranges }) => [addDays(getLocalDate(date), day), ranges]));
    const given: Situation = {
      schedule: { zone, weekly, overrides: Array.from(byDate, ([day, ranges]) => ({ date: day, ranges })) },
      rules,
      busy: busy.map(([start, minutes]) => ({
        start: origin + start * MINUTE,
        end: origin + (start + minutes) * MINUTE,
      })),
      reservations: booked.map((start): Reservation => {
        const startsAt = origin + start * MINUTE;
        const endsAt = startsAt + rules.durationMinutes * MINUTE;
        return {
          startsAt,
          endsAt,
          from: startsAt - rules.bufferBeforeMinutes * MINUTE,
          to: endsAt + rules.bufferAfterMinutes * MINUTE,
        };
      }),
      now: origin + nowMinutes * MINUTE,
    };
    return { window, given, date: getLocalDate(date) };
  });

test('slots are those that a plain reading of the rules finds, minute by minute, by another’s zone arithmetic', () => {
  let free = 0;
  let taken = 0;
  fc.assert(
    fc.property(scene, ({ window, given, date }) => {
      const found = slotsIn(window, given);
      expect(found).toEqual(readPlainly(window, given, date));
      free += found.filter(({ state }) => state === 'free').length;
      taken += found.filter(({ state }) => state === 'taken').length;
    }),
    { numRuns: 250 },
  );
  // Scenes are not all empty.
  expect(free).toBeGreaterThan(500);
  expect(taken).toBeGreaterThan(500);
});

test('a part of a window shows the same slots as the whole', () => {
  fc.assert(
    fc.property(
      scene,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      ({ window, given }, a, b) => {
        const at = (share: number) => Math.round(window.start + share * (window.end - window.start));
        const part = { start: at(Math.min(a, b)), end: at(Math.max(a, b)) };
        const cut = slotsIn(window, given).filter(({ start }) => part.start <= start && start < part.end);
        expect(slotsIn(part, given)).toEqual(cut);
      },
    ),
  );
});

test('more busy time, bookings, notice or a nearer horizon never free a slot nor add one', () => {
  fc.assert(
    fc.property(scene, scene, ({ window, given }, { given: other }) => {
      const free = freeOf(slotsIn(window, given));
      const stricter: Situation = {
        ...given,
        busy: [...given.busy, ...other.busy],
        reservations: [...given.reservations, ...other.reservations],
        rules: {
          ...given.rules,
          minimumNoticeMinutes: given.rules.minimumNoticeMinutes + 45,
          horizonDays: given.rules.horizonDays - 1,
        },
      };
      const fewer = slotsIn(window, stricter);
      expect(free).toEqual(expect.arrayContaining(freeOf(fewer)));
      expect(slotsIn(window, given).map(({ start }) => start)).toEqual(
        expect.arrayContaining(fewer.map(({ start }) => start)),
      );
    }),
  );
});

test('the order of busy time and bookings does not matter, nor that a piece is told twice', () => {
  fc.assert(
    fc.property(scene, ({ window, given }) => {
      const shuffled: Situation = {
        ...given,
        busy: [...given.busy, ...given.busy].reverse(),
        reservations: [...given.reservations].reverse(),
      };
      expect(slotsIn(window, shuffled)).toEqual(slotsIn(window, given));
    }),
  );
});

test('a free slot that is booked is taken at once, with all that its buffers reach', () => {
  fc.assert(
    fc.property(scene, fc.nat(), ({ window, given }, pick) => {
      const free = freeOf(slotsIn(window, given));
      const start = free[pick % free.length];
      if (start === undefined) return;
      const { durationMinutes, bufferBeforeMinutes, bufferAfterMinutes } = given.rules;
      const endsAt = start + durationMinutes * MINUTE;
      const booking = {
        startsAt: start,
        endsAt,
        from: start - bufferBeforeMinutes * MINUTE,
        to: endsAt + bufferAfterMinutes * MINUTE,
      };
      const after = { ...given, reservations: [...given.reservations, booking] };
      expect(isOffered(start, given)).toBe(true);
      expect(isOffered(start, after)).toBe(false);
      expect(slotsIn(window, after).find((slot) => slot.start === start)?.state).toBe('taken');
    }),
  );
});

test('a start is offered when it is free in the window, and only then', () => {
  fc.assert(
    fc.property(scene, fc.nat(), ({ window, given }, pick) => {
      const free = freeOf(slotsIn(window, given));
      const start = window.start + (pick % Math.max(1, window.end - window.start));
      expect(isOffered(start, given)).toBe(free.includes(start));
      for (const one of free.slice(0, 3)) expect(isOffered(one, given)).toBe(true);
    }),
  );
});

test('the next free start is the first of all, and the nearest are the first by distance', () => {
  fc.assert(
    fc.property(scene, fc.nat(5), ({ window, given }, count) => {
      const all = freeOf(slotsIn({ start: given.now, end: given.now + 70 * DAY }, given));
      expect(nextFree(given)).toBe(all[0] ?? null);
      const inside = freeOf(slotsIn(window, given));
      const middle = (window.start + window.end) / 2;
      const nearest = nearestFree(middle, given, count, window);
      expect(nearest).toHaveLength(Math.min(count, inside.length));
      const farthest = Math.max(0, ...nearest.map((start) => Math.abs(start - middle)));
      for (const start of inside)
        if (!nearest.includes(start)) expect(Math.abs(start - middle)).toBeGreaterThanOrEqual(farthest);
    }),
    { numRuns: 60 },
  );
});

function freeOf(slots: readonly Slot[]): Instant[] {
  return slots.flatMap(({ start, state }) => (state === 'free' ? [start] : []));
}

/** The rules as design and documents say them, without a thought for speed; zones by @internationalized/date. */
function readPlainly(
  window: Interval,
  { schedule, rules, busy, reservations, now }: Situation,
  middle: LocalDate,
): Slot[] {
  const origin = Date.parse(`${middle}T00:00Z`) - BEFORE * DAY;
  const minutes = new Uint8Array(((BEFORE + AFTER) * DAY) / MINUTE);
  const dates = Array.from({ length: BEFORE + AFTER + 2 }, (_, index) => addDays(middle, index - BEFORE - 1));
  for (const date of dates) {
    const special = schedule.overrides.find((override) => override.date === date);
    for (const { start, end } of special?.ranges ?? schedule.weekly[new Date(`${date}T00:00Z`).getUTCDay()] ?? []) {
      const from = Math.max(0, (instantOf(rules.zone, date, start) - origin) / MINUTE);
      minutes.fill(1, from, Math.max(from, (instantOf(rules.zone, date, end) - origin) / MINUTE));
    }
  }
  const isOpen = (start: Instant, end: Instant) => {
    for (let at = start; at < end; at += MINUTE) if (minutes[(at - origin) / MINUTE] !== 1) return false;
    return true;
  };
  const isFreshMonday = (at: Instant) => {
    const wall = wallOf(rules.zone, at);
    if (new Date(wall).getUTCDay() !== 1 || Math.floor(wallOf(rules.zone, at - MINUTE) / DAY) >= Math.floor(wall / DAY))
      return false;
    const monday = new Date(wall).toISOString().slice(0, 10) as LocalDate;
    // A week that is not in sight counts as open if all that is in sight is.
    return isOpen(Math.max(origin, instantOf(rules.zone, addDays(monday, -7), 0)), at);
  };

  const duration = rules.durationMinutes * MINUTE;
  const step =
    (rules.step === 'duration'
      ? rules.durationMinutes
      : rules.step === 'back-to-back'
        ? rules.bufferBeforeMinutes + rules.durationMinutes + rules.bufferAfterMinutes
        : rules.step) * MINUTE;
  const day = (at: Instant) => Math.floor(wallOf(rules.zone, at) / DAY);
  const week = (at: Instant) => Math.floor((day(at) + 3) / 7);
  const slots: Slot[] = [];
  let anchor = NaN;
  for (let at = origin; at < window.end; at += MINUTE) {
    if (!isOpen(at, at + MINUTE)) anchor = NaN;
    else if (Number.isNaN(anchor)) anchor = at;
    else if (at % (15 * MINUTE) === 0 && isFreshMonday(at)) anchor = at;
    if (at < window.start || Number.isNaN(anchor) || (at - anchor) % step !== 0 || !isOpen(at, at + duration)) continue;
    if (at < now + rules.minimumNoticeMinutes * MINUTE || day(at) > day(now) + rules.horizonDays) continue;
    const from = at - rules.bufferBeforeMinutes * MINUTE;
    const to = at + duration + rules.bufferAfterMinutes * MINUTE;
    const isTaken =
      busy.some(({ start, end }) => start < end && start < to && from < end) ||
      reservations.some((other) => other.from < to && from < other.to) ||
      (rules.maxPerDay !== null &&
        reservations.filter(({ startsAt }) => day(startsAt) === day(at)).length >= rules.maxPerDay) ||
      (rules.maxPerWeek !== null &&
        reservations.filter(({ startsAt }) => week(startsAt) === week(at)).length >= rules.maxPerWeek);
    slots.push({ start: at, state: isTaken ? 'taken' : 'free' });
  }
  return slots;
}

function instantOf(zone: string, date: LocalDate, minuteOfDay: number): Instant {
  const at = new Date(Date.parse(`${date}T00:00Z`) + minuteOfDay * MINUTE);
  const time = new CalendarDateTime(
    at.getUTCFullYear(),
    at.getUTCMonth() + 1,
    at.getUTCDate(),
    at.getUTCHours(),
    at.getUTCMinutes(),
  );
  return toZoned(time, zone, 'compatible').toDate().getTime();
}

const clocks = new Map<string, { readonly format: Intl.DateTimeFormat; readonly offsets: Map<number, number> }>();

/** What the runtime's clocks show, as if UTC; by the quarter of an hour, as no clock changes between. */
function wallOf(zone: string, at: Instant): number {
  let clock = clocks.get(zone);
  if (clock === undefined) {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    clocks.set(zone, (clock = { format, offsets: new Map() }));
  }
  const quarter = Math.floor(at / (15 * MINUTE));
  let offset = clock.offsets.get(quarter);
  if (offset === undefined) {
    const name = clock.format.format(quarter * 15 * MINUTE);
    const [, sign = '+', hours = '0', minutes = '0'] = /GMT(?:([+-])(\d\d):(\d\d))?$/.exec(name) ?? expect.fail(name);
    offset = (Number(hours) * HOUR + Number(minutes) * MINUTE) * (sign === '-' ? -1 : 1);
    clock.offsets.set(quarter, offset);
  }
  return at + offset;
}
