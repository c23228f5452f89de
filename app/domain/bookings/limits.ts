import type { Instant } from '../time/instant';
import { DAY } from '../time/instant';

/** How many bookings may be made within a day, counted from the bookings themselves. */
export const BOOKINGS_PER_DAY = { email: 3, mentor: 10 } as const;

/**
 * When the next booking may be made, as an instant; null when one may be made now.
 * @param made when bookings were made, newest first
 */
export function limitedUntil(made: readonly Instant[], max: number, now: Instant): Instant | null {
  const deciding = made.filter((at) => at > now - DAY)[max - 1];
  return deciding === undefined ? null : deciding + DAY;
}
