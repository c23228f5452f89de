import { DAY, MINUTE, type Instant } from '~/domain/time/instant';
import { dateOfDay } from '~/domain/time/local-date';
import { entryAt, offsetOf } from '~/domain/time/offset-table';
import { offsetsBetween, type ZoneId } from '~/domain/time/zones';

/** An instant as programs read it: `2026-06-11T01:00:00Z` (RFC 3339). */
export const instantText = (instant: Instant): string => new Date(instant).toISOString().replace('.000Z', 'Z');

export interface TimeTexts {
  /** `2026-06-11T01:00:00Z` */
  instant(this: void, instant: Instant): string;
  /** What clocks of the zone show, with their offset from UTC: `2026-06-11T10:00:00+09:00`. */
  wall(this: void, instant: Instant): string;
}

/**
 * The same for thousands of instants, to the second. Takes the first and the last of them, so that the zone is looked up
 * once; dates are written once for all times of a day.
 */
export function timeTexts(zone: ZoneId, first: Instant, last: Instant): TimeTexts {
  const table = offsetsBetween(zone, first, last);
  const [inUtc, inZone] = [clockWriter(), clockWriter()];
  return {
    instant: (instant) => `${inUtc(instant)}Z`,
    wall(instant) {
      const offset = offsetOf(table, entryAt(table, instant));
      const minutes = Math.abs(offset / MINUTE);
      const ahead = `${offset < 0 ? '-' : '+'}${TWO_DIGITS[Math.floor(minutes / 60)]}:${TWO_DIGITS[Math.floor(minutes % 60)]}`;
      return inZone(instant + offset) + ahead;
    },
  };
}

/** Writes `2026-06-11T10:00:00` of milliseconds as if the clock showed UTC. */
function clockWriter(): (wall: number) => string {
  let day = NaN;
  let date = '';
  return (wall) => {
    const itsDay = Math.floor(wall / DAY);
    if (itsDay !== day) {
      day = itsDay;
      date = dateOfDay(day);
    }
    const second = Math.floor((wall - day * DAY) / 1000);
    const hour = TWO_DIGITS[Math.floor(second / 3600)];
    return `${date}T${hour}:${TWO_DIGITS[Math.floor(second / 60) % 60]}:${TWO_DIGITS[second % 60]}`;
  };
}

const TWO_DIGITS: readonly string[] = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));
