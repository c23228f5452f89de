import type { Instant } from '~/domain/time/instant';
import { withoutHalves } from './plain-text';

export interface CalendarLinkEvent {
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly summary: string;
  readonly description: string;
  readonly location: string;
}

/** Opens Google Calendar with the event filled in. */
export function googleCalendarLink(event: CalendarLinkEvent): string {
  const [start, end] = [event.startsAt, event.endsAt].map((at) => isoSeconds(at).replace(/[-:]/g, ''));
  return link('https://calendar.google.com/calendar/render', {
    action: 'TEMPLATE',
    text: event.summary,
    dates: `${start}/${end}`,
    details: short(event.description),
    location: event.location,
  });
}

/** Opens Outlook on the web with the event filled in. */
export function outlookCalendarLink(event: CalendarLinkEvent): string {
  return link('https://outlook.live.com/calendar/0/deeplink/compose', {
    path: '/calendar/action/compose',
    rru: 'addevent',
    subject: event.summary,
    startdt: isoSeconds(event.startsAt),
    enddt: isoSeconds(event.endsAt),
    body: short(event.description),
    location: event.location,
  });
}

/** Spaces are `%20`: Outlook shows a `+` as it is. */
function link(address: string, query: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(withoutHalves(value))}`);
  return `${address}?${pairs.join('&')}`;
}

const isoSeconds = (at: Instant): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** Addresses beyond some 2,000 characters are refused on the way; Korean takes nine per letter. */
const short = (text: string): string => (text.length <= 150 ? text : `${text.slice(0, 149)}…`);
