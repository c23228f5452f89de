import { addDays, type LocalDate } from '../time/local-date';
import type { HoursRange } from './hours';

/** A day that differs from the week; closed when `ranges` is empty. */
export interface SpecialDay {
  readonly date: LocalDate;
  readonly ranges: readonly HoursRange[];
  readonly reason: string | null;
}

/** Days in a row, both dates included. */
export interface DateRun {
  readonly from: LocalDate;
  readonly until: LocalDate;
}

/** A run of such days. */
export interface SpecialDays extends DateRun {
  readonly ranges: readonly HoursRange[];
  readonly reason: string | null;
}

/** Days in a row that are alike in hours and reason, as one. Takes the days ascending, each date once. */
export function runsOfDays(days: readonly SpecialDay[]): SpecialDays[] {
  const runs: SpecialDays[] = [];
  for (const { date, ranges, reason } of days) {
    const last = runs.at(-1);
    if (last && addDays(last.until, 1) === date && last.reason === reason && areAlike(last.ranges, ranges))
      runs[runs.length - 1] = { ...last, until: date };
    else runs.push({ from: date, until: date, ranges, reason });
  }
  return runs;
}

const areAlike = (a: readonly HoursRange[], b: readonly HoursRange[]): boolean =>
  a.length === b.length && a.every(({ start, end }, i) => b[i]?.start === start && b[i].end === end);

/** Ranges in order, with those that touch made one. Takes ranges that do not overlap. */
export function joinTouching(ranges: readonly HoursRange[]): HoursRange[] {
  const joined: HoursRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last?.end === range.start) joined[joined.length - 1] = { start: last.start, end: range.end };
    else joined.push(range);
  }
  return joined;
}
