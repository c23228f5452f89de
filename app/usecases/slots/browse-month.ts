import type { App } from '~/context';
import { booker, visitor, type Actor } from '~/data/actor';
import { findBookingByToken, type Booking } from '~/data/bookings';
import type { Tx } from '~/data/database';
import { findSessionType, type Mentor, type MentorKey, type SessionType } from '~/data/mentors';
import { scheduleRows } from '~/data/slots';
import { hashManageToken } from '~/crypto/manage-token';
import { mayStillChange } from '~/domain/bookings/transitions';
import { monthGrid, type DayCell } from '~/domain/slots/month-grid';
import { nextFree, slotsIn, type Slot, type Situation } from '~/domain/slots/slots';
import { DAY, type Instant, type Interval } from '~/domain/time/instant';
import { addDays, addMonths, firstDateOf, monthOf, type LocalDate, type YearMonth } from '~/domain/time/local-date';
import { startOfDate, toWall, type ZoneId } from '~/domain/time/zones';
import { reachOf, situationOf, without, zoneOf } from './situation';

/** What the address asks to see; whatever is absent or cannot be shown is chosen for the visitor. */
export interface MonthWish {
  readonly month?: YearMonth | undefined;
  readonly date?: LocalDate | undefined;
  /** The reader's; the booking's or else the mentor's when unknown. */
  readonly zone?: ZoneId | null | undefined;
}

export interface Month {
  readonly kind: 'month';
  readonly mentor: Mentor;
  readonly type: SessionType;
  /** The zone in which days and times are shown, and the mentor's. */
  readonly zone: ZoneId;
  readonly mentorZone: ZoneId;
  readonly now: Instant;
  readonly today: LocalDate;
  readonly month: YearMonth;
  /** Neighbours that can hold something bookable. */
  readonly previous: YearMonth | null;
  readonly next: YearMonth | null;
  readonly days: readonly DayCell[];
  /** The chosen day, or the first that has free time, and its times; a chosen day without any has an empty list. */
  readonly chosen: { readonly date: LocalDate; readonly slots: readonly Slot[] } | null;
  /** The first free start from now on, told where the month shown has none; null when there is none at all. */
  readonly nextFree: Instant | null;
}

/** The month of a session type, for a visitor. One round trip; a second where the month shown has nothing free. */
export async function browseMonth(
  app: App,
  address: { readonly mentor: string; readonly type: string },
  wish: MonthWish,
): Promise<Month | { readonly kind: 'not-found' }> {
  const month = await readMonth(app, visitor, { slug: address.mentor }, wish, async (tx) => {
    const found = await findSessionType(tx, { slug: address.mentor }, { slug: address.type });
    return found && { ...found, booking: null };
  });
  return month.kind === 'month' ? month.view : month;
}

export type MoveMonth = Month & { readonly booking: Booking };

/**
 * The same month for a booker who looks for another time: what only the booking itself takes is free, but for the very
 * start it has.
 */
export async function browseMonthToMove(
  app: App,
  token: string,
  wish: MonthWish,
): Promise<MoveMonth | { readonly kind: 'not-found' } | { readonly kind: 'settled' }> {
  const tokenHash = await hashManageToken(token);
  const month = await readMonth(app, booker(tokenHash), { bookedWith: tokenHash }, wish, (tx) =>
    findBookingByToken(tx, tokenHash),
  );
  if (month.kind === 'not-found' || !month.booking) return { kind: 'not-found' };
  if (!mayStillChange(month.booking, 'move', app.clock())) return { kind: 'settled' };
  return { ...month.view, booking: month.booking };
}

interface Found {
  readonly mentor: Mentor;
  readonly type: SessionType;
  readonly booking: Booking | null;
}

async function readMonth(
  app: App,
  actor: Actor,
  key: MentorKey,
  wish: MonthWish,
  find: (tx: Tx) => Promise<Found | null>,
): Promise<{ kind: 'month'; view: Month; booking: Booking | null } | { kind: 'not-found' }> {
  const now = app.clock();
  const thisMonth = monthOf(toWall(UTC, now).date);
  const asked = wish.month ?? (wish.date && monthOf(wish.date)) ?? thisMonth;
  const wished = clamp(asked, addMonths(thisMonth, -1), addMonths(thisMonth, FARTHEST_MONTHS));
  // Read before the mentor is known: wide enough for whatever zone the month will be shown in.
  const guess = aroundMonth(wished);
  const first = reachOf(guess);
  const [found, firstRows] = await app.db.read(actor, (tx) =>
    Promise.all([find(tx), scheduleRows(tx, key, first.dates, first.window)]),
  );
  if (!found) return { kind: 'not-found' };
  const { mentor, type, booking } = found;
  const mentorZone = zoneOf(mentor.timeZone);
  const zone = wish.zone ?? (booking ? zoneOf(booking.timeZone) : mentorZone);
  const today = toWall(zone, now).date;
  // The horizon is a date of the mentor's; its last minute may be in the visitor's next month.
  const afterHorizon = startOfDate(mentorZone, addDays(toWall(mentorZone, now).date, type.horizonDays + 1));
  const lastMonth = monthOf(toWall(zone, afterHorizon - 1).date);
  const month = clamp(wished, monthOf(today), lastMonth);

  const window = windowOf(month, zone);
  const situation = (rows: typeof firstRows): Situation => situationOf(mentor, type, rows, now);
  const look = (rows: typeof firstRows): Slot[] =>
    slotsIn(window, booking ? without(booking, situation(rows)) : situation(rows)).map((slot) =>
      slot.start === booking?.startsAt ? { ...slot, state: 'taken' } : slot,
    );
  let rows = firstRows;
  let free: Instant | null = null;
  const isRead = window.start >= guess.start && window.end <= guess.end;
  let slots = isRead ? look(rows) : [];
  if (!slots.some(({ state }) => state === 'free')) {
    const all = reachOf({ start: Math.min(now, window.start), end: now + (type.horizonDays + 2) * DAY });
    rows = await app.db.read(actor, (tx) => scheduleRows(tx, key, all.dates, all.window));
    slots = look(rows);
    free = nextFree(situation(rows));
  }
  const days = monthGrid(slots, { month, zone, now });
  const wishedDate = wish.date !== undefined && monthOf(wish.date) === month ? wish.date : undefined;
  const chosenDate = wishedDate ?? days.find((day) => day.free > 0)?.date ?? null;
  return {
    kind: 'month',
    booking,
    view: {
      kind: 'month',
      mentor,
      type,
      zone,
      mentorZone,
      now,
      today,
      month,
      previous: month > monthOf(today) ? addMonths(month, -1) : null,
      next: month < lastMonth ? addMonths(month, 1) : null,
      days,
      chosen: chosenDate && {
        date: chosenDate,
        slots: slots.filter(({ start }) => toWall(zone, start).date === chosenDate),
      },
      nextFree: free,
    },
  };
}

const UTC = zoneOf('UTC');

/** Farther than any horizon. */
const FARTHEST_MONTHS = 26;

const clamp = (month: YearMonth, first: YearMonth, last: YearMonth): YearMonth =>
  month < first ? first : month > last ? last : month;

function windowOf(month: YearMonth, zone: ZoneId): Interval {
  return {
    start: startOfDate(zone, firstDateOf(month)),
    end: startOfDate(zone, firstDateOf(addMonths(month, 1))),
  };
}

/** A month in any zone lies within these two days more on either side. */
function aroundMonth(month: YearMonth): Interval {
  const { start, end } = windowOf(month, UTC);
  return { start: start - 2 * DAY, end: end + 2 * DAY };
}
