import { and, asc, eq, inArray, isNull, lt, lte, or, sql } from 'drizzle-orm';
import type { Owed } from '~/domain/notifications/owed';
import type { Instant } from '~/domain/time/instant';
import { accounts, bookingNotifications, bookings, mentors } from '~db/schema';
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

/** Neither sent nor given up nor taken back. */
export const isOpenNotification = and(
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
    .where(and(eq(bookingNotifications.bookingId, bookingId), isOpenNotification))
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

/** Not enqueued, and due by `dueUntil` (null: whenever). */
const isToEnqueue = (dueUntil: Instant | null) =>
  and(
    isNull(bookingNotifications.enqueuedAt),
    dueUntil === null ? undefined : lte(bookingNotifications.dueAt, dueUntil),
  );

/** Open messages of a booking for which no callback is enqueued yet, due by `dueUntil` (null: whenever). */
export const notificationsToEnqueue = (
  tx: Tx,
  bookingId: string,
  dueUntil: Instant | null,
): Promise<NotificationToEnqueue[]> =>
  tx
    .select(toEnqueue)
    .from(bookingNotifications)
    .where(and(eq(bookingNotifications.bookingId, bookingId), isOpenNotification, isToEnqueue(dueUntil)));

/**
 * Open messages of all bookings that nothing will send: no callback was enqueued and it is due by `dueUntil` (null:
 * whenever), or one was and both that and the message's time are before `overdueBefore`. Soonest first, at most `atMost`.
 */
export const forgottenNotifications = (
  tx: Tx,
  { overdueBefore, dueUntil, atMost }: { overdueBefore: Instant; dueUntil: Instant | null; atMost: number },
): Promise<NotificationToEnqueue[]> =>
  tx
    .select(toEnqueue)
    .from(bookingNotifications)
    .where(
      and(
        isOpenNotification,
        or(
          isToEnqueue(dueUntil),
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

export type BookingNotification = typeof bookingNotifications.$inferSelect;

/** Locks a message until the transaction ends: 'busy' when another one holds it, null when it does not exist. */
export async function lockNotification(tx: Tx, id: string): Promise<BookingNotification | 'busy' | null> {
  const isIt = eq(bookingNotifications.id, id);
  const [locked, existing] = await Promise.all([
    tx.select().from(bookingNotifications).where(isIt).for('update', { skipLocked: true }),
    tx.select({ id: bookingNotifications.id }).from(bookingNotifications).where(isIt),
  ]);
  return locked[0] ?? (existing.length > 0 ? 'busy' : null);
}

/** Where a booking's mentor reads mail; null when there is no such booking. */
export async function findMentorAddress(tx: Tx, bookingId: string): Promise<string | null> {
  const rows = await tx
    .select({ email: accounts.email })
    .from(bookings)
    .innerJoin(mentors, eq(mentors.id, bookings.mentorId))
    .innerJoin(accounts, eq(accounts.id, mentors.accountId))
    .where(eq(bookings.id, bookingId));
  return rows[0]?.email ?? null;
}

export async function markSent(tx: Tx, id: string, now: Instant, providerId: string): Promise<void> {
  await tx
    .update(bookingNotifications)
    .set({ sentAt: now, providerId, error: null, attempts: sql`${bookingNotifications.attempts} + 1` })
    .where(eq(bookingNotifications.id, id));
}

export async function markWithdrawn(tx: Tx, id: string, now: Instant): Promise<void> {
  await tx.update(bookingNotifications).set({ withdrawnAt: now }).where(eq(bookingNotifications.id, id));
}

/** Notes an attempt that failed; with `failedAt` it was the last one. `error` holds no address and no text of a provider. */
export async function markAttempt(
  tx: Tx,
  id: string,
  { error, failedAt }: { error: string; failedAt: Instant | null },
): Promise<void> {
  await tx
    .update(bookingNotifications)
    .set({ error, failedAt, attempts: sql`${bookingNotifications.attempts} + 1` })
    .where(eq(bookingNotifications.id, id));
}
