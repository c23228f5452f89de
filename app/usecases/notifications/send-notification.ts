import type { App } from '~/context';
import { system } from '~/data/actor';
import { findBookingById, type BookingWithMentor } from '~/data/bookings';
import {
  findMentorAddress,
  lockNotification,
  markAttempt,
  markSent,
  markWithdrawn,
  type BookingNotification,
} from '~/data/notifications';
import { deriveManageToken } from '~/crypto/manage-token';
import { isStillDue } from '~/domain/notifications/still-due';
import { MINUTE } from '~/domain/time/instant';
import { bookingMail } from '~/emails/booking-mail';
import { invitation } from '~/format/icalendar';
import { nameIn } from '~/format/names';
import { LOCALES, type Locale } from '~/locales/translator';
import type { Message } from '~/services/mail/mail';
import { isServiceError, ServiceError } from '~/services/service-error';
import { zoneOf } from '../slots/situation';

export type SendingOutcome =
  | { readonly kind: 'sent' }
  /** Sent, withdrawn or given up before; or its booking is gone. */
  | { readonly kind: 'settled' }
  /** No longer worth sending: the booking has changed, or its time has passed. */
  | { readonly kind: 'withdrawn' }
  /** Given up: it is shown to the administrator. */
  | { readonly kind: 'failed' };

/** Some eight within the half hour of one callback, begun anew every hour by the sweep: most of a night. */
const MAX_ATTEMPTS = 80;
/** Clocks of schedulers differ. */
const EARLY = MINUTE;

type Attempt = SendingOutcome | { readonly kind: 'postponed'; readonly error: unknown };

/**
 * Sends one message of the outbox table, if it is still due. At least once: whoever is killed between sending and
 * committing sends again, with the same key. Throws (ServiceError, or what went wrong) when it is to be called again;
 * then the attempt is already recorded.
 */
export async function sendNotification(app: App, id: string): Promise<SendingOutcome> {
  const outcome = await app.db.write(system('send-notification'), async (tx): Promise<Attempt> => {
    const now = app.clock();
    const notification = await lockNotification(tx, id);
    if (notification === 'busy') throw new ServiceError('retry', 'being sent by another', { retryAfterSeconds: 30 });
    if (notification === null || isSettled(notification)) return { kind: 'settled' };
    if (notification.dueAt > now + EARLY)
      throw new ServiceError('retry', 'not due yet', {
        retryAfterSeconds: Math.ceil((notification.dueAt - now) / 1000),
      });

    const [found, mentorAddress] = await Promise.all([
      findBookingById(tx, notification.bookingId),
      findMentorAddress(tx, notification.bookingId),
    ]);
    if (found === null || mentorAddress === null) return { kind: 'settled' };
    if (!isStillDue(notification, found.booking, now)) {
      await markWithdrawn(tx, id, now);
      return { kind: 'withdrawn' };
    }
    let providerId: string;
    try {
      ({ providerId } = await app.mail.send(await messageOf(app, notification, { ...found, mentorAddress })));
    } catch (error) {
      const isLast = notification.attempts + 1 >= MAX_ATTEMPTS;
      const givesUp = isServiceError(error) && error.remedy === 'give-up';
      const failedAt = givesUp || isLast ? now : null;
      await markAttempt(tx, id, { error: describe(error), failedAt });
      return failedAt !== null && isServiceError(error) ? { kind: 'failed' } : { kind: 'postponed', error };
    }
    await markSent(tx, id, now, providerId);
    return { kind: 'sent' };
  });
  if (outcome.kind === 'postponed') throw outcome.error;
  return outcome;
}

const isSettled = ({ sentAt, failedAt, withdrawnAt }: BookingNotification): boolean =>
  sentAt !== null || failedAt !== null || withdrawnAt !== null;

/** Ours are made without addresses; of a stranger's only the name is known to hold none. */
const describe = (error: unknown): string =>
  isServiceError(error) ? error.message : error instanceof Error ? error.name : typeof error;

async function messageOf(
  { config }: App,
  { id, type, recipient, sequence, createdAt }: BookingNotification,
  { booking, mentor, type: sessionType, mentorAddress }: BookingWithMentor & { mentorAddress: string },
): Promise<Message> {
  const isBookers = recipient === 'booker';
  const locale = localeOf(isBookers ? booking.locale : mentor.locale);
  const zones = { booker: zoneOf(booking.timeZone), mentor: zoneOf(mentor.timeZone) };
  const link = isBookers ? await privateLink(config, booking) : `${config.siteUrl}/desk/bookings`;
  const { subject, text, html, calendar } = bookingMail({
    type,
    recipient,
    locale,
    zone: zones[recipient],
    otherZone: isBookers ? zones.mentor : zones.booker,
    startsAt: booking.startsAt,
    endsAt: booking.endsAt,
    mentor,
    booker: booking,
    sessionTitle: sessionType.title,
    location: { kind: sessionType.locationKind, detail: sessionType.locationDetail },
    cancellation: booking.cancelledBy === null ? null : { by: booking.cancelledBy, reason: booking.cancellationReason },
    link,
    chooseLink: `${config.siteUrl}/m/${mentor.slug}/${sessionType.slug}`,
    siteUrl: config.siteUrl,
  });
  const people = {
    booker: { name: booking.name, address: booking.email },
    mentor: { name: nameIn(mentor, locale), address: mentorAddress },
  };
  const method = INVITATION[type];
  return {
    to: people[recipient],
    replyTo: isBookers ? people.mentor : people.booker,
    // The mentor knows who the mail is about by its subject; a stranger's name as sender could be anyone's.
    ...(isBookers ? { fromName: people.mentor.name } : {}),
    subject,
    text,
    html,
    ...(method === null
      ? {}
      : {
          invitation: {
            method,
            content: invitation({
              method,
              uid: booking.icalUid,
              sequence,
              startsAt: booking.startsAt,
              endsAt: booking.endsAt,
              ...calendar,
              // Calendars take changes only from the sender of the mail, so both are the site's address.
              organizer: { name: people.mentor.name, address: config.emailFrom },
              attendees: [people[recipient]],
              url: link ?? config.siteUrl,
              // Not the moment of sending: a repeated message is the same, byte for byte.
              now: createdAt,
            }),
          },
        }),
    idempotencyKey: `notification:${id}`,
  };
}

/** Reminders bring none: the calendar has it already. */
const INVITATION: Readonly<Record<BookingNotification['type'], 'REQUEST' | 'CANCEL' | null>> = {
  confirmed: 'REQUEST',
  rescheduled: 'REQUEST',
  cancelled: 'CANCEL',
  'reminder-24h': null,
  'reminder-1h': null,
};

/** null when the secret that made the link is no longer among ours. */
async function privateLink(
  { secrets, siteUrl }: App['config'],
  booking: { id: string; manageTokenHash: string },
): Promise<string | null> {
  const token = await deriveManageToken(secrets, booking.id, booking.manageTokenHash);
  return token === null ? null : `${siteUrl}/b/${token}`;
}

/** `ko-KR` reads `ko`; whose language we do not have reads English. */
const localeOf = (tag: string): Locale => LOCALES.find((locale) => locale === tag.split('-')[0]?.toLowerCase()) ?? 'en';
