import { and, asc, between, eq, gte, inArray } from 'drizzle-orm';
import type { HoursRange } from '~/domain/availability/hours';
import type { DateRun, SpecialDay } from '~/domain/availability/special-days';
import type { LocalDate } from '~/domain/time/local-date';
import type { ZoneId } from '~/domain/time/zones';
import { mentorAvailability, mentorAvailabilityOverrides, mentors, sessionTypes } from '~db/schema';
import type { Tx } from './database';

/** One range of the weekly hours as it is kept: 0 = Sunday, minutes of the day. */
export interface WeeklyRange extends HoursRange {
  readonly dayOfWeek: number;
  readonly isActive: boolean;
}

/** Weekly hours, also of days that are switched off, in order. */
export const weeklyRangesOf = (tx: Tx, mentorId: string): Promise<WeeklyRange[]> =>
  tx
    .select({
      dayOfWeek: mentorAvailability.dayOfWeek,
      start: mentorAvailability.startTime,
      end: mentorAvailability.endTime,
      isActive: mentorAvailability.isActive,
    })
    .from(mentorAvailability)
    .where(eq(mentorAvailability.mentorId, mentorId))
    .orderBy(asc(mentorAvailability.dayOfWeek), asc(mentorAvailability.startTime));

/** Puts these hours in the place of all that were; statements of one round trip. */
export async function replaceWeeklyRanges(tx: Tx, mentorId: string, ranges: readonly WeeklyRange[]): Promise<void> {
  const rows = ranges.map(({ dayOfWeek, start, end, isActive }) => ({
    id: crypto.randomUUID(),
    mentorId,
    dayOfWeek,
    startTime: start,
    endTime: end,
    isActive,
  }));
  await Promise.all([
    tx.delete(mentorAvailability).where(eq(mentorAvailability.mentorId, mentorId)),
    ...(rows.length > 0 ? [tx.insert(mentorAvailability).values(rows)] : []),
  ]);
}

export async function setTimeZone(tx: Tx, mentorId: string, timeZone: ZoneId): Promise<void> {
  await tx.update(mentors).set({ timeZone }).where(eq(mentors.id, mentorId));
}

/** The session type whose length and pause stand beside the weekly hours: the first that can be booked. */
const firstSessionTypeId = (tx: Tx, mentorId: string) =>
  tx
    .select({ id: sessionTypes.id })
    .from(sessionTypes)
    .where(and(eq(sessionTypes.mentorId, mentorId), eq(sessionTypes.isActive, true)))
    .orderBy(asc(sessionTypes.position), asc(sessionTypes.id))
    .limit(1);

export interface SessionLength {
  readonly durationMinutes: number;
  readonly bufferAfterMinutes: number;
}

/** The first session type's length and pause, and its title where the mentor offers others beside it. */
export interface FirstSessionLength extends SessionLength {
  readonly titleAmongOthers: string | null;
}

/** Length and pause of the first session type; null when the mentor offers none. */
export async function findSessionLength(tx: Tx, mentorId: string): Promise<FirstSessionLength | null> {
  const [first, second] = await tx
    .select({
      title: sessionTypes.title,
      durationMinutes: sessionTypes.durationMinutes,
      bufferAfterMinutes: sessionTypes.bufferAfterMinutes,
    })
    .from(sessionTypes)
    .where(and(eq(sessionTypes.mentorId, mentorId), eq(sessionTypes.isActive, true)))
    .orderBy(asc(sessionTypes.position), asc(sessionTypes.id))
    .limit(2);
  if (first === undefined) return null;
  const { title, ...length } = first;
  return { ...length, titleAmongOthers: second === undefined ? null : title };
}

export async function setSessionLength(tx: Tx, mentorId: string, length: Partial<SessionLength>): Promise<void> {
  await tx
    .update(sessionTypes)
    .set(length)
    .where(inArray(sessionTypes.id, firstSessionTypeId(tx, mentorId)));
}

/** Days from `first` on that differ from the week, ascending, each date once. */
export async function specialDaysFrom(tx: Tx, mentorId: string, first: LocalDate): Promise<SpecialDay[]> {
  const rows = await tx
    .select()
    .from(mentorAvailabilityOverrides)
    .where(and(eq(mentorAvailabilityOverrides.mentorId, mentorId), gte(mentorAvailabilityOverrides.date, first)))
    .orderBy(asc(mentorAvailabilityOverrides.date), asc(mentorAvailabilityOverrides.startTime));
  const days: { date: LocalDate; ranges: HoursRange[]; reason: string | null }[] = [];
  for (const { date, startTime, endTime, reason } of rows) {
    let day = days.at(-1);
    if (day?.date !== date) days.push((day = { date: date as LocalDate, ranges: [], reason }));
    if (startTime !== null && endTime !== null) day.ranges.push({ start: startTime, end: endTime });
  }
  return days;
}

/** Makes the days of `dates` as in the week again; both dates are included. */
export async function removeSpecialDays(
  tx: Tx,
  mentorId: string,
  dates: DateRun,
): Promise<void> {
  await tx
    .delete(mentorAvailabilityOverrides)
    .where(
      and(
        eq(mentorAvailabilityOverrides.mentorId, mentorId),
        between(mentorAvailabilityOverrides.date, dates.from, dates.until),
      ),
    );
}

export async function insertSpecialDays(tx: Tx, mentorId: string, days: readonly SpecialDay[]): Promise<void> {
  const rows = days.flatMap(({ date, ranges, reason }) => {
    const row = { mentorId, date, reason };
    return ranges.length === 0
      ? [{ ...row, id: crypto.randomUUID(), isAvailable: false }]
      : ranges.map(({ start, end }) => ({
          ...row,
          id: crypto.randomUUID(),
          isAvailable: true,
          startTime: start,
          endTime: end,
        }));
  });
  if (rows.length > 0) await tx.insert(mentorAvailabilityOverrides).values(rows);
}
