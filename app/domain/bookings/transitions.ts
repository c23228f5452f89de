import type { Instant } from '../time/instant';

export type BookingStatus = 'pending' | 'confirmed' | 'cancelled' | 'completed' | 'no_show';
export type BookingChange = 'confirm' | 'move' | 'cancel' | 'complete' | 'miss';

/** The one table of what may happen to a booking; where it names nothing, the change is refused. */
const TRANSITIONS: Record<BookingStatus, Partial<Record<BookingChange, BookingStatus>>> = {
  pending: { confirm: 'confirmed', move: 'pending', cancel: 'cancelled' },
  confirmed: { move: 'confirmed', cancel: 'cancelled', complete: 'completed', miss: 'no_show' },
  cancelled: {},
  completed: {},
  no_show: {},
};

/** Status after a change, or null when the booking's status does not allow it. */
export const statusAfter = (status: BookingStatus, change: BookingChange): BookingStatus | null =>
  TRANSITIONS[status][change] ?? null;

/** Moving and cancelling are for what has not begun. */
export const mayStillChange = (
  booking: { readonly status: BookingStatus; readonly startsAt: Instant },
  change: 'move' | 'cancel',
  now: Instant,
): boolean => statusAfter(booking.status, change) !== null && booking.startsAt > now;
