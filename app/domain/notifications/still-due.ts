import { HOUR, type Instant } from '~/domain/time/instant';
import type { NotificationType } from './owed';

interface BookingNow {
  readonly status: 'pending' | 'confirmed' | 'cancelled' | 'completed' | 'no_show';
  readonly icalSequence: number;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
}

/** Until when each message tells somebody something. */
const TELLS: Readonly<Record<NotificationType, (booking: BookingNow, now: Instant) => boolean>> = {
  confirmed: ({ status, endsAt }, now) => status === 'confirmed' && now < endsAt,
  rescheduled: ({ status, endsAt }, now) => status === 'confirmed' && now < endsAt,
  cancelled: ({ status }) => status === 'cancelled',
  // So late, the second reminder says it.
  'reminder-24h': ({ status, startsAt }, now) => status === 'confirmed' && now < startsAt - HOUR,
  'reminder-1h': ({ status, startsAt }, now) => status === 'confirmed' && now < startsAt,
};

/**
 * Whether a message that is owed is still worth sending: it speaks of the booking as it is now, and its news is not
 * overtaken by time. Callbacks come late, twice and in any order.
 */
export const isStillDue = (
  message: { readonly type: NotificationType; readonly sequence: number },
  booking: BookingNow,
  now: Instant,
): boolean => message.sequence === booking.icalSequence && TELLS[message.type](booking, now);
