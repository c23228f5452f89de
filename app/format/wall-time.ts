import { MINUTE, type Instant } from '~/domain/time/instant';
import { entryAt, offsetOf } from '~/domain/time/offset-table';
import { offsetsBetween, type ZoneId } from '~/domain/time/zones';

/** An instant as programs read it, to the second: `2026-06-11T01:00:00Z` (RFC 3339). */
export const instantText = (instant: Instant): string => new Date(instant).toISOString().replace('.000Z', 'Z');

/**
 * What clocks of the zone show, with their offset from UTC: `2026-06-11T10:00:00+09:00` (RFC 3339). Takes first and last of
 * the instants that will be asked for, so that the zone is looked up once for all of them.
 */
export function wallTexts(zone: ZoneId, first: Instant, last: Instant): (instant: Instant) => string {
  const table = offsetsBetween(zone, first, last);
  return (instant) => {
    const offset = offsetOf(table, entryAt(table, instant));
    const minutes = Math.abs(offset / MINUTE);
    const sign = offset < 0 ? '-' : '+';
    const wall = new Date(instant + offset).toISOString().slice(0, 19);
    return `${wall}${sign}${twoDigits(Math.floor(minutes / 60))}:${twoDigits(Math.floor(minutes % 60))}`;
  };
}

const twoDigits = (number: number): string => String(number).padStart(2, '0');
