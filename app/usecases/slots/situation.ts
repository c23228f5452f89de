import { scheduleOf, type ScheduleRows } from '~/data/slots';
import type { Mentor, SessionType } from '~/data/mentors';
import { DAYS_AFTER, DAYS_BEFORE, nearestFree, type Situation } from '~/domain/slots/slots';
import { DAY, type Instant, type Interval } from '~/domain/time/instant';
import { addDays, type LocalDate } from '~/domain/time/local-date';
import { findZone, toWall, type ZoneId } from '~/domain/time/zones';

/** Zones in the database were checked when they were saved; one that data no longer know is read as UTC. */
export const zoneOf = (timeZone: string): ZoneId => findZone(timeZone) ?? UTC;
export const UTC = findZone('UTC') as ZoneId;

/** What has to be read to know the slots that start within a window. */
export function reachOf(window: Interval): { dates: { first: LocalDate; last: LocalDate }; window: Interval } {
  const reach = { start: window.start - DAYS_BEFORE * DAY, end: window.end + DAYS_AFTER * DAY };
  return {
    window: reach,
    // A day more on either side: the dates are the mentor's, in whatever zone.
    dates: { first: addDays(toWall(UTC, reach.start).date, -1), last: addDays(toWall(UTC, reach.end).date, 1) },
  };
}

/** Farther than any horizon, so that a wild date in an address costs and breaks nothing. */
const FARTHEST = 800 * DAY;

/** The days around a start that are looked at to book it or to offer something instead. */
export function around(start: Instant, now: Instant): Interval {
  const middle = Math.min(Math.max(start, now), now + FARTHEST);
  return { start: middle - 7 * DAY, end: middle + 7 * DAY };
}

/** How many free times a refusal offers instead. */
const OFFERED_INSTEAD = 6;

/** Free starts of the days around one that is gone, soonest first. */
export const nearestTo = (start: Instant, situation: Situation): Instant[] =>
  nearestFree(start, situation, OFFERED_INSTEAD, around(start, situation.now));

/** Puts a mentor's rows and a session type's rules together for the engine. */
export function situationOf(mentor: Mentor, type: SessionType, rows: ScheduleRows, now: Instant): Situation {
  const zone = zoneOf(mentor.timeZone);
  const { weekly, overrides, reservations } = scheduleOf(rows, mentor.id);
  return {
    schedule: { zone, weekly, overrides },
    rules: {
      zone,
      durationMinutes: type.durationMinutes,
      bufferBeforeMinutes: type.bufferBeforeMinutes,
      bufferAfterMinutes: type.bufferAfterMinutes,
      step: stepOf(type.slotStep),
      minimumNoticeMinutes: type.minimumNoticeMinutes,
      horizonDays: type.horizonDays,
      maxPerDay: type.maxPerDay,
      maxPerWeek: type.maxPerWeek,
    },
    reservations,
    busy: [],
    now,
  };
}

/** The situation as it is for a booking that moves: its own time does not stand in its way. */
export const without = (booking: { readonly startsAt: Instant }, situation: Situation): Situation => ({
  ...situation,
  reservations: situation.reservations.filter(({ startsAt }) => startsAt !== booking.startsAt),
});

function stepOf(step: SessionType['slotStep']): Situation['rules']['step'] {
  if (step === 'duration' || step === 'back-to-back') return step;
  return Number(step) as Exclude<Situation['rules']['step'], string>;
}
