import { count, sql } from 'drizzle-orm';
import { sha256Hex } from '~/crypto/hashes';
import { hashManageToken, makeManageToken } from '~/crypto/manage-token';
import { randomToken } from '~/crypto/random-token';
import type { Secrets } from '~/crypto/signatures';
import type { Tx } from '~/data/database';
import { isOffered, slotsIn, type Reservation, type Schedule, type SlotRules } from '~/domain/slots/slots';
import { DAY, MINUTE, type Instant } from '~/domain/time/instant';
import { addDays, addMonths, dayOfWeek, firstDateOf, monthOf, type LocalDate } from '~/domain/time/local-date';
import { findZone, startOfDate, toWall, type ZoneId } from '~/domain/time/zones';
import { DEMO_BOOKERS, DEMO_MENTORS, type DemoMentor, type DemoSessionType } from './demo-people';
import { accounts, bookings, mentorAvailability, mentorAvailabilityOverrides, mentors, sessionTypes } from './schema';

/** How far back and ahead of `now` the demonstration mentors have bookings. */
const PAST_DAYS = 14;
const COMING_DAYS = 40;
/** Demonstration bookings were all made this long before the first of them. */
const BOOKED_AHEAD_DAYS = 3;

type BookingRow = typeof bookings.$inferInsert;

/**
 * Fills a database that has no mentor with demonstration mentors, their hours, and bookings by demonstration
 * people: the same for the same `now`, every booking one that the slot engine offers. Does nothing, and says so
 * by `false`, when there is any mentor. Needs an actor that may write all of it (`system`).
 * No booking owes a message; their private links are made with the site's secrets, like everyone's.
 */
export async function seedDemo(tx: Tx, now: Instant, secrets: Secrets): Promise<boolean> {
  // Two servers that start at once on one new database: the second waits, then finds mentors.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('slotwell.seed', 0))`);
  const [found] = await tx.select({ mentors: count() }).from(mentors);
  if (found !== undefined && found.mentors > 0) return false;
  const scenes = await Promise.all(DEMO_MENTORS.map((mentor, position) => sceneOf(mentor, position, now, secrets)));
  await tx
    .insert(accounts)
    .values(scenes.map((scene) => scene.account))
    .onConflictDoNothing();
  await tx.insert(mentors).values(scenes.map((scene) => scene.mentor));
  await Promise.all([
    tx.insert(sessionTypes).values(scenes.flatMap((scene) => scene.sessionTypes)),
    tx.insert(mentorAvailability).values(scenes.flatMap((scene) => scene.hours)),
    tx.insert(mentorAvailabilityOverrides).values(scenes.flatMap((scene) => scene.overrides)),
  ]);
  await tx.insert(bookings).values(scenes.flatMap((scene) => scene.bookings));
  return true;
}

/** Makes an administrator's account for `email`; an account that has this address already is left as it is. */
export async function ensureAdmin(tx: Tx, email: string, now: Instant): Promise<void> {
  await tx
    .insert(accounts)
    .values({ id: crypto.randomUUID(), email: email.toLowerCase(), role: 'admin', createdAt: now })
    .onConflictDoNothing({ target: accounts.email });
}

/** All rows of one demonstration mentor. */
async function sceneOf(demo: DemoMentor, position: number, now: Instant, secrets: Secrets) {
  const zone = findZone(demo.timeZone);
  if (zone === undefined) throw new Error(`no such zone: ${demo.timeZone}`);
  const { email, hours, specialDays, sessionTypes: types, demand: _, isBookedOut: __, ...person } = demo;
  const accountId = await demoId(`account ${demo.slug}`);
  const mentorId = await demoId(`mentor ${demo.slug}`);
  // Mentors are shown in the order in which they came.
  const since = now - (PAST_DAYS + BOOKED_AHEAD_DAYS) * DAY + position * MINUTE;
  const overrides = specialDays.map(({ dayOfWeek: day, daysAhead, ranges, reason }) => ({
    date: firstSuch(day, addDays(toWall(zone, now).date, daysAhead)),
    ranges,
    reason,
  }));
  const offers = await Promise.all(
    types.map(async (type) => ({ id: await demoId(`session type ${demo.slug} ${type.slug}`), type })),
  );
  return {
    account: { id: accountId, email, role: 'mentor' as const, createdAt: since },
    mentor: { ...person, id: mentorId, accountId, createdAt: since },
    sessionTypes: offers.map(({ id, type }, position) => ({
      ...type,
      id,
      mentorId,
      locationKind: 'video' as const,
      questions: [],
      position,
    })),
    hours: hours.flatMap((ranges, day) =>
      ranges.map(({ start, end }) => ({
        id: crypto.randomUUID(),
        mentorId,
        dayOfWeek: day,
        startTime: start,
        endTime: end,
      })),
    ),
    overrides: overrides.flatMap(({ date, ranges, reason }) =>
      ranges.length === 0
        ? [{ id: crypto.randomUUID(), mentorId, date, isAvailable: false, reason }]
        : ranges.map(({ start, end }) => ({
            id: crypto.randomUUID(),
            mentorId,
            date,
            isAvailable: true,
            startTime: start,
            endTime: end,
            reason,
          })),
    ),
    bookings: await bookingsOf(demo, {
      mentorId,
      zone,
      offers,
      schedule: { zone, weekly: hours, overrides },
      now,
      secrets,
    }),
  };
}

interface Setting {
  readonly mentorId: string;
  readonly zone: ZoneId;
  readonly offers: readonly { readonly id: string; readonly type: DemoSessionType }[];
  readonly schedule: Schedule;
  readonly now: Instant;
  readonly secrets: Secrets;
}

/** Takes some of the offered times as people would who had all booked before the first of them. */
async function bookingsOf(
  demo: DemoMentor,
  { mentorId, zone, offers, schedule, now, secrets }: Setting,
): Promise<BookingRow[]> {
  const window = { start: now - PAST_DAYS * DAY, end: now + COMING_DAYS * DAY };
  const bookedOutUntil = demo.isBookedOut ? endOfFullTime(zone, now) : now;
  const bookedAt = window.start - BOOKED_AHEAD_DAYS * DAY;
  const random = randomFrom(demo.slug);
  const made: BookingRow[] = [];
  const reservations: Reservation[] = [];
  for (const { id: sessionTypeId, type } of offers) {
    const asked = { schedule, rules: rulesOf(type, zone), reservations, busy: [], now: bookedAt };
    for (const { start } of slotsIn(window, asked)) {
      const isWanted = random() < demo.demand || (start >= now && start < bookedOutUntil);
      if (!isWanted || !isOffered(start, asked)) continue;
      const reservation = reservationAt(start, type);
      reservations.push(reservation);
      made.push(
        await bookingRow({ mentorId, sessionTypeId, reservation, number: made.length, bookedAt, now, secrets }),
      );
    }
  }
  return made;
}

/** The end of this month in the mentor's zone, or three weeks from now, whichever is later. */
function endOfFullTime(zone: ZoneId, now: Instant): Instant {
  const nextMonth = addMonths(monthOf(toWall(zone, now).date), 1);
  return Math.max(startOfDate(zone, firstDateOf(nextMonth)), now + 21 * DAY);
}

function rulesOf(type: DemoSessionType, zone: ZoneId): SlotRules {
  return { ...type, zone, step: STEPS[type.slotStep] };
}

const STEPS = {
  duration: 'duration',
  'back-to-back': 'back-to-back',
  5: 5,
  10: 10,
  15: 15,
  20: 20,
  30: 30,
  60: 60,
} as const;

function reservationAt(start: Instant, type: DemoSessionType): Reservation {
  const endsAt = start + type.durationMinutes * MINUTE;
  return {
    startsAt: start,
    endsAt,
    from: start - type.bufferBeforeMinutes * MINUTE,
    to: endsAt + type.bufferAfterMinutes * MINUTE,
  };
}

async function bookingRow(made: {
  mentorId: string;
  sessionTypeId: string;
  reservation: Reservation;
  number: number;
  bookedAt: Instant;
  now: Instant;
  secrets: Secrets;
}): Promise<BookingRow> {
  const { startsAt, endsAt, from, to } = made.reservation;
  const booker = DEMO_BOOKERS[made.number % DEMO_BOOKERS.length];
  if (booker === undefined) throw new Error('no demonstration bookers');
  const id = await demoId(`booking ${made.mentorId} ${startsAt}`);
  return {
    ...booker,
    id,
    mentorId: made.mentorId,
    sessionTypeId: made.sessionTypeId,
    startsAt,
    endsAt,
    reserved: { start: from, end: to },
    status: endsAt <= made.now ? 'completed' : 'confirmed',
    answers: {},
    guests: [],
    icalUid: `${id}@slotwell.example`,
    manageTokenHash: await hashManageToken(await makeManageToken(made.secrets, id)),
    // No form was posted, so none can find it.
    requestKey: randomToken(),
    createdAt: made.bookedAt,
    updatedAt: made.bookedAt,
  };
}

function firstSuch(day: number, date: LocalDate): LocalDate {
  return addDays(date, (day - dayOfWeek(date) + 7) % 7);
}

/** The same id for the same name: a UUID of version 8 (RFC 9562, section 5.8) from its SHA-256. */
async function demoId(name: string): Promise<string> {
  const digits = await sha256Hex(`slotwell demo ${name}`);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-8${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
}

/** Numbers in [0, 1) that depend on the name alone (FNV-1a, then mulberry32). */
function randomFrom(name: string): () => number {
  let state = 2_166_136_261;
  for (const letter of name) state = Math.imul(state ^ (letter.codePointAt(0) ?? 0), 16_777_619);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
