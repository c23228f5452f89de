import type { App } from '~/context';
import { visitor } from '~/data/actor';
import { findSessionType, type Mentor, type SessionType } from '~/data/mentors';
import { scheduleRows } from '~/data/slots';
import { isOffered } from '~/domain/slots/slots';
import type { Instant } from '~/domain/time/instant';
import { around, nearestTo, reachOf, situationOf } from './situation';

export type SlotQuote =
  | {
      readonly kind: 'free' | 'taken';
      readonly mentor: Mentor;
      readonly type: SessionType;
      /** Free starts around a taken one; empty when it is free. */
      readonly nearest: readonly Instant[];
    }
  | { readonly kind: 'not-found' };

/** Whether a start can be booked just now, for the form that asks who books. One round trip. */
export async function quoteSlot(
  app: App,
  address: { readonly mentor: string; readonly type: string },
  start: Instant,
): Promise<SlotQuote> {
  const now = app.clock();
  const reach = reachOf(around(start, now));
  const [found, rows] = await app.db.read(visitor, (tx) =>
    Promise.all([
      findSessionType(tx, { slug: address.mentor }, { slug: address.type }),
      scheduleRows(tx, { slug: address.mentor }, reach.dates, reach.window),
    ]),
  );
  if (!found) return { kind: 'not-found' };
  const situation = situationOf(found.mentor, found.type, rows, now);
  return isOffered(start, situation)
    ? { kind: 'free', ...found, nearest: [] }
    : { kind: 'taken', ...found, nearest: nearestTo(start, situation) };
}
