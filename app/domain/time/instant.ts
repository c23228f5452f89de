/** A moment, in epoch milliseconds UTC. Never a wall-clock time. */
export type Instant = number;

/** Half-open stretch of time [start, end). */
export interface Interval {
  readonly start: Instant;
  readonly end: Instant;
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The minute that an instant lies in: its beginning. */
export const toMinute = (instant: Instant): Instant => Math.floor(instant / MINUTE) * MINUTE;
