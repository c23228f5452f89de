import type { App } from '~/context';
import { mentor } from '~/data/actor';
import { recordAudit } from '~/data/audit';
import { replaceWeeklyRanges, setSessionLength, setTimeZone, type WeeklyRange } from '~/data/availability';
import { violatedConstraint } from '~/data/errors';
import { findRequest, keepRequest, type NamedRequest } from '~/data/idempotency';
import { lockMentor } from '~/data/mentors';
import type { HoursRange } from '~/domain/availability/hours';
import { joinTouching } from '~/domain/availability/special-days';
import type { ZoneId } from '~/domain/time/zones';
import { CONSTRAINTS } from '~db/schema';
import { zoneOf } from '../slots/situation';

export interface HoursToKeep {
  readonly zone: ZoneId;
  /** Index 0 = Sunday. Ranges of a day that is off are kept, but not offered. */
  readonly week: readonly { readonly isOn: boolean; readonly ranges: readonly HoursRange[] }[];
  /** Of the first session type; what is undefined stays. */
  readonly durationMinutes?: number | undefined;
  readonly bufferAfterMinutes?: number | undefined;
}

export type HoursSaved =
  /** With what is kept now, by day and time, and in which zone. */
  | { readonly kind: 'saved'; readonly ranges: readonly WeeklyRange[]; readonly zone: ZoneId }
  | { readonly kind: 'overlaps' };
export type NamedHoursSaved =
  | HoursSaved
  /** Another request has this name. */
  | { readonly kind: 'name-used' };

/**
 * Puts weekly hours, zone, session length and pause in the place of what was, all of it or nothing. Saves of the same
 * mentor wait for one another, so two never mix; what is booked stays as it is. Ranges that touch become one.
 * One round trip. A request that is named (`named`) is carried out once: sent again it changes nothing.
 */
export async function saveHours(app: App, mentorId: string, hours: HoursToKeep): Promise<HoursSaved>;
export async function saveHours(
  app: App,
  mentorId: string,
  hours: HoursToKeep,
  named: NamedRequest | undefined,
): Promise<NamedHoursSaved>;
export async function saveHours(
  app: App,
  mentorId: string,
  hours: HoursToKeep,
  named?: NamedRequest,
): Promise<NamedHoursSaved> {
  const { zone, week, durationMinutes, bufferAfterMinutes } = hours;
  const ranges = week.flatMap(({ isOn, ranges }, dayOfWeek): WeeklyRange[] =>
    joinTouching(ranges).map((range) => ({ ...range, dayOfWeek, isActive: isOn })),
  );
  const length = {
    ...(durationMinutes === undefined ? {} : { durationMinutes }),
    ...(bufferAfterMinutes === undefined ? {} : { bufferAfterMinutes }),
  };
  const actor = mentor(mentorId);
  const now = app.clock();
  try {
    await app.db.writeAtOnce(actor, (tx) =>
      Promise.all([
        lockMentor(tx, { id: mentorId }),
        replaceWeeklyRanges(tx, mentorId, ranges),
        setTimeZone(tx, mentorId, zone),
        Object.keys(length).length > 0 ? setSessionLength(tx, mentorId, length) : undefined,
        named && keepRequest(tx, actor, named, { zone }, now),
        recordAudit(tx, actor, now, {
          action: 'availability.hours-saved',
          subjectType: 'mentor',
          subjectId: mentorId,
          details: { zone, ranges: ranges.length, ...length },
        }),
      ]),
    );
    return { kind: 'saved', ranges, zone };
  } catch (error) {
    const violated = violatedConstraint(error);
    if (violated === CONSTRAINTS.hoursOverlap) return { kind: 'overlaps' };
    if (named === undefined || violated !== CONSTRAINTS.idempotencyKey) throw error;
    const earlier = await app.db.read(actor, (tx) => findRequest(tx, named.key));
    if (earlier?.requestHash !== named.requestHash) return { kind: 'name-used' };
    // The mentor's zone may be another by now; the answer stays what it was.
    return { kind: 'saved', ranges, zone: zoneOf(String(earlier.answer.zone)) };
  }
}
