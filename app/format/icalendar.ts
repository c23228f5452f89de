import { createEvents, type EventAttributes } from 'ics';
import type { Instant } from '~/domain/time/instant';
import { oneLine, plainLines, withoutHalves } from './plain-text';

export interface CalendarPerson {
  readonly name: string;
  readonly address: string;
}

export interface CalendarEvent {
  /** The same over moves and cancellation. */
  readonly uid: string;
  /** Starts at 0; rises with every move and with the cancellation, else clients ignore them. */
  readonly sequence: number;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly summary: string;
  readonly description: string;
  readonly location: string;
  /** The address that the mail comes from: clients compare the two. */
  readonly organizer: CalendarPerson;
  readonly url: string;
  /** DTSTAMP: when this text was made. The same message, sent again, keeps it. */
  readonly now: Instant;
}

/**
 * The text of an invitation by mail, or of its cancellation (RFC 5545, 5546); its METHOD must be repeated in
 * the part's Content-Type (RFC 6047). Names and texts may hold anything. Attendees whose address cannot be
 * written as mailto: are left out.
 */
export function invitation({
  method,
  attendees,
  ...event
}: CalendarEvent & { method: 'REQUEST' | 'CANCEL'; attendees: readonly CalendarPerson[] }): string {
  return write(event, method, {
    status: method === 'CANCEL' ? 'CANCELLED' : 'CONFIRMED',
    attendees: attendees.flatMap(({ name, address }) => {
      const email = mailtoAddress(address);
      if (email === undefined) return [];
      return [
        { name: commonName(name), email, rsvp: true, partstat: 'NEEDS-ACTION', role: 'REQ-PARTICIPANT' },
      ] as const;
    }),
  });
}

/** The text of a file to be opened by any calendar: it asks nothing of anyone, so it names no attendee. */
export function calendarFile({ isCancelled, ...event }: CalendarEvent & { isCancelled: boolean }): string {
  return write(event, 'PUBLISH', { status: isCancelled ? 'CANCELLED' : 'CONFIRMED' });
}

// The package folds in quadratic time (10 kB: 87 ms, 40 kB: 6 s), so texts are short.
const DESCRIPTION_OCTETS = 2_000;
const LINE_OCTETS = 500;

function write(
  event: CalendarEvent,
  method: 'REQUEST' | 'CANCEL' | 'PUBLISH',
  own: Pick<EventAttributes, 'status' | 'attendees'>,
): string {
  const organizerEmail = mailtoAddress(event.organizer.address);
  // Times as epoch milliseconds come out in UTC; as arrays they would be the server's.
  const attributes = {
    ...own,
    // The package's types do not know it.
    timestamp: event.now,
    uid: oneLine(event.uid),
    sequence: event.sequence,
    start: event.startsAt,
    end: event.endsAt,
    title: capped(oneLine(event.summary), LINE_OCTETS),
    description: capped(plainLines(event.description), DESCRIPTION_OCTETS),
    location: capped(oneLine(event.location), LINE_OCTETS),
    organizer: { name: commonName(event.organizer.name), email: organizerEmail },
    busyStatus: own.status === 'CANCELLED' ? 'FREE' : 'BUSY',
  } satisfies EventAttributes & { timestamp: Instant };
  const header = { method, productId: '-//Slotwell//Bookings//EN' };
  // One field that its checks dislike (`_` or IPv6 in the host) means no file: then rather without the address.
  const withUrl = createEvents([{ ...attributes, url: event.url }], header);
  const { value, error } = withUrl.value === null ? createEvents([attributes], header) : withUrl;
  if (value === null || value === undefined) throw new Error('ics refused an event', { cause: error });
  return refolded(value.replace('X-PUBLISHED-TTL:PT1H\r\n', ''));
}

const ASCII_DOMAIN = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?)*$/;

/**
 * An address as it stands in a mailto: URI (RFC 6068): the domain in ASCII, the local part percent-encoded.
 * undefined where that is impossible.
 */
function mailtoAddress(address: string): string | undefined {
  const at = address.lastIndexOf('@');
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)];
  // An address of the web is read for its host alone: what would be more than a host is none.
  const isHost = /^[^\s/?#:@\\%]+$/.test(domain) && URL.canParse(`http://${domain}/`);
  const host = isHost ? new URL(`http://${domain}/`).hostname : '';
  if (at < 1 || !ASCII_DOMAIN.test(host)) return undefined;
  const written = encodeURIComponent(withoutHalves(local))
    .replace(/[()]/g, (bracket) => (bracket === '(' ? '%28' : '%29'))
    .replaceAll('%2B', '+');
  return `${written}@${host}`;
}

/**
 * A name as the CN of a person. No parameter can hold `"`; parsers take `\` before the closing quote for an
 * escape, and some end the quoted name at a `:` and take the rest for the address. The package writes newlines
 * of an organizer's name, lone carriage returns and control characters as they are.
 */
function commonName(name: string): string {
  return oneLine(name).replaceAll('"', "'").replaceAll('\\', '/').replaceAll(':', '：');
}

function capped(text: string, octets: number): string {
  if (octetsOf(text) <= octets) return text;
  let [kept, size] = ['', octetsOf('…')];
  for (const character of text) {
    size += octetsOf(character);
    if (size > octets) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Folds at 75 octets (RFC 5545 section 3.1), never inside a character; the package counts characters. */
function refolded(content: string): string {
  return content
    .replace(/\r\n[\t ]/g, '')
    .split('\r\n')
    .map((line) => {
      let [folded, size] = ['', 0];
      for (const character of line) {
        const more = octetsOf(character);
        if (size + more > 75) {
          folded += '\r\n ';
          size = 1;
        }
        folded += character;
        size += more;
      }
      return folded;
    })
    .join('\r\n');
}

const encoder = new TextEncoder();
const octetsOf = (text: string): number => encoder.encode(text).length;
