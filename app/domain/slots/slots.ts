import { localDay, openIntervals, type Schedule } from '../availability/hours';
import { DAY, HOUR, MINUTE, type Instant, type Interval } from '../time/instant';
import { mondayOfDay, type DayNumber } from '../time/local-date';
import { endOf, entryAt, offsetOf, type OffsetTable } from '../time/offset-table';
import { offsetsBetween, startOfDay, type ZoneId } from '../time/zones';

export type { Schedule };

/** What a session type and its mentor demand of a start. `zone` is the mentor's. */
export interface SlotRules {
  readonly zone: ZoneId;
  readonly durationMinutes: number;
  readonly bufferBeforeMinutes: number;
  readonly bufferAfterMinutes: number;
  /** From one start to the next: the duration, the duration with its buffers, or minutes. */
  readonly step: 'duration' | 'back-to-back' | 5 | 10 | 15 | 20 | 30 | 60;
  readonly minimumNoticeMinutes: number;
  /** The last date that may be booked is today (mentor's date) and so many days. */
  readonly horizonDays: number;
  readonly maxPerDay: number | null;
  /** Per ISO week: Monday to Sunday. */
  readonly maxPerWeek: number | null;
}

/** A booking that stands: when it is, and what it reserves with its buffers. */
export interface Reservation {
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly from: Instant;
  readonly to: Instant;
}

/**
 * All that decides about slots. Reservations and busy time may be in any order and overlap. To be exact to the edges of
 * a window they and the overrides must reach from `DAYS_BEFORE` it to `DAYS_AFTER` it.
 */
export interface Situation {
  readonly schedule: Schedule;
  readonly rules: SlotRules;
  readonly reservations: readonly Reservation[];
  readonly busy: readonly Interval[];
  readonly now: Instant;
}

/** A start that may be booked, or could be but for a booking, busy time or a cap. */
export interface Slot {
  readonly start: Instant;
  readonly state: 'free' | 'taken';
}

/** So many days before a window its overrides and bookings matter: grids reach back so far, and weeks have caps. */
export const DAYS_BEFORE = 15;
/** So many days after a window they matter: the week of its last day. */
export const DAYS_AFTER = 8;

/**
 * Starts inside the window that notice and horizon allow, ascending.
 *
 * Starts count from where open time begins and go on in steps, whatever is booked and whatever window is asked. Open
 * time that never begins needs another mark: what has been open for the whole of an ISO week counts anew from its end,
 * midnight before Monday in the mentor's zone. So two weeks of hours before the window decide all that is inside.
 */
export function slotsIn(window: Interval, { schedule, rules, reservations, busy, now }: Situation): Slot[] {
  const first = Math.max(window.start, now + rules.minimumNoticeMinutes * MINUTE);
  const end = Math.min(window.end, now + (rules.horizonDays + 2) * DAY);
  if (!(first < end)) return [];

  const table = offsetsBetween(rules.zone, now, end);
  const duration = rules.durationMinutes * MINUTE;
  const before = rules.bufferBeforeMinutes * MINUTE;
  const after = rules.bufferAfterMinutes * MINUTE;
  const lastDay = localDay(table, now) + rules.horizonDays;

  const starts = gridOfStarts(table, schedule, { start: first, end }, duration, stepOf(rules));
  const taken = takenAmong(starts, (occupy) => {
    // [start − before, start + duration + after) meets [from, to)
    for (const { from, to } of reservations) occupy(from - duration - after, to + before);
    for (const { start, end } of busy) if (start < end) occupy(start - duration - after, end + before);
  });
  const isCapped = caps(table, rules, reservations);
  // What is so for a whole day is looked up once a day.
  const dayAt = (start: Instant) => {
    const entry = entryAt(table, start);
    const day = Math.floor((start + offsetOf(table, entry)) / DAY);
    return {
      ends: Math.min(endOf(table, entry), (day + 1) * DAY - offsetOf(table, entry)),
      isAllowed: day <= lastDay,
      isCapped: isCapped(day),
    };
  };

  const slots: Slot[] = [];
  let day = dayAt(first);
  let index = 0;
  for (const start of starts) {
    if (start >= day.ends) day = dayAt(start);
    const isTaken = day.isCapped || taken[index] !== 0;
    index += 1;
    if (day.isAllowed) slots.push({ start, state: isTaken ? 'taken' : 'free' });
  }
  return slots;
}

/** Whether that very start is free. */
export function isOffered(start: Instant, situation: Situation): boolean {
  return slotsIn({ start, end: start + 1 }, situation).some(({ state }) => state === 'free');
}

/**
 * The free starts nearest to an instant, at most `count`, ascending; the earlier of two equally near. Looks only
 * within the window whose bookings are known.
 */
export function nearestFree(start: Instant, situation: Situation, count: number, within: Interval): Instant[] {
  return freeIn(within, situation)
    .sort((a, b) => Math.abs(a - start) - Math.abs(b - start))
    .slice(0, count)
    .sort((a, b) => a - b);
}

/** The first free start up to the horizon. */
export function nextFree(situation: Situation): Instant | null {
  const { now, rules } = situation;
  const end = now + (rules.horizonDays + 2) * DAY;
  let length = 28 * DAY;
  for (let start = now; start < end; start += length, length *= 2) {
    const [found] = freeIn({ start, end: start + length }, situation);
    if (found !== undefined) return found;
  }
  return null;
}

function freeIn(window: Interval, situation: Situation): Instant[] {
  return slotsIn(window, situation).flatMap(({ start, state }) => (state === 'free' ? [start] : []));
}

function stepOf({ step, durationMinutes, bufferBeforeMinutes, bufferAfterMinutes }: SlotRules): number {
  if (step === 'duration') return durationMinutes * MINUTE;
  if (step === 'back-to-back') return (bufferBeforeMinutes + durationMinutes + bufferAfterMinutes) * MINUTE;
  return step * MINUTE;
}

function gridOfStarts(
  table: OffsetTable,
  schedule: Schedule,
  window: Interval,
  duration: number,
  step: number,
): Instant[] {
  const firstMonday = mondayOfDay(localDay(table, window.start)) - 7;
  const open = openIntervals(schedule, { start: startOfDay(table, firstMonday * DAY), end: window.end + duration });
  const starts: Instant[] = [];
  for (const { start, end } of open) {
    const last = Math.min(window.end - 1, end - duration);
    let anchor = start;
    // The first Monday not before the start: no whole week can have passed by then.
    let monday = mondayOfDay(localDay(table, start - 1) + 7);
    while (anchor <= last) {
      monday += 7;
      const next = startOfDay(table, monday * DAY);
      const skipped = Math.max(0, Math.ceil((window.start - anchor) / step));
      for (let at = anchor + skipped * step; at <= last && at < next; at += step) starts.push(at);
      anchor = next;
    }
  }
  return starts;
}

/**
 * For every start, how many occupations cover it. An occupation (after, until) covers starts strictly between the two:
 * each adds one where it begins and takes one away where it ends, so order and overlap do not matter.
 */
function takenAmong(
  starts: readonly Instant[],
  tell: (occupy: (after: Instant, until: Instant) => void) => void,
): Int32Array {
  const changes = new Int32Array(starts.length + 1);
  const indexOf = indexIn(starts);
  tell((after, until) => {
    const from = indexOf(after + 1);
    const to = indexOf(until);
    changes[from] = (changes[from] ?? 0) + 1;
    changes[to] = (changes[to] ?? 0) - 1;
  });
  for (let index = 1; index < changes.length; index += 1) {
    changes[index] = (changes[index] ?? 0) + (changes[index - 1] ?? 0);
  }
  return changes;
}

/** Finds the first start that is not before an instant: the hour leads to it, an hour has few. */
function indexIn(starts: readonly Instant[]): (instant: Instant) => number {
  const origin = starts[0] ?? 0;
  const hours = Math.floor(((starts.at(-1) ?? 0) - origin) / HOUR) + 1;
  const firstOfHour = new Int32Array(hours);
  let index = 0;
  for (let hour = 0; hour < hours; hour += 1) {
    while ((starts[index] ?? Infinity) < origin + hour * HOUR) index += 1;
    firstOfHour[hour] = index;
  }
  return (instant) => {
    const hour = Math.floor((instant - origin) / HOUR);
    let found = hour < 0 ? 0 : (firstOfHour[hour] ?? starts.length);
    while ((starts[found] ?? Infinity) < instant) found += 1;
    return found;
  };
}

/** Whether the bookings that start on a day, or in its ISO week, have reached what the rules allow. */
function caps(
  table: OffsetTable,
  { maxPerDay, maxPerWeek }: SlotRules,
  reservations: readonly Reservation[],
): (day: DayNumber) => boolean {
  if (maxPerDay === null && maxPerWeek === null) return () => false;
  const perDay = new Map<DayNumber, number>();
  const perWeek = new Map<DayNumber, number>();
  for (const { startsAt } of reservations) {
    const day = localDay(table, startsAt);
    const monday = mondayOfDay(day);
    perDay.set(day, (perDay.get(day) ?? 0) + 1);
    perWeek.set(monday, (perWeek.get(monday) ?? 0) + 1);
  }
  return (day) =>
    (maxPerDay !== null && (perDay.get(day) ?? 0) >= maxPerDay) ||
    (maxPerWeek !== null && (perWeek.get(mondayOfDay(day)) ?? 0) >= maxPerWeek);
}
