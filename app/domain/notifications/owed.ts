import { DAY, HOUR, type Instant } from '~/domain/time/instant';

/** What can happen to a booking that people are told of. */
export type BookingEvent = 'confirmed' | 'rescheduled' | 'cancelled';
export type ReminderType = 'reminder-24h' | 'reminder-1h';
export type NotificationType = BookingEvent | ReminderType;
export type Recipient = 'booker' | 'mentor';

/** A message that has to be sent, once. */
export interface Owed {
  readonly type: NotificationType;
  readonly recipient: Recipient;
  readonly channel: 'mail';
  /** The booking's iCalendar sequence that the message speaks of. */
  readonly sequence: number;
  readonly dueAt: Instant;
}

const RECIPIENTS: readonly Recipient[] = ['booker', 'mentor'];

const REMINDERS: readonly { readonly type: ReminderType; readonly before: number }[] = [
  { type: 'reminder-24h', before: DAY },
  { type: 'reminder-1h', before: HOUR },
];

/** A cancelled session is not looked forward to. */
const REMINDS: Readonly<Record<BookingEvent, boolean>> = { confirmed: true, rescheduled: true, cancelled: false };

/**
 * The messages owed because of an event, soonest first: the news at once, and reminders 24 h and 1 h before
 * the start, each to booker and mentor. A reminder that would not lie in the future is not owed.
 * `booking` is as it stands after the event: the sequence of a move or a cancellation is already raised.
 */
export function notificationsFor(
  event: BookingEvent,
  booking: { readonly startsAt: Instant; readonly sequence: number },
  now: Instant,
): Owed[] {
  const reminders = REMINDS[event]
    ? REMINDERS.map(({ type, before }) => ({ type, dueAt: booking.startsAt - before })).filter(
        ({ dueAt }) => dueAt > now,
      )
    : [];
  return [{ type: event, dueAt: now }, ...reminders].flatMap((news) =>
    RECIPIENTS.map((recipient) => ({ ...news, recipient, channel: 'mail' as const, sequence: booking.sequence })),
  );
}
