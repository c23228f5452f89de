import type { App } from '~/context';
import { visitorWith } from '~/data/actor';
import { recordAudit } from '~/data/audit';
import {
  bookingsMadeBy,
  bookingsMadeWith,
  findBookingByRequest,
  insertBooking,
  lockBooker,
  type NewBooking,
} from '~/data/bookings';
import { violatedConstraint } from '~/data/errors';
import { findSessionType, lockMentor } from '~/data/mentors';
import { insertNotifications } from '~/data/notifications';
import { scheduleRows } from '~/data/slots';
import { deriveManageToken, hashManageToken, makeManageToken } from '~/crypto/manage-token';
import { bookedTimes } from '~/domain/bookings/booked-times';
import { BOOKINGS_PER_DAY, limitedUntil } from '~/domain/bookings/limits';
import { notificationsFor } from '~/domain/notifications/owed';
import { isOffered } from '~/domain/slots/slots';
import { DAY, type Instant } from '~/domain/time/instant';
import type { ZoneId } from '~/domain/time/zones';
import { callerOf } from '~/services/limits/limits';
import { enqueueNotifications } from '~/usecases/notifications/enqueue-notifications';
import { CONSTRAINTS } from '~db/schema';
import { around, nearestTo, reachOf, situationOf } from '../slots/situation';

export interface BookingRequest {
  readonly mentorSlug: string;
  readonly typeSlug: string;
  readonly start: Instant;
  readonly name: string;
  readonly email: string;
  readonly phone?: string | undefined;
  readonly message?: string | undefined;
  /** The booker's; null when unknown, and then the mentor's stands for it. */
  readonly timeZone: ZoneId | null;
  readonly locale: string;
  /** Hash over browser, form and start: a repeated post is the same request. */
  readonly requestKey: string;
  /** Whom attempts are counted by. */
  readonly clientAddress: string;
}

export type BookingOutcome =
  | { readonly kind: 'booked'; readonly token: string }
  /** Taken, past or closed; `nearest` are free starts around it, soonest first. */
  | { readonly kind: 'taken'; readonly nearest: readonly Instant[] }
  | { readonly kind: 'limited'; readonly limit: 'attempts' | 'email' | 'mentor'; readonly retryAfterSeconds: number }
  | { readonly kind: 'not-found' };

/**
 * Books a slot for a visitor. Four round trips: attempts; lock and everything that decides; the rows; commit.
 * Mail follows by callbacks that are enqueued after the answer; the rows in the outbox are the truth.
 */
export async function bookSlot(app: App, request: BookingRequest): Promise<BookingOutcome> {
  const attempts = await app.limits.take([{ limit: 'booking-attempts', who: callerOf(request.clientAddress) }]);
  if (attempts.kind === 'limited') {
    const earlier = await app.db.read(visitorWith(request.requestKey), (tx) =>
      findBookingByRequest(tx, request.requestKey),
    );
    if (earlier) return alreadyBooked(app, earlier);
    return { kind: 'limited', limit: 'attempts', retryAfterSeconds: attempts.retryAfterSeconds };
  }
  try {
    return await bookInTransaction(app, request);
  } catch (error) {
    // The database has the last word; whoever lost the race starts over and finds what won it.
    const violated = violatedConstraint(error);
    if (violated !== CONSTRAINTS.bookingOverlap && violated !== CONSTRAINTS.bookingRequest) throw error;
    return bookInTransaction(app, request);
  }
}

async function bookInTransaction(app: App, request: BookingRequest): Promise<BookingOutcome> {
  const now = app.clock();
  const actor = visitorWith(request.requestKey);
  const key = { slug: request.mentorSlug };
  const reach = reachOf(around(request.start, now));

  const outcome = await app.db.write(actor, async (tx) => {
    const [, , found, rows, earlier, byEmail, withMentor] = await Promise.all([
      lockMentor(tx, key),
      lockBooker(tx, request.email),
      findSessionType(tx, request.mentorSlug, request.typeSlug),
      scheduleRows(tx, key, reach.dates, reach.window),
      findBookingByRequest(tx, request.requestKey),
      bookingsMadeBy(tx, request.email, now - DAY),
      bookingsMadeWith(tx, request.mentorSlug, now - DAY),
    ]);
    if (earlier) return { kind: 'earlier' as const, earlier };
    if (!found) return { kind: 'not-found' as const };
    const { mentor, type } = found;
    const situation = situationOf(mentor, type, rows, now);
    if (!isOffered(request.start, situation))
      return { kind: 'taken' as const, nearest: nearestTo(request.start, situation) };

    const emailUntil = limitedUntil(byEmail, BOOKINGS_PER_DAY.email, now);
    if (emailUntil !== null) return limited('email', emailUntil, now);
    const mentorUntil = limitedUntil(withMentor, BOOKINGS_PER_DAY.mentor, now);
    if (mentorUntil !== null) return limited('mentor', mentorUntil, now);

    const id = crypto.randomUUID();
    const token = await makeManageToken(app.config.secrets, id);
    const booking: NewBooking = {
      id,
      mentorId: mentor.id,
      sessionTypeId: type.id,
      ...bookedTimes(request.start, type),
      status: 'confirmed',
      name: request.name,
      email: request.email,
      phone: request.phone ?? null,
      message: request.message ?? null,
      answers: {},
      guests: [],
      timeZone: request.timeZone ?? mentor.timeZone,
      locale: request.locale,
      icalUid: `${id}@${new URL(app.config.siteUrl).hostname}`,
      icalSequence: 0,
      manageTokenHash: await hashManageToken(token),
      requestKey: request.requestKey,
      createdAt: now,
      updatedAt: now,
    };
    await Promise.all([
      insertBooking(tx, booking),
      insertNotifications(tx, id, notificationsFor('confirmed', { startsAt: request.start, sequence: 0 }, now), now),
      recordAudit(tx, actor, now, { action: 'booking.confirmed', subjectType: 'booking', subjectId: id }),
    ]);
    return { kind: 'booked' as const, token, id };
  });

  switch (outcome.kind) {
    case 'earlier':
      return alreadyBooked(app, outcome.earlier);
    case 'booked':
      app.waitUntil(enqueueNotifications(app, outcome.id));
      return { kind: 'booked', token: outcome.token };
    case 'taken':
    case 'limited':
    case 'not-found':
      return outcome;
  }
}

const limited = (limit: 'email' | 'mentor', until: Instant, now: Instant) => ({
  kind: 'limited' as const,
  limit,
  retryAfterSeconds: Math.max(1, Math.ceil((until - now) / 1000)),
});

async function alreadyBooked(app: App, earlier: { id: string; manageTokenHash: string }): Promise<BookingOutcome> {
  const token = await deriveManageToken(app.config.secrets, earlier.id, earlier.manageTokenHash);
  return token === null ? { kind: 'not-found' } : { kind: 'booked', token };
}
