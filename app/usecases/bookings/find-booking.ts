import type { App } from '~/context';
import { booker } from '~/data/actor';
import { findBookingByToken, type BookingWithMentor } from '~/data/bookings';
import { hashManageToken } from '~/crypto/manage-token';
import { mayStillChange } from '~/domain/bookings/transitions';

export interface FoundBooking extends BookingWithMentor {
  readonly mayMove: boolean;
  readonly mayCancel: boolean;
}

/**
 * The booking of a private link; null when no booking has that token. Looked up by the token's hash, so the time it
 * takes tells nothing about the token.
 */
export async function findBooking(app: App, token: string): Promise<FoundBooking | null> {
  const tokenHash = await hashManageToken(token);
  const found = await app.db.read(booker(tokenHash), (tx) => findBookingByToken(tx, tokenHash));
  if (!found) return null;
  const now = app.clock();
  return {
    ...found,
    mayMove: mayStillChange(found.booking, 'move', now),
    mayCancel: mayStillChange(found.booking, 'cancel', now),
  };
}
