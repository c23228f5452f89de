import type { NotificationType, Recipient } from '~/domain/notifications/owed';
import type { Instant } from '~/domain/time/instant';
import { toWall, type ZoneId } from '~/domain/time/zones';
import { clockRange, clockTime, fullDate, longDate, shortDate } from '~/format/dates';
import { bookingEventWords } from '~/format/booking-event';
import { googleCalendarLink, outlookCalendarLink } from '~/format/calendar-links';
import { callName, nameIn, type PersonName } from '~/format/names';
import { oneLine } from '~/format/plain-text';
import { cityOf } from '~/format/zones';
import { translator, type Locale } from '~/locales/translator';
import { renderLetter, type Letter, type RenderedLetter } from './letter';

export interface BookingMailFacts {
  readonly type: NotificationType;
  /** Who reads it: theirs are the language and the zone. */
  readonly recipient: Recipient;
  readonly locale: Locale;
  readonly zone: ZoneId;
  /** The other party's zone. */
  readonly otherZone: ZoneId;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly mentor: PersonName;
  readonly booker: {
    readonly name: string;
    readonly email: string;
    readonly phone: string | null;
    readonly message: string | null;
  };
  readonly sessionTitle: string;
  readonly location: { readonly kind: 'video' | 'phone' | 'in-person'; readonly detail: string | null };
  readonly cancellation: {
    readonly by: 'booker' | 'mentor' | 'admin' | 'system';
    readonly reason: string | null;
  } | null;
  /** The booker's private link, when it is known, or the mentor's desk. Nobody gets the other one's. */
  readonly link: string | null;
  /** Where the booker may choose another time. */
  readonly chooseLink: string;
  readonly siteUrl: string;
}

/** Mail about a booking, and the words for the calendar entry that travels with it. */
export interface BookingMail extends RenderedLetter {
  readonly calendar: { readonly summary: string; readonly description: string; readonly location: string };
}

/** Says to one of the two what happened to their booking. Names, messages and reasons may hold anything. */
export function bookingMail(given: BookingMailFacts): BookingMail {
  const facts = { ...given, sessionTitle: oneLine(given.sessionTitle), other: nameOfOther(given) };
  const t = translator(facts.locale);
  const calendar = calendarWords(facts);
  const letter: Letter = {
    locale: facts.locale,
    siteUrl: facts.siteUrl,
    ...news(facts),
    facts: factsOf(facts),
    ...linksOf(facts, calendar),
    ...quoteOf(facts),
    closing: [
      ...joiningOf(facts),
      ...(INVITES[facts.type] ? [t('mail.answers')] : []),
      t('mail.reply', { name: facts.other.called }),
    ],
  };
  return { ...renderLetter(letter), calendar };
}

interface Facts extends BookingMailFacts {
  readonly other: { readonly called: string; readonly full: string };
}

/** How the two find each other in a video call: the mentor sends the link, and is asked to. */
function joiningOf({ type, recipient, location, locale, other }: Facts): string[] {
  if (type === 'cancelled' || location.kind !== 'video' || location.detail !== null) return [];
  const t = translator(locale);
  return [t(recipient === 'booker' ? 'mail.video.booker' : 'mail.video.mentor', { name: other.called })];
}

/** Which mail carries an invitation to say yes or no to. */
const INVITES: Record<NotificationType, boolean> = {
  confirmed: true,
  rescheduled: true,
  cancelled: false,
  'reminder-24h': false,
  'reminder-1h': false,
};

/** Letters that turn a line towards the left; set apart, they leave what follows in its place. */
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/;

/** The mentor for the booker, the booker for the mentor: as a sentence calls them, and in full. */
function nameOfOther({ recipient, mentor, booker, locale }: BookingMailFacts): Facts['other'] {
  const other = recipient === 'booker' ? cleaned(mentor) : { ...NO_NATIVE_NAME, name: oneLine(booker.name) };
  const isolated = (name: string) => (RIGHT_TO_LEFT.test(name) ? `\u2068${name}\u2069` : name);
  const full = isolated(nameIn(other, locale));
  // A stranger's first word may be the family name: the mentor hears it whole.
  return { full, called: recipient === 'booker' || locale === 'ko' ? isolated(callName(other, locale)) : full };
}

const NO_NATIVE_NAME = { nativeName: null, nativeNameLang: null };

const cleaned = (person: PersonName): PersonName => ({
  ...person,
  name: oneLine(person.name),
  nativeName: person.nativeName === null ? null : oneLine(person.nativeName),
});

function news(facts: Facts): Pick<Letter, 'subject' | 'title' | 'lead'> {
  const { type, recipient, locale, zone, startsAt, cancellation, other } = facts;
  const t = translator(locale);
  const { date } = toWall(zone, startsAt);
  const time = clockTime(startsAt, zone, locale);
  const name = other.called;
  const subjectValues = { day: shortDate(date, locale), time, name: locale === 'ko' ? other.called : other.full };
  switch (type) {
    case 'confirmed':
      return {
        subject: t(`mail.confirmed.${recipient}.subject`, subjectValues),
        title: t(`mail.confirmed.${recipient}.title`, { name }),
        lead: [t(`mail.confirmed.${recipient}.lead`, { name })],
      };
    case 'rescheduled':
      return {
        subject: t('mail.rescheduled.subject', subjectValues),
        title: t('mail.rescheduled.title', { name }),
        lead: [t('mail.rescheduled.lead')],
      };
    case 'cancelled': {
      const by = cancellation?.by === recipient ? 'by-you' : isParty(cancellation?.by) ? 'by-other' : 'by-site';
      return {
        subject: t('mail.cancelled.subject', subjectValues),
        title: t(`mail.cancelled.${by}.title`, { name }),
        lead: [t(`mail.cancelled.${recipient}.lead`)],
      };
    }
    case 'reminder-24h':
    case 'reminder-1h':
      return {
        subject: t('mail.reminder.subject', subjectValues),
        title: t(`mail.${type}.title`, { name, day: longDate(date, locale), time }),
        lead: [t(`mail.reminder.${recipient}.lead`)],
      };
  }
}

const isParty = (by: string | undefined): boolean => by === 'booker' || by === 'mentor';

function factsOf(facts: Facts): Letter['facts'] {
  const { type, recipient, locale, zone, otherZone, startsAt, endsAt, sessionTitle, booker, other } = facts;
  const t = translator(locale);
  const isOff = type === 'cancelled';
  const here = toWall(zone, startsAt);
  const there = toWall(otherZone, startsAt);
  const theirRange = clockRange(startsAt, endsAt, otherZone, locale);
  const range = clockRange(startsAt, endsAt, zone, locale);
  // A booker who has told no city is kept with the mentor's: that is not to be called theirs.
  const whose = recipient === 'booker' && zone === otherZone ? 'mail.fact.time' : 'mail.fact.your-time';
  const isSameClock = here.date === there.date && range === theirRange;
  return [
    { label: t('mail.fact.date'), value: fullDate(here.date, locale), isOff },
    { label: t(whose, { city: cityOf(zone, locale) }), value: range, isOff },
    ...(isSameClock
      ? []
      : [
          {
            label: t('mail.fact.their-time', { name: other.called, city: cityOf(otherZone, locale) }),
            value:
              here.date === there.date
                ? theirRange
                : t('mail.fact.clock-and-date', { range: theirRange, date: shortDate(there.date, locale) }),
            isOff,
          },
        ]),
    { label: t('mail.fact.session'), value: sessionTitle },
    { label: t('mail.fact.with'), value: other.full },
    { label: t('mail.fact.where'), value: calendarWords(facts).location },
    ...(recipient === 'mentor'
      ? [
          { label: t('mail.fact.email'), value: oneLine(booker.email) },
          ...(booker.phone ? [{ label: t('mail.fact.phone'), value: oneLine(booker.phone) }] : []),
        ]
      : []),
  ];
}

function linksOf(facts: Facts, calendar: BookingMail['calendar']): Pick<Letter, 'action' | 'actionNote' | 'links'> {
  const { type, recipient, locale, link, chooseLink, startsAt, endsAt } = facts;
  const t = translator(locale);
  if (type === 'cancelled' && recipient === 'booker')
    return { action: { label: t('mail.choose-another'), href: chooseLink } };
  if (link === null) return {};
  if (recipient === 'mentor') return { action: { label: t('mail.desk'), href: link } };
  const event = { startsAt, endsAt, ...calendar };
  return {
    action: { label: t('mail.manage'), href: link },
    actionNote: t('mail.manage.private'),
    links: INVITES[type]
      ? [
          { label: t('mail.calendar.google'), href: googleCalendarLink(event) },
          { label: t('mail.calendar.outlook'), href: outlookCalendarLink(event) },
          { label: t('mail.calendar.file'), href: `${link}/invite.ics` },
        ]
      : [],
  };
}

/** The booker's message is for the mentor; the reason of a cancellation for whoever did not give it. */
function quoteOf({ type, recipient, locale, booker, cancellation, other }: Facts): Pick<Letter, 'quote'> {
  const t = translator(locale);
  if (type === 'cancelled')
    return cancellation?.reason && cancellation.by !== recipient
      ? { quote: { label: t('mail.cancelled.reason'), text: cancellation.reason } }
      : {};
  if (recipient === 'mentor' && booker.message)
    return { quote: { label: t('mail.message', { name: other.called }), text: booker.message } };
  return {};
}

/** The booker's are the same on their page and in the file from there. */
function calendarWords(facts: Facts): BookingMail['calendar'] {
  const { locale, recipient, link, sessionTitle, mentor, location, other } = facts;
  const t = translator(locale);
  const words = bookingEventWords({ mentor, sessionTitle, location, link: link ?? '' }, locale);
  return {
    ...words,
    ...(recipient === 'mentor'
      ? {
          summary: t('mail.calendar.summary', { title: sessionTitle, name: other.full }),
          description: t('mail.calendar.desk', { link: link ?? '' }),
        }
      : {}),
    ...(link === null ? { description: '' } : {}),
  };
}
