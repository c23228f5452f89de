import { DAY, MINUTE, type Interval } from '../time/instant';
import { merge, type MergedIntervals } from '../time/intervals';
import { dayNumber, weekdayOfDay, type DayNumber, type LocalDate } from '../time/local-date';
import { entryAt, instantOf, offsetOf, type OffsetTable } from '../time/offset-table';
import { offsetsBetween, startOfDay, type ZoneId } from '../time/zones';

/** A stretch of a day in minutes after midnight, [start, end); 1440 is 24:00. */
export interface HoursRange {
  readonly start: number;
  readonly end: number;
}

/** Hours by day of the week, 0 = Sunday … 6 = Saturday. */
export type WeeklyHours = readonly (readonly HoursRange[])[];

/** Hours that replace a date's weekday wholly; none = closed. */
export interface OverrideHours {
  readonly date: LocalDate;
  readonly ranges: readonly HoursRange[];
}

/** When a mentor is there: wall-clock time in the mentor's zone. */
export interface Schedule {
  readonly zone: ZoneId;
  readonly weekly: WeeklyHours;
  readonly overrides: readonly OverrideHours[];
}

/**
 * Open time inside the window. Bounds resolve by Temporal's `compatible`; ranges that touch or overlap are one, over
 * midnight too; what a clock change empties is left out, and so is a date that the zone skipped.
 */
export function openIntervals({ zone, weekly, overrides }: Schedule, window: Interval): MergedIntervals {
  const table = offsetsBetween(zone, window.start, window.end);
  const special = specialDays(overrides);
  const found: Interval[] = [];
  // One date more on both sides: clock changes carry hours over midnight (Nuuk skips 23:00 to 24:00).
  const lastDay = localDay(table, window.end) + 1;
  for (let day = localDay(table, window.start) - 1; day <= lastDay; day += 1) {
    const ranges = special.get(day) ?? weekly[weekdayOfDay(day)];
    if (ranges === undefined || !dayExists(table, day)) continue;
    for (const range of ranges) {
      const start = Math.max(window.start, instantOf(table, day * DAY + range.start * MINUTE));
      const end = Math.min(window.end, instantOf(table, day * DAY + range.end * MINUTE));
      found.push({ start, end });
    }
  }
  return merge(found);
}

/** The day of the calendar on which an instant falls. */
export function localDay(table: OffsetTable, instant: number): DayNumber {
  return Math.floor((instant + offsetOf(table, entryAt(table, instant))) / DAY);
}

function specialDays(overrides: readonly OverrideHours[]): ReadonlyMap<DayNumber, readonly HoursRange[]> {
  const special = new Map<DayNumber, readonly HoursRange[]>();
  for (const { date, ranges } of overrides) {
    const day = dayNumber(date);
    special.set(day, [...(special.get(day) ?? []), ...ranges]);
  }
  return special;
}

function dayExists(table: OffsetTable, day: DayNumber): boolean {
  return localDay(table, startOfDay(table, day * DAY)) === day;
}

/**
 * Minutes after midnight (0–1440) that people write in a form: `9`, `930`, `9:30`, `9.30`, `0930`, `9pm`, `9:30 p.m.`,
 * `24:00`; full-width digits of an East Asian keyboard too. Anything else is undefined.
 */
export function parseTimeOfDay(text: string): number | undefined {
  const written = text.normalize('NFKC').trim().toLowerCase();
  const match = /^(\d{1,2})(?:[:.]?(\d{2}))?(?:\s*([ap])\.?m\.?)?$/.exec(written);
  if (match === null) return undefined;
  const [, hourText, minuteText, half] = match;
  const minute = Number(minuteText ?? 0);
  const hour = Number(hourText);
  if (minute > 59) return undefined;
  if (half !== undefined)
    return hour >= 1 && hour <= 12 ? ((hour % 12) + (half === 'p' ? 12 : 0)) * 60 + minute : undefined;
  const minutes = hour * 60 + minute;
  return minutes <= 1440 ? minutes : undefined;
}

export interface RangeProblem {
  /** Which of the ranges. */
  readonly index: number;
  readonly kind: 'reversed' | 'empty' | 'overlaps';
}

/** What forbids these ranges of one day, ascending by index: of two that overlap, the one that was written later. */
export function problemsOfRanges(ranges: readonly HoursRange[]): RangeProblem[] {
  return ranges.flatMap(({ start, end }, index): RangeProblem[] => {
    if (start > end) return [{ index, kind: 'reversed' }];
    if (start === end) return [{ index, kind: 'empty' }];
    const overlaps = ranges
      .slice(0, index)
      .some((other) => other.start < other.end && start < other.end && other.start < end);
    return overlaps ? [{ index, kind: 'overlaps' }] : [];
  });
}
