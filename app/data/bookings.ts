import { and, asc, count, desc, eq, getTableColumns, gt, gte, inArray, lt, lte, ne, or, sql } from 'drizzle-orm';
import type { Instant, Interval } from '~/domain/time/instant';
import { bookings, mentors, sessionTypes } from '~db/schema';
import type { Tx } from './database';
import { isMentor, type Mentor, type MentorKey, type SessionType } from './mentors';

export type Booking = Omit<typeof bookings.$inferSelect, 'reserved'>;
export type NewBooking = typeof bookings.$inferInsert;

/** A booking with whom and what it is of. */
export interface BookingWithMentor {
  readonly booking: Booking;
  readonly mentor: Mentor;
  readonly type: SessionType;
}

const { reserved: _reserved, ...bookingColumns } = getTableColumns(bookings);

const withMentor = (tx: Tx) =>
  tx
    .select({ booking: bookingColumns, mentor: mentors, type: sessionTypes })
    .from(bookings)
    .innerJoin(mentors, eq(mentors.id, bookings.mentorId))
    .innerJoin(sessionTypes, eq(sessionTypes.id, bookings.sessionTypeId));

/** The booking of a private link. The actor has to be its booker (or staff). */
export const findBookingByToken = async (tx: Tx, tokenHash: string): Promise<BookingWithMentor | null> =>
  (await withMentor(tx).where(eq(bookings.manageTokenHash, tokenHash)))[0] ?? null;

export const findBookingById = async (tx: Tx, id: string): Promise<BookingWithMentor | null> =>
  (await withMentor(tx).where(eq(bookings.id, id)))[0] ?? null;

/** What is known again of a booking that a request has made. */
export interface MadeBooking {
  readonly id: string;
  readonly manageTokenHash: string;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
}

/** What an earlier post of the same form has booked and not given up since. */
export async function findBookingByRequest(tx: Tx, requestKey: string): Promise<MadeBooking | null> {
  const rows = await tx
    .select({
      id: bookings.id,
      manageTokenHash: bookings.manageTokenHash,
      startsAt: bookings.startsAt,
      endsAt: bookings.endsAt,
    })
    .from(bookings)
    .where(and(eq(bookings.requestKey, requestKey), sql`${bookings.status} in ('pending', 'confirmed')`));
  return rows[0] ?? null;
}

/** One booker's bookings are counted one at a time. To be asked for after the mentor's lock, never before. */
export async function lockBooker(tx: Tx, email: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(lower(${email}), 1))`);
}

/** Bookings of one booker's or mentor's last day: when they were made, newest first. */
export async function bookingsMadeBy(tx: Tx, email: string, since: Instant): Promise<Instant[]> {
  return instants(
    await tx.execute(sql`select (extract(epoch from made) * 1000)::float8 from slotwell_bookings_made_by(${email}, ${new Date(since).toISOString()}) made`),
  );
}

export async function bookingsMadeWith(tx: Tx, mentor: MentorKey, since: Instant): Promise<Instant[]> {
  return instants(
    await tx.execute(
      sql`select (extract(epoch from made) * 1000)::float8
        from ${mentors}, slotwell_bookings_made_with(${mentors.id}, ${new Date(since).toISOString()}) made
        where ${isMentor(mentors.id, mentor)}`,
    ),
  );
}

const instants = (rows: unknown): Instant[] => (rows as [number][]).map(([made]) => made);

/** Waits for whoever changes this booking or its mentor's time. */
export async function lockBooking(tx: Tx, which: { id: string } | { tokenHash: string }): Promise<void> {
  const isIt = 'id' in which ? eq(bookings.id, which.id) : eq(bookings.manageTokenHash, which.tokenHash);
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtextextended(mentor_id::text, 0)) from ${bookings} where ${isIt}`,
  );
}

export async function insertBooking(tx: Tx, booking: NewBooking): Promise<void> {
  await tx.insert(bookings).values(booking);
}

/** Changes a booking that is as it was read; `fields` come from a rule, never from a form. */
export async function updateBooking(tx: Tx, id: string, fields: Partial<NewBooking>): Promise<void> {
  await tx.update(bookings).set(fields).where(eq(bookings.id, id));
}

export type AgendaView = 'upcoming' | 'past' | 'cancelled';

/**
 * A mentor's bookings: those that end after `since`, soonest first; those that ended before, or the cancelled ones,
 * latest first. One row more than asked for, when there is one, says that there is a next page.
 */
export function agendaOf(
  tx: Tx,
  mentorId: string,
  { view, since, skip, rows }: { view: AgendaView; since: Instant; skip: number; rows: number },
): Promise<{ booking: Booking; title: string }[]> {
  const ofView = {
    upcoming: { where: and(ne(bookings.status, 'cancelled'), gt(bookings.endsAt, since)), order: asc(bookings.startsAt) },
    past: { where: and(ne(bookings.status, 'cancelled'), lte(bookings.endsAt, since)), order: desc(bookings.startsAt) },
    cancelled: { where: eq(bookings.status, 'cancelled'), order: desc(bookings.cancelledAt) },
  }[view];
  return tx
    .select({ booking: bookingColumns, title: sessionTypes.title })
    .from(bookings)
    .innerJoin(sessionTypes, eq(sessionTypes.id, bookings.sessionTypeId))
    .where(and(eq(bookings.mentorId, mentorId), ofView.where))
    .orderBy(ofView.order, asc(bookings.id))
    .limit(rows + 1)
    .offset(skip);
}

/** The last booking of a page: the next one begins after it. */
export interface BookingPlace {
  readonly startsAt: Instant;
  readonly id: string;
}

export interface BookingFilter {
  /** Bookings that start from here on. */
  readonly from?: Instant | undefined;
  /** Bookings that start before. */
  readonly until?: Instant | undefined;
  readonly status?: Booking['status'] | undefined;
  readonly after?: BookingPlace | undefined;
}

/**
 * A mentor's bookings by start, then id, with the title of what was booked. Since a page begins after a booking and not
 * after a count, what is booked meanwhile makes none appear twice. At most `rows`.
 */
export function bookingsOf(
  tx: Tx,
  mentorId: string,
  { from, until, status, after }: BookingFilter,
  rows: number,
): Promise<{ booking: Booking; title: string }[]> {
  return tx
    .select({ booking: bookingColumns, title: sessionTypes.title })
    .from(bookings)
    .innerJoin(sessionTypes, eq(sessionTypes.id, bookings.sessionTypeId))
    .where(
      and(
        eq(bookings.mentorId, mentorId),
        from === undefined ? undefined : gte(bookings.startsAt, from),
        until === undefined ? undefined : lt(bookings.startsAt, until),
        status === undefined ? undefined : eq(bookings.status, status),
        after === undefined
          ? undefined
          : or(
              gt(bookings.startsAt, after.startsAt),
              and(eq(bookings.startsAt, after.startsAt), gt(bookings.id, after.id)),
            ),
      ),
    )
    .orderBy(asc(bookings.startsAt), asc(bookings.id))
    .limit(rows);
}

/** Whether anybody has ever booked this mentor. */
export async function hasBookings(tx: Tx, mentorId: string): Promise<boolean> {
  const found = await tx.select({ id: bookings.id }).from(bookings).where(eq(bookings.mentorId, mentorId)).limit(1);
  return found.length > 0;
}

/** How many sessions stand in a time that a mentor changes. */
export async function countBookings(tx: Tx, mentorId: string, window: Interval): Promise<number> {
  const rows = await tx
    .select({ sessions: count() })
    .from(bookings)
    .where(
      and(
        eq(bookings.mentorId, mentorId),
        inArray(bookings.status, ['pending', 'confirmed']),
        lt(bookings.startsAt, window.end),
        gt(bookings.endsAt, window.start),
      ),
    );
  return rows[0]?.sessions ?? 0;
}
