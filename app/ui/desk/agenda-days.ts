import type { BookingStatus } from '~/domain/bookings/transitions';
import type { Instant } from '~/domain/time/instant';
import { findZone, toWall, type ZoneId } from '~/domain/time/zones';
import { clockRange, clockTime, fullDate, longDate, shortDate } from '~/format/dates';
import { cityOf } from '~/format/zones';
import type { Locale, Translator } from '~/locales/translator';
import type { AgendaDay, AgendaEntry } from './agenda';

/** What the desk shows of a booking. */
export interface AgendaBooking {
  readonly id: string;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly status: BookingStatus;
  readonly holdExpiresAt: Instant | null;
  readonly name: string;
  readonly email: string;
  readonly phone: string | null;
  readonly message: string | null;
  readonly guests: readonly string[];
  readonly timeZone: string;
  readonly cancelledBy: 'booker' | 'mentor' | 'admin' | 'system' | null;
  readonly cancellationReason: string | null;
  readonly rescheduledAt: Instant | null;
}

export interface AgendaReader {
  /** The mentor's zone. */
  readonly zone: ZoneId;
  readonly now: Instant;
  readonly t: Translator;
  readonly locale: Locale;
}

/** A booking with the title of its session type, and whether it may be cancelled still. */
export interface AgendaRow {
  readonly booking: AgendaBooking;
  readonly title: string;
  readonly canCancel: boolean;
}

/**
 * Bookings by the mentor's days, in the order they come in. `isToday`: the page names the day, and what is over is
 * told apart from what is to come.
 */
export function agendaDays(rows: readonly AgendaRow[], reader: AgendaReader, isToday: boolean): AgendaDay[] {
  const { zone, now, locale } = reader;
  const year = toWall(zone, now).date.slice(0, 4);
  const days = new Map<string, { heading: string | null; entries: AgendaEntry[] }>();
  for (const row of rows) {
    const { date } = toWall(zone, row.booking.startsAt);
    const heading = date.startsWith(year) ? longDate(date, locale) : fullDate(date, locale);
    const key = isToday ? '' : date;
    const day = days.get(key) ?? { heading: isToday ? null : heading, entries: [] };
    day.entries.push(entryOf(row, reader, isToday && row.booking.endsAt <= now));
    days.set(key, day);
  }
  return [...days.values()];
}

function entryOf({ booking, title, canCancel }: AgendaRow, reader: AgendaReader, isOver: boolean): AgendaEntry {
  const { zone, locale } = reader;
  const { id, startsAt, endsAt, name, email, phone, message, guests, cancellationReason } = booking;
  const theirs = findZone(booking.timeZone);
  return {
    id,
    startsAt: new Date(startsAt).toISOString(),
    time: clockRange(startsAt, endsAt, zone, locale),
    elsewhere: elsewhere(booking, reader),
    name,
    title,
    message: message || null,
    isOver,
    state: isOver ? { tone: 'off', text: reader.t('desk.bookings.over') } : stateOf(booking, reader),
    reason: cancellationReason || null,
    email,
    phone,
    zone: theirs === undefined ? booking.timeZone : cityOf(theirs, locale),
    guests,
    canCancel,
  };
}

/** The booker's clock: with the day where it is another, and said to be the same where it is. */
function elsewhere({ startsAt, timeZone }: AgendaBooking, { zone, t, locale }: AgendaReader): string {
  const theirs = findZone(timeZone);
  if (theirs === undefined || theirs === zone) return t('desk.bookings.same', { city: cityOf(zone, locale) });
  const [here, there] = [toWall(zone, startsAt), toWall(theirs, startsAt)];
  const city = cityOf(theirs, locale);
  const time = clockTime(startsAt, theirs, locale);
  if (here.date !== there.date)
    return t('desk.bookings.elsewhere.day', { date: shortDate(there.date, locale), time, city });
  return here.minute === there.minute
    ? t('desk.bookings.same-time', { city })
    : t('desk.bookings.elsewhere', { time, city });
}

function stateOf(booking: AgendaBooking, { zone, t, locale }: AgendaReader): AgendaEntry['state'] {
  const { status, cancelledBy, holdExpiresAt, rescheduledAt } = booking;
  if (status === 'cancelled') return { tone: 'off', text: t(`desk.bookings.cancelled-by.${cancelledBy ?? 'system'}`) };
  if (status === 'pending' && holdExpiresAt !== null) {
    const when = `${shortDate(toWall(zone, holdExpiresAt).date, locale)}, ${clockTime(holdExpiresAt, zone, locale)}`;
    return { tone: 'warm', text: t('desk.bookings.held', { when }) };
  }
  return rescheduledAt === null ? null : { tone: 'off', text: t('desk.bookings.moved') };
}
