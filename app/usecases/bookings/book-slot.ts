import type { App } from '~/context';
import { visitorWith } from '~/data/actor';
import { recordAudit } from '~/data/audit';
import {
  bookingsMadeBy,
  bookingsMadeWith,
  findBookingByRequest,
  insertBooking,
  lockBooker,
  type MadeBooking,
  type NewBooking,
} from '~/data/bookings';
import type { Tx } from '~/data/database';
import { violatedConstraint } from '~/data/errors';
import { findRequest, keepRequest, type KeptAnswer, type NamedRequest } from '~/data/idempotency';
import { findSessionType, lockMentor, type MentorKey, type TypeKey } from '~/data/mentors';
import { insertNotifications } from '~/data/notifications';
import { scheduleRows } from '~/data/slots';
import { deriveManageToken, hashManageToken, makeManageToken } from '~/crypto/manage-token';
import { bookedTimes } from '~/domain/bookings/booked-times';
import { BOOKINGS_PER_DAY, limitedUntil } from '~/domain/bookings/limits';
import { notificationsFor } from '~/domain/notifications/owed';
import { isOffered } from '~/domain/slots/slots';
import { DAY, type Instant, type Interval } from '~/domain/time/instant';
import type { LocalDate } from '~/domain/time/local-date';
import { isRepeated, toInstant, toWall, type ZoneId } from '~/domain/time/zones';
import { callerOf } from '~/services/limits/limits';
import { enqueueNotifications } from '~/usecases/notifications/enqueue-notifications';
import { CONSTRAINTS } from '~db/schema';
import { around, nearestTo, reachOf, situationOf, UTC, zoneOf } from '../slots/situation';

/** What clocks show in a zone; null for the mentor's own. */
export interface WallTime {
  readonly date: LocalDate;
  /** 0–1439. */
  readonly minute: number;
  readonly zone: ZoneId | null;
}

export interface BookingRequest {
  readonly mentor: MentorKey;
  readonly type: TypeKey;
  readonly start: Instant;
  readonly name: string;
  readonly email: string;
  readonly phone?: string | undefined;
  readonly message?: string | undefined;
  /** The booker's; null when unknown, and then the mentor's stands for it. */
  readonly timeZone: ZoneId | null;
  readonly locale: string;
  /** Hash over what makes two requests the same one (browser, form and start): a repeated post is the same request. */
  readonly requestKey: string;
  /** Whom attempts are counted by. */
  readonly clientAddress: string;
}

/** From a program. */
export interface ProgramRequest extends Omit<BookingRequest, 'start'> {
  readonly start: Instant | WallTime;
  /** Where the sender has named the request (`requestKey` is made of that name): SHA-256 of what is asked for, hex. */
  readonly requestHash?: string | undefined;
}

export type BookingOutcome =
  | {
      readonly kind: 'booked';
      readonly token: string;
      readonly id: string;
      readonly startsAt: Instant;
      readonly endsAt: Instant;
    }
  /** Taken, past or closed; `nearest` are free starts around it, soonest first. */
  | { readonly kind: 'taken'; readonly nearest: readonly Instant[] }
  | { readonly kind: 'limited'; readonly limit: 'attempts' | 'email' | 'mentor'; readonly retryAfterSeconds: number }
  | { readonly kind: 'not-found' };

export type ProgramOutcome =
  | BookingOutcome
  /** Clocks of that zone show this time twice, or never. */
  | { readonly kind: 'twice' | 'never' }
  /** Another request has this name. */
  | { readonly kind: 'name-used' };

/**
 * Books a slot for a visitor. Four round trips: attempts; lock and everything that decides; the rows; commit.
 * Mail follows by callbacks that are enqueued after the answer; the rows in the outbox are the truth.
 */
export async function bookSlot(app: App, request: BookingRequest): Promise<BookingOutcome>;
export async function bookSlot(app: App, request: ProgramRequest): Promise<ProgramOutcome>;
export async function bookSlot(app: App, request: ProgramRequest): Promise<ProgramOutcome> {
  const attempts = await app.limits.take([{ limit: 'booking-attempts', who: callerOf(request.clientAddress) }]);
  if (attempts.kind === 'limited') {
    // The same request may just be booking: its lock is waited for, so that it is found.
    const [, earlier] = await app.db.read(visitorWith(request.requestKey), (tx) =>
      Promise.all([lockMentor(tx, request.mentor), findEarlier(tx, nameOf(request))]),
    );
    if (earlier) return alreadyBooked(app, earlier);
    return { kind: 'limited', limit: 'attempts', retryAfterSeconds: attempts.retryAfterSeconds };
  }
  try {
    return await bookInTransaction(app, request);
  } catch (error) {
    // The database has the last word; whoever lost the race starts over and finds what won it.
    if (!RACES.includes(violatedConstraint(error))) throw error;
    return bookInTransaction(app, request);
  }
}

/** The last one only where the booking that has the name was given up in between. */
const RACES: readonly (string | null)[] = [
  CONSTRAINTS.bookingOverlap,
  CONSTRAINTS.bookingRequest,
  CONSTRAINTS.idempotencyKey,
];

async function bookInTransaction(app: App, request: ProgramRequest): Promise<ProgramOutcome> {
  const now = app.clock();
  const actor = visitorWith(request.requestKey);
  const name = nameOf(request);
  const reach = reachOf(daysAround(request.start, now));

  const outcome = await app.db.write(actor, async (tx) => {
    const [, , found, rows, earlier, byEmail, withMentor] = await Promise.all([
      lockMentor(tx, request.mentor),
      lockBooker(tx, request.email),
      findSessionType(tx, request.mentor, request.type),
      scheduleRows(tx, request.mentor, reach.dates, reach.window),
      findEarlier(tx, name),
      bookingsMadeBy(tx, request.email, now - DAY),
      bookingsMadeWith(tx, request.mentor, now - DAY),
    ]);
    if (earlier) return { kind: 'earlier' as const, earlier };
    if (!found) return { kind: 'not-found' as const };
    const { mentor, type } = found;
    const start = startOf(request.start, zoneOf(mentor.timeZone));
    if (typeof start !== 'number') return { kind: start };
    const situation = situationOf(mentor, type, rows, now);
    if (!isOffered(start, situation)) return { kind: 'taken' as const, nearest: nearestTo(start, situation) };

    const emailUntil = limitedUntil(byEmail, BOOKINGS_PER_DAY.email, now);
    if (emailUntil !== null) return limited('email', emailUntil, now);
    const mentorUntil = limitedUntil(withMentor, BOOKINGS_PER_DAY.mentor, now);
    if (mentorUntil !== null) return limited('mentor', mentorUntil, now);

    const id = crypto.randomUUID();
    const token = await makeManageToken(app.config.secrets, id);
    const manageTokenHash = await hashManageToken(token);
    const times = bookedTimes(start, type);
    const { startsAt, endsAt } = times;
    const booking: NewBooking = {
      id,
      mentorId: mentor.id,
      sessionTypeId: type.id,
      ...times,
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
      manageTokenHash,
      requestKey: request.requestKey,
      createdAt: now,
      updatedAt: now,
    };
    await Promise.all([
      insertBooking(tx, booking),
      insertNotifications(tx, id, notificationsFor('confirmed', { startsAt, sequence: 0 }, now), now),
      recordAudit(tx, actor, now, { action: 'booking.confirmed', subjectType: 'booking', subjectId: id }),
      name.requestHash === undefined
        ? null
        : keepRequest(tx, actor, name, { id, manageTokenHash, startsAt, endsAt }, now),
    ]);
    return { kind: 'booked' as const, token, id, startsAt, endsAt };
  });

  switch (outcome.kind) {
    case 'earlier':
      return alreadyBooked(app, outcome.earlier);
    case 'booked':
      app.afterwards(() => enqueueNotifications(app, outcome.id));
      return outcome;
    case 'taken':
    case 'twice':
    case 'never':
    case 'limited':
    case 'not-found':
      return outcome;
  }
}

/** The days that are read before the mentor's zone is known: a day more, since no zone is farther from UTC. */
function daysAround(start: Instant | WallTime, now: Instant): Interval {
  if (typeof start === 'number') return around(start, now);
  const days = around(toInstant(start.zone ?? UTC, start.date, start.minute), now);
  return start.zone === null ? { start: days.start - DAY, end: days.end + DAY } : days;
}

/** The one instant at which the zone's clocks show it, or why there is none. */
function startOf(start: Instant | WallTime, mentorZone: ZoneId): Instant | 'twice' | 'never' {
  if (typeof start === 'number') return start;
  const { date, minute, zone } = start;
  const instant = toInstant(zone ?? mentorZone, date, minute);
  const shown = toWall(zone ?? mentorZone, instant);
  if (shown.date !== date || shown.minute !== minute) return 'never';
  return isRepeated(zone ?? mentorZone, instant) ? 'twice' : instant;
}

type RequestName = { readonly key: string; readonly requestHash: undefined } | NamedRequest;

const nameOf = (request: ProgramRequest): RequestName => ({
  key: request.requestKey,
  requestHash: request.requestHash,
});

/** What this very request has booked; 'other' when one of the same name asked for something else. */
async function findEarlier(tx: Tx, { key, requestHash }: RequestName): Promise<MadeBooking | 'other' | null> {
  const [made, kept] = await Promise.all([
    findBookingByRequest(tx, key),
    requestHash === undefined ? null : findRequest(tx, key),
  ]);
  if (requestHash === undefined) return made;
  // A name is forgotten after a day, and still makes no second booking beside the first.
  if (kept === null) return made && 'other';
  return kept.requestHash === requestHash ? madeBookingOf(kept.answer) : 'other';
}

const madeBookingOf = ({ id, manageTokenHash, startsAt, endsAt }: KeptAnswer): MadeBooking => ({
  id: String(id),
  manageTokenHash: String(manageTokenHash),
  startsAt: Number(startsAt),
  endsAt: Number(endsAt),
});

const limited = (limit: 'email' | 'mentor', until: Instant, now: Instant) => ({
  kind: 'limited' as const,
  limit,
  retryAfterSeconds: Math.max(1, Math.ceil((until - now) / 1000)),
});

async function alreadyBooked(app: App, earlier: MadeBooking | 'other'): Promise<ProgramOutcome> {
  if (earlier === 'other') return { kind: 'name-used' };
  const { id, manageTokenHash, startsAt, endsAt } = earlier;
  const token = await deriveManageToken(app.config.secrets, id, manageTokenHash);
  return token === null ? { kind: 'not-found' } : { kind: 'booked', token, id, startsAt, endsAt };
}
