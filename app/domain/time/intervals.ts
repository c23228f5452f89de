import type { Interval } from './instant';

declare const brand: unique symbol;

/** Intervals that are not empty, ascending, and neither overlap nor touch: made by `merge` alone. */
export type MergedIntervals = readonly Interval[] & { readonly [brand]: 'MergedIntervals' };

/** What the intervals cover together. Those that touch become one, empty and reversed ones vanish. */
export function merge(intervals: readonly Interval[]): MergedIntervals {
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of [...intervals].sort((a, b) => a.start - b.start)) {
    if (start >= end) continue;
    const last = merged.at(-1);
    if (last === undefined || start > last.end) merged.push({ start, end });
    else if (end > last.end) last.end = end;
  }
  return merged as readonly Interval[] as MergedIntervals;
}
