import { MINUTE, type Instant, type Interval } from '../time/instant';

/** When a booking of this session type that starts then is, and what it reserves with its buffers (minutes). */
export function bookedTimes(
  startsAt: Instant,
  type: {
    readonly durationMinutes: number;
    readonly bufferBeforeMinutes: number;
    readonly bufferAfterMinutes: number;
  },
): { readonly startsAt: Instant; readonly endsAt: Instant; readonly reserved: Interval } {
  const endsAt = startsAt + type.durationMinutes * MINUTE;
  return {
    startsAt,
    endsAt,
    reserved: { start: startsAt - type.bufferBeforeMinutes * MINUTE, end: endsAt + type.bufferAfterMinutes * MINUTE },
  };
}
