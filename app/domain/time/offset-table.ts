import type { Instant } from './instant';

/**
 * A zone's offsets over a stretch of time. Entry i holds from `from[i]` on; the first has no beginning.
 * Wall times are milliseconds as if the clock showed UTC.
 */
export interface OffsetTable {
  readonly from: readonly Instant[];
  /** The same for wall times under Temporal's `compatible` disambiguation. */
  readonly wallFrom: readonly number[];
  /** Milliseconds, local − UTC. */
  readonly offsets: readonly number[];
}

/** Which entry decides at the instant. */
export function entryAt(table: OffsetTable, instant: Instant): number {
  return lastNotAfter(table.from, instant);
}

/** Milliseconds, local − UTC, in an entry. */
export function offsetOf(table: OffsetTable, entry: number): number {
  return table.offsets[entry] ?? NaN;
}

/** When the entry after this one begins; Infinity when none does. */
export function endOf(table: OffsetTable, entry: number): Instant {
  return table.from[entry + 1] ?? Infinity;
}

/** The instant at which the clock shows the wall time, `compatible`: the earlier of two, later by the gap in a gap. */
export function instantOf(table: OffsetTable, wall: number): Instant {
  return wall - offsetOf(table, lastNotAfter(table.wallFrom, wall));
}

/** Whether clocks show at another instant, before or after, what they show at this one. */
export function isRepeatedIn(table: OffsetTable, instant: Instant): boolean {
  const entry = entryAt(table, instant);
  const wall = instant + offsetOf(table, entry);
  // Changes lie days apart and repeat hours, so only the entries beside this one can show the same. Where there is
  // none its offset is NaN, of which no comparison is true.
  const isSecond = wall - offsetOf(table, entry - 1) < (table.from[entry] ?? NaN);
  const isFirst = wall - offsetOf(table, entry + 1) >= endOf(table, entry);
  return isSecond || isFirst;
}

/** Makes a table of changes in ascending order; the instant of the first does not matter. */
export function tableOf(changes: readonly { readonly at: Instant; readonly offset: number }[]): OffsetTable {
  const from: Instant[] = [];
  const wallFrom: number[] = [];
  const offsets: number[] = [];
  for (const { at, offset } of changes) {
    const before = offsets.at(-1);
    // In a gap (the offset grows) and in an overlap (it shrinks) `compatible` still goes by the offset before:
    // the new one counts from the larger of the two wall times that the change joins.
    from.push(before === undefined ? -Infinity : at);
    wallFrom.push(before === undefined ? -Infinity : at + Math.max(before, offset));
    offsets.push(offset);
  }
  return { from, wallFrom, offsets };
}

/** Index of the last number that is not after the given one, in ascending numbers of which the first is −Infinity. */
function lastNotAfter(ascending: readonly number[], number: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((ascending[middle] ?? Infinity) <= number) low = middle;
    else high = middle - 1;
  }
  return low;
}
