import { and, asc, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import type { Owed } from '~/domain/notifications/owed';
import type { Instant } from '~/domain/time/instant';
import { bookingNotifications } from '~db/schema';
import type { Tx } from './database';

/** A message's id and when to send it: what a delayed callback needs. */
export interface NotificationDue {
  readonly id: string;
  readonly dueAt: Instant;
}

/** Writes the messages that are owed. One statement; the ids are made here, so nothing has to come back. */
export async function insertNotifications(
  tx: Tx,
  bookingId: string,
  owed: readonly Owed[],
  now: Instant,
): Promise<NotificationDue[]> {
  const rows = owed.map((one) => ({ ...one, id: crypto.randomUUID(), bookingId, createdAt: now }));
  if (rows.length > 0) await tx.insert(bookingNotifications).values(rows);
  return rows.map(({ id, dueAt }) => ({ id, dueAt }));
}

const isOpen = and(
  isNull(bookingNotifications.sentAt),
  isNull(bookingNotifications.failedAt),
  isNull(bookingNotifications.withdrawnAt),
);

/**
 * Takes back every message of the booking that is not sent yet; to be called before those of the move or the
 * cancellation are inserted. A message that is just being sent is left alone instead of waited for: should
 * that fail, its outdated sequence keeps it from being tried again.
 */
export async function withdrawNotifications(tx: Tx, bookingId: string, now: Instant): Promise<void> {
  const open = tx
    .select({ id: bookingNotifications.id })
    .from(bookingNotifications)
    .where(and(eq(bookingNotifications.bookingId, bookingId), isOpen))
    .for('update', { skipLocked: true });
  await tx
    .update(bookingNotifications)
    .set({ withdrawnAt: now })
    .where(inArray(bookingNotifications.id, open));
}

/** A message that a callback is to be enqueued for; `enqueuedAt` tells that one was before. */
export interface NotificationToEnqueue extends NotificationDue {
  readonly enqueuedAt: Instant | null;
}

const toEnqueue = {
  id: bookingNotifications.id,
  dueAt: bookingNotifications.dueAt,
  enqueuedAt: bookingNotifications.enqueuedAt,
};

/** Open messages of a booking for which no callback is enqueued yet. */
export const notificationsToEnqueue = (tx: Tx, bookingId: string): Promise<NotificationToEnqueue[]> =>
  tx
    .select(toEnqueue)
    .from(bookingNotifications)
    .where(and(eq(bookingNotifications.bookingId, bookingId), isOpen, isNull(bookingNotifications.enqueuedAt)));

/**
 * Open messages of all bookings that nothing will send: no callback was enqueued, or it was and both that and the
 * message's time are before `overdueBefore`. Soonest first, at most `atMost`.
 */
export const forgottenNotifications = (
  tx: Tx,
  { overdueBefore, atMost }: { overdueBefore: Instant; atMost: number },
): Promise<NotificationToEnqueue[]> =>
  tx
    .select(toEnqueue)
    .from(bookingNotifications)
    .where(
      and(
        isOpen,
        or(
          isNull(bookingNotifications.enqueuedAt),
          and(lt(bookingNotifications.enqueuedAt, overdueBefore), lt(bookingNotifications.dueAt, overdueBefore)),
        ),
      ),
    )
    .orderBy(asc(bookingNotifications.dueAt))
    .limit(atMost);

export async function markEnqueued(tx: Tx, ids: readonly string[], now: Instant): Promise<void> {
  await tx
    .update(bookingNotifications)
    .set({ enqueuedAt: now })
    .where(sql`${bookingNotifications.id} = any(${sql.param(ids)}::uuid[])`);
}
