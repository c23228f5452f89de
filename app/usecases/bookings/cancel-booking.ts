import type { App } from '~/context';
import { booker, mentor, type Actor } from '~/data/actor';
import { recordAudit } from '~/data/audit';
import { findBookingById, findBookingByToken, lockBooking, updateBooking } from '~/data/bookings';
import { insertNotifications, withdrawNotifications } from '~/data/notifications';
import { hashManageToken } from '~/crypto/manage-token';
import { mayStillChange, statusAfter } from '~/domain/bookings/transitions';
import { notificationsFor } from '~/domain/notifications/owed';
import { enqueueNotifications } from '~/usecases/notifications/enqueue-notifications';

/** The booker by private link, or the mentor by the booking's id. */
export type Canceller =
  | { readonly kind: 'booker'; readonly token: string }
  | { readonly kind: 'mentor'; readonly mentorId: string; readonly bookingId: string };

export type CancellationOutcome =
  | { readonly kind: 'cancelled' }
  /** Already begun or over. */
  | { readonly kind: 'settled' }
  | { readonly kind: 'not-found' };

/** Cancels a booking: its time is free again, everyone is told. Cancelling twice changes nothing. */
export async function cancelBooking(app: App, by: Canceller, reason?: string): Promise<CancellationOutcome> {
  const now = app.clock();
  const { actor, which } = await identify(by);

  const outcome = await app.db.write(actor, async (tx) => {
    const [, found] = await Promise.all([
      lockBooking(tx, which),
      'id' in which ? findBookingById(tx, which.id) : findBookingByToken(tx, which.tokenHash),
    ]);
    if (!found) return { kind: 'not-found' as const };
    const { booking } = found;
    if (booking.status === 'cancelled') return { kind: 'already' as const };
    const status = statusAfter(booking.status, 'cancel');
    if (status === null || !mayStillChange(booking, 'cancel', now)) return { kind: 'settled' as const };

    const sequence = booking.icalSequence + 1;
    await Promise.all([
      updateBooking(tx, booking.id, {
        status,
        cancelledBy: by.kind,
        cancelledAt: now,
        cancellationReason: reason || null,
        icalSequence: sequence,
        updatedAt: now,
      }),
      withdrawNotifications(tx, booking.id, now),
      insertNotifications(
        tx,
        booking.id,
        notificationsFor('cancelled', { startsAt: booking.startsAt, sequence }, now),
        now,
      ),
      recordAudit(tx, actor, now, { action: 'booking.cancelled', subjectType: 'booking', subjectId: booking.id }),
    ]);
    return { kind: 'cancelled' as const, id: booking.id };
  });

  switch (outcome.kind) {
    case 'cancelled':
      app.afterwards(() => enqueueNotifications(app, outcome.id));
      return { kind: 'cancelled' };
    case 'already':
      return { kind: 'cancelled' };
    case 'settled':
    case 'not-found':
      return outcome;
  }
}

async function identify(by: Canceller): Promise<{ actor: Actor; which: { id: string } | { tokenHash: string } }> {
  if (by.kind === 'mentor') return { actor: mentor(by.mentorId), which: { id: by.bookingId } };
  const tokenHash = await hashManageToken(by.token);
  return { actor: booker(tokenHash), which: { tokenHash } };
}
