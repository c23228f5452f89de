import { DAY, MINUTE, type Instant } from '../time/instant';
import { datesOf, dayNumber, firstDateOf, type LocalDate, type YearMonth } from '../time/local-date';
import { endOf, offsetOf } from '../time/offset-table';
import { offsetsBetween, toWall, type ZoneId } from '../time/zones';
import type { Slot } from './slots';

export type PartOfDay = 'morning' | 'afternoon' | 'evening';

/** What a visitor sees of a date. `few`: one or two are free; `full`: none of those that could be; `closed`: none could. */
export interface DayCell {
  readonly date: LocalDate;
  readonly state: 'open' | 'few' | 'full' | 'closed' | 'past';
  readonly isToday: boolean;
  /** How many starts are free. */
  readonly free: number;
  /** Whether a start is free in that part of the day. */
  readonly morning: boolean;
  readonly afternoon: boolean;
  readonly evening: boolean;
}

const FEW = 2;

/** Every date of the month with its slots, by the visitor's zone. The slots must be ascending; others are left out. */
export function monthGrid(
  slots: readonly Slot[],
  { month, zone, now }: { readonly month: YearMonth; readonly zone: ZoneId; readonly now: Instant },
): DayCell[] {
  const today = toWall(zone, now).date;
  const cells = datesOf(month).map((date) => ({
    date,
    slots: 0,
    free: 0,
    morning: false,
    afternoon: false,
    evening: false,
  }));
  const firstDay = dayNumber(firstDateOf(month));
  const table = offsetsBetween(zone, firstDay * DAY, (firstDay + cells.length) * DAY);
  let entry = 0;
  for (const { start, state } of slots) {
    while (start >= endOf(table, entry)) entry += 1;
    const wall = start + offsetOf(table, entry);
    const day = Math.floor(wall / DAY);
    const cell = cells[day - firstDay];
    if (cell === undefined) continue;
    cell.slots += 1;
    if (state === 'taken') continue;
    cell.free += 1;
    cell[partOfDay((wall - day * DAY) / MINUTE)] = true;
  }
  return cells.map(({ date, slots: count, free, morning, afternoon, evening }) => ({
    date,
    state: date < today ? 'past' : free > FEW ? 'open' : free > 0 ? 'few' : count > 0 ? 'full' : 'closed',
    isToday: date === today,
    free,
    morning,
    afternoon,
    evening,
  }));
}

/** Morning until 12:00, afternoon until 18:00, evening after; by the minute of the day. */
export function partOfDay(minute: number): PartOfDay {
  if (minute < 12 * 60) return 'morning';
  return minute < 18 * 60 ? 'afternoon' : 'evening';
}
