import { and, asc, eq, gt, gte, lt, lte, type AnyColumn, type SQL } from 'drizzle-orm';
import type { HoursRange, OverrideHours, WeeklyHours } from '~/domain/availability/hours';
import type { Reservation } from '~/domain/slots/slots';
import type { Interval } from '~/domain/time/instant';
import type { LocalDate } from '~/domain/time/local-date';
import { mentorAvailability, overrideHours, reservedTimes } from '~db/schema';
import type { Tx } from './database';
import { isMentor, type MentorKey } from './mentors';

/** What decides slots besides the rules, as rows that name their mentor. */
export interface ScheduleRows {
  readonly hours: readonly (HoursRange & { readonly mentorId: string; readonly dayOfWeek: number })[];
  /** A null range closes its date. */
  readonly overrides: readonly { mentorId: string; date: LocalDate; range: HoursRange | null }[];
  readonly reservations: readonly (Reservation & { readonly mentorId: string })[];
}

/** One mentor, or everyone who is listed. */
export type Whose = MentorKey | 'everyone';

/**
 * Weekly hours that are switched on, the special days of `dates` (both included) and the reserved times that touch
 * `window`: three statements of one round trip.
 */
export async function scheduleRows(
  tx: Tx,
  whose: Whose,
  dates: { readonly first: LocalDate; readonly last: LocalDate },
  window: Interval,
): Promise<ScheduleRows> {
  const of = (column: AnyColumn): SQL | undefined => (whose === 'everyone' ? undefined : isMentor(column, whose));
  const [hours, overrides, reservations] = await Promise.all([
    tx
      .select({
        mentorId: mentorAvailability.mentorId,
        dayOfWeek: mentorAvailability.dayOfWeek,
        start: mentorAvailability.startTime,
        end: mentorAvailability.endTime,
      })
      .from(mentorAvailability)
      .where(and(of(mentorAvailability.mentorId), eq(mentorAvailability.isActive, true)))
      .orderBy(asc(mentorAvailability.startTime)),
    tx
      .select()
      .from(overrideHours)
      .where(
        and(of(overrideHours.mentorId), gte(overrideHours.date, dates.first), lte(overrideHours.date, dates.last)),
      )
      .orderBy(asc(overrideHours.startTime)),
    tx
      .select({
        mentorId: reservedTimes.mentorId,
        startsAt: reservedTimes.startsAt,
        endsAt: reservedTimes.endsAt,
        from: reservedTimes.reservedFrom,
        to: reservedTimes.reservedTo,
      })
      .from(reservedTimes)
      .where(
        and(
          of(reservedTimes.mentorId),
          // Bounds the search by the index on starts_at.
          gt(reservedTimes.startsAt, window.start - LONGEST_RESERVATION),
          lt(reservedTimes.startsAt, window.end + LONGEST_RESERVATION),
        ),
      ),
  ]);
  return {
    hours,
    overrides: overrides.map(({ mentorId, date, startTime, endTime }) => ({
      mentorId,
      date: date as LocalDate,
      range: startTime === null || endTime === null ? null : { start: startTime, end: endTime },
    })),
    reservations,
  };
}

/** Duration and both buffers are at most twelve hours each (checked by the schema), in milliseconds. */
const LONGEST_RESERVATION = 36 * 3_600_000;

/** A mentor's part of the rows, as the slot engine takes it. */
export function scheduleOf(rows: ScheduleRows, mentorId: string) {
  const weekly: HoursRange[][] = [[], [], [], [], [], [], []];
  for (const { mentorId: id, dayOfWeek, start, end } of rows.hours)
    if (id === mentorId) weekly[dayOfWeek]?.push({ start, end });
  const special = new Map<LocalDate, HoursRange[]>();
  for (const { mentorId: id, date, range } of rows.overrides) {
    if (id !== mentorId) continue;
    const ranges = special.get(date) ?? [];
    if (range) ranges.push(range);
    special.set(date, ranges);
  }
  return {
    weekly: weekly satisfies WeeklyHours,
    overrides: [...special].map(([date, ranges]): OverrideHours => ({ date, ranges })),
    reservations: rows.reservations.filter((one) => one.mentorId === mentorId),
  };
}
