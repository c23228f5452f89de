import type { App } from '~/context';
import { booker } from '~/data/actor';
import { recordAudit } from '~/data/audit';
import { findBookingByToken, lockBooking, updateBooking } from '~/data/bookings';
import { violatedConstraint } from '~/data/errors';
import { insertNotifications, withdrawNotifications } from '~/data/notifications';
import { scheduleRows } from '~/data/slots';
import { hashManageToken } from '~/crypto/manage-token';
import { bookedTimes } from '~/domain/bookings/booked-times';
import { mayStillChange, statusAfter } from '~/domain/bookings/transitions';
import { notificationsFor } from '~/domain/notifications/owed';
import { isOffered } from '~/domain/slots/slots';
import type { Instant } from '~/domain/time/instant';
import { enqueueNotifications } from '~/usecases/notifications/enqueue-notifications';
import { CONSTRAINTS } from '~db/schema';
import { around, nearestTo, reachOf, situationOf, without } from '../slots/situation';

export type RescheduleOutcome =
  | { readonly kind: 'moved' }
  /** It is at this time already. */
  | { readonly kind: 'unchanged' }
  /** The new time is gone; the old one stands. */
  | { readonly kind: 'taken'; readonly nearest: readonly Instant[] }
  /** Cancelled, or already begun. */
  | { readonly kind: 'settled' }
  /** Moved too often today: each move writes to two people. */
  | { readonly kind: 'limited'; readonly retryAfterSeconds: number }
  | { readonly kind: 'not-found' };

/**
 * Moves a booking by its private link: same row, same address, same UID, sequence + 1, everyone told. The duration and
 * buffers are the session type's of now. Moving to where it already is changes nothing.
 */
export async function rescheduleBooking(app: App, token: string, start: Instant): Promise<RescheduleOutcome> {
  const moves = await app.limits.take([{ limit: 'booking-moves', who: await hashManageToken(token) }]);
  if (moves.kind === 'limited') return { kind: 'limited', retryAfterSeconds: moves.retryAfterSeconds };
  try {
    return await moveInTransaction(app, token, start);
  } catch (error) {
    if (violatedConstraint(error) !== CONSTRAINTS.bookingOverlap) throw error;
    // Lost the race after all: the same look again finds the winner.
    return moveInTransaction(app, token, start);
  }
}

async function moveInTransaction(app: App, token: string, start: Instant): Promise<RescheduleOutcome> {
  const now = app.clock();
  const tokenHash = await hashManageToken(token);
  const actor = booker(tokenHash);
  const reach = reachOf(around(start, now));

  const outcome = await app.db.write(actor, async (tx) => {
    const [, found, rows] = await Promise.all([
      lockBooking(tx, { tokenHash }),
      findBookingByToken(tx, tokenHash),
      scheduleRows(tx, { bookedWith: tokenHash }, reach.dates, reach.window),
    ]);
    if (!found) return { kind: 'not-found' as const };
    const { booking, mentor, type } = found;
    const status = statusAfter(booking.status, 'move');
    if (status === null || !mayStillChange(booking, 'move', now)) return { kind: 'settled' as const };
    if (booking.startsAt === start) return { kind: 'unchanged' as const };
    const situation = without(booking, situationOf(mentor, type, rows, now));
    if (!isOffered(start, situation)) return { kind: 'taken' as const, nearest: nearestTo(start, situation) };

    const sequence = booking.icalSequence + 1;
    await Promise.all([
      updateBooking(tx, booking.id, {
        ...bookedTimes(start, type),
        status,
        icalSequence: sequence,
        rescheduledAt: now,
        updatedAt: now,
      }),
      withdrawNotifications(tx, booking.id, now),
      insertNotifications(tx, booking.id, notificationsFor('rescheduled', { startsAt: start, sequence }, now), now),
      recordAudit(tx, actor, now, {
        action: 'booking.rescheduled',
        subjectType: 'booking',
        subjectId: booking.id,
        details: { from: booking.startsAt, to: start },
      }),
    ]);
    return { kind: 'moved' as const, id: booking.id };
  });

  switch (outcome.kind) {
    case 'moved':
      app.afterwards(() => enqueueNotifications(app, outcome.id));
      return { kind: 'moved' };
    case 'unchanged':
    case 'taken':
    case 'settled':
    case 'not-found':
      return outcome;
  }
}
