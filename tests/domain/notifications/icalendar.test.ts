import fc from 'fast-check';
import ICAL from 'ical.js';
import nodeIcal from 'node-ical';
import { convertIcsCalendar } from 'ts-ics';
import { expect, test } from 'vitest';
import { googleCalendarLink, outlookCalendarLink } from '~/format/calendar-links';
import { calendarFile, invitation } from '~/format/icalendar';

const event = {
  uid: '0b9c2f6e-booking@slotwell.example',
  sequence: 0,
  startsAt: Date.parse('2026-10-25T00:30:00Z'),
  endsAt: Date.parse('2026-10-25T01:20:00Z'),
  summary: 'Career talk with Min-ji Kwon',
  description: 'Your link: https://slotwell.example/b/token\nSee you there; bring questions, and a \\ if you like.',
  location: 'Video',
  organizer: { name: 'Min-ji Kwon', address: 'bookings@slotwell.example' },
  url: 'https://slotwell.example/b/token',
  now: Date.parse('2026-06-09T05:05:00Z'),
};
const mina = { name: 'Mina Park', address: 'mina@example.com' };
const request = (changes: Partial<Parameters<typeof invitation>[0]> = {}) =>
  invitation({ method: 'REQUEST', ...event, attendees: [mina], ...changes });

const bytes = (text: string) => new TextEncoder().encode(text).length;
const unfolded = (content: string) => content.replace(/\r\n[\t ]/g, '');
const linesNamed = (content: string, name: string) =>
  unfolded(content)
    .split('\r\n')
    .filter((line) => new RegExp(`^${name}[;:]`, 'i').test(line));

/** What a parser makes of a file, in one shape for all of them. */
interface Read {
  method: string | undefined;
  uid: string;
  sequence: number;
  status: string | undefined;
  start: number;
  end: number;
  stamp: number;
  summary: string;
  description: string | undefined;
  location: string | undefined;
  organizer: string | undefined;
  organizerName: string | undefined;
  attendees: { address: string; name: string | undefined; answer: string | undefined; rsvp: boolean }[];
}

const address = (uri: string) => uri.replace(/^mailto:/i, '');

function byIcalJs(content: string): Read {
  const calendar = new ICAL.Component(ICAL.parse(content) as unknown[]);
  const component = calendar.getFirstSubcomponent('vevent');
  if (component === null) throw new Error('no VEVENT');
  const text = (name: string) => component.getFirstPropertyValue(name) as string | null;
  const time = (name: string) => (component.getFirstPropertyValue(name) as ICAL.Time).toJSDate().getTime();
  const parameter = (property: ICAL.Property | null, name: string) => property?.getFirstParameter(name);
  return {
    method: (calendar.getFirstPropertyValue('method') as string | null) ?? undefined,
    uid: text('uid') ?? '',
    sequence: Number(component.getFirstPropertyValue('sequence')),
    status: text('status') ?? undefined,
    start: time('dtstart'),
    end: time('dtend'),
    stamp: time('dtstamp'),
    summary: text('summary') ?? '',
    description: text('description') ?? undefined,
    location: text('location') ?? undefined,
    organizer: address(text('organizer') ?? ''),
    organizerName: parameter(component.getFirstProperty('organizer'), 'cn'),
    attendees: component.getAllProperties('attendee').map((attendee) => ({
      address: address(attendee.getFirstValue() as string),
      name: parameter(attendee, 'cn'),
      answer: parameter(attendee, 'partstat'),
      rsvp: parameter(attendee, 'rsvp') === 'TRUE',
    })),
  };
}

type Named = { val: string; params: Record<string, string | undefined> };

function byNodeIcal(content: string): Read {
  const parsed = Object.values(nodeIcal.sync.parseICS(content));
  const read = parsed.find((one) => one?.type === 'VEVENT') as unknown as
    | (Record<string, unknown> & {
        start: Date;
        end: Date;
        dtstamp: Date;
        organizer?: Named;
        attendee?: Named | Named[];
      })
    | undefined;
  if (read === undefined) throw new Error('no VEVENT');
  const name = (one: Named | undefined) => one?.params.CN?.replace(/^"|"$/g, '');
  return {
    method: read.method as string | undefined,
    uid: read.uid as string,
    sequence: Number(read.sequence),
    status: read.status as string | undefined,
    start: read.start.getTime(),
    end: read.end.getTime(),
    stamp: read.dtstamp.getTime(),
    summary: read.summary as string,
    description: read.description as string | undefined,
    location: read.location as string | undefined,
    organizer: read.organizer && address(read.organizer.val),
    organizerName: name(read.organizer),
    attendees: [read.attendee ?? []].flat().map((one) => ({
      address: address(one.val),
      name: name(one),
      answer: one.params.PARTSTAT?.replace(/"/g, ''),
      rsvp: String(one.params.RSVP) === 'TRUE' || (one.params.RSVP as unknown) === true,
    })),
  };
}

function byTsIcs(content: string): Read {
  const calendar = convertIcsCalendar(undefined, content);
  const read = calendar.events?.[0];
  if (read === undefined) throw new Error('no VEVENT');
  const name = (text: string | undefined) => text?.replace(/^"|"$/g, '');
  return {
    method: calendar.method,
    uid: read.uid,
    // It takes a zero for nothing.
    sequence: read.sequence ?? 0,
    status: read.status,
    start: read.start.date.getTime(),
    end: read.end?.date.getTime() ?? 0,
    stamp: read.stamp.date.getTime(),
    summary: read.summary,
    description: read.description,
    location: read.location,
    organizer: read.organizer?.email,
    organizerName: name(read.organizer?.name),
    attendees: (read.attendees ?? []).map((one) => ({
      address: one.email,
      name: name(one.name),
      answer: one.partstat?.replace(/"/g, ''),
      rsvp: Boolean(one.rsvp),
    })),
  };
}

const PARSERS = { 'ical.js': byIcalJs, 'node-ical': byNodeIcal, 'ts-ics': byTsIcs };
const parsers = Object.entries(PARSERS);

test.each(parsers)('%s reads an invitation as it was meant', (_, read) => {
  expect(read(request())).toMatchObject({
    method: 'REQUEST',
    uid: event.uid,
    sequence: 0,
    status: 'CONFIRMED',
    start: event.startsAt,
    end: event.endsAt,
    stamp: event.now,
    summary: event.summary,
    description: event.description,
    location: 'Video',
    organizer: 'bookings@slotwell.example',
    organizerName: 'Min-ji Kwon',
    attendees: [{ address: 'mina@example.com', name: 'Mina Park', answer: 'NEEDS-ACTION', rsvp: true }],
  });
});

test.each(parsers)('%s reads a cancellation: same event and people, higher sequence, CANCELLED', (_, read) => {
  expect(read(request({ method: 'CANCEL', sequence: 2 }))).toMatchObject({
    method: 'CANCEL',
    uid: event.uid,
    sequence: 2,
    status: 'CANCELLED',
    start: event.startsAt,
    end: event.endsAt,
    summary: event.summary,
    organizer: 'bookings@slotwell.example',
    attendees: [{ address: 'mina@example.com' }],
  });
});

test.each(parsers)('%s reads the file for any calendar: it asks no one and names no attendee', (_, read) => {
  const file = calendarFile({ ...event, isCancelled: false });
  expect(read(file)).toMatchObject({ method: 'PUBLISH', status: 'CONFIRMED', start: event.startsAt, attendees: [] });
  expect(read(calendarFile({ ...event, isCancelled: true }))).toMatchObject({ status: 'CANCELLED' });
});

test('the times are UTC whatever the zone of the machine, and only an event stands inside', () => {
  const content = request();
  expect(linesNamed(content, 'DTSTART')).toEqual(['DTSTART:20261025T003000Z']);
  expect(linesNamed(content, 'DTEND')).toEqual(['DTEND:20261025T012000Z']);
  expect(linesNamed(content, 'DTSTAMP')).toEqual(['DTSTAMP:20260609T050500Z']);
  expect(content).not.toContain('X-PUBLISHED-TTL');
  expect(content.match(/BEGIN:/g)).toHaveLength(2);
  expect(content.endsWith('END:VEVENT\r\nEND:VCALENDAR\r\n')).toBe(true);
});

const HOSTILE: Record<string, string> = {
  'a forged attendee after CRLF': 'Mina\r\nATTENDEE;CN="x":mailto:evil@example.net',
  'a forged attendee after LF': 'Mina\nATTENDEE:mailto:evil@example.net',
  'a forged attendee after a lone CR': 'Mina\rATTENDEE:mailto:evil@example.net',
  'a closed quote and a forged address': '"Mina":mailto:evil@example.net\r\nX-EVIL:"',
  'an end of the event': 'Mina\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil',
  'a folded continuation': 'Mina\r\n ATTENDEE:mailto:evil@example.net',
  'a line separator': 'Mina\u2028ATTENDEE:mailto:evil@example.net\u0085ATTENDEE:mailto:evil@example.net',
  'NUL and other controls': 'Mi\0na\x07\x1b[31m\x7f',
  'a colon and a forged address': 'Mina:mailto:evil@example.net',
  'a backslash before the closing quote': 'Mina: \\',
  'semicolons, commas and backslashes': 'Mina;RSVP=FALSE,\\n\\',
  emoji: '👩🏽‍💻 Mina 🧑‍🤝‍🧑',
  'right-to-left': 'מינה \u202eevil\u202c פארק',
  'a hundred characters': '민'.repeat(100),
  'half an emoji': 'Mina \ud83d',
  nothing: '',
};

test.each(Object.entries(HOSTILE))('%s in every text leaves one event, one attendee, one organizer', (_, text) => {
  const content = request({
    organizer: { name: text, address: event.organizer.address },
    attendees: [{ name: text, address: mina.address }],
    summary: text,
    description: text,
    location: text,
  });
  for (const [parser, read] of parsers) {
    // This one looks for BEGIN: and END: anywhere in a line.
    if (parser === 'ts-ics' && text.includes('END:VEVENT')) continue;
    const { attendees, uid, sequence, status, start } = read(content);
    expect({ uid, sequence, status, start }).toEqual({
      uid: event.uid,
      sequence: 0,
      status: 'CONFIRMED',
      start: event.startsAt,
    });
    expect(attendees).toMatchObject([{ address: mina.address }]);
  }
  expect(byIcalJs(content)).toMatchObject({
    organizer: event.organizer.address,
    attendees: [{ address: mina.address }],
  });
  expect(linesNamed(content, 'ATTENDEE')).toHaveLength(1);
  expect(linesNamed(content, 'UID')).toHaveLength(1);
  expect(linesNamed(content, 'X-EVIL')).toHaveLength(0);
  expect(linesNamed(content, 'BEGIN')).toHaveLength(2);
  expect([...content.replaceAll('\r\n', '')].every((character) => character >= ' ' && character !== '\x7f')).toBe(true);
});

test('a name with quotes keeps its organizer and attendee, with apostrophes', () => {
  const name = 'Robert "Bob" Kim';
  const content = request({ organizer: { name, address: event.organizer.address }, attendees: [{ ...mina, name }] });
  for (const [, read] of parsers) {
    expect(read(content)).toMatchObject({
      organizerName: "Robert 'Bob' Kim",
      organizer: event.organizer.address,
      attendees: [{ name: "Robert 'Bob' Kim", address: mina.address }],
    });
  }
});

test.each([
  ['josé@example.org', 'jos%C3%A9@example.org'],
  ['mina@bücher.example', 'mina@xn--bcher-kva.example'],
  ['민아@한국.kr', '%EB%AF%BC%EC%95%84@xn--3e0b707e.kr'],
  ['mina+slot@example.com', 'mina+slot@example.com'],
  ["o'neil(x)@example.com", "o'neil%28x%29@example.com"],
  ['Mina@EXAMPLE.com', 'Mina@example.com'],
])('the address %s is written as %s', (given, written) => {
  expect(byIcalJs(request({ attendees: [{ ...mina, address: given }] })).attendees).toMatchObject([
    { address: written },
  ]);
});

test.each(['', 'mina', '@example.com', 'mina@', 'mina@[::1]', 'mina@exa mple.com', 'mina@a_b.example', 'mina@x/y'])(
  'the attendee %j cannot be written: the file comes without',
  (given) => {
    expect(byIcalJs(request({ attendees: [{ ...mina, address: given }, mina] })).attendees).toMatchObject([
      { address: mina.address },
    ]);
  },
);

test.each([
  'http://127.0.0.1:3000/b/x',
  'http://localhost:3000/b/x',
  'https://a_b.example/b/x',
  'http://[::1]:3000/b/x',
  '',
])('the site at %j does not keep the file from coming', (url) => {
  expect(byIcalJs(request({ url })).attendees).toHaveLength(1);
});

test('a long description is cut at two thousand octets, never inside a character', () => {
  const { description } = byIcalJs(request({ description: '안녕하세요 '.repeat(2_000) }));
  expect(bytes(description ?? '')).toBeLessThanOrEqual(2_000);
  expect(bytes(description ?? '')).toBeGreaterThan(1_990);
  expect(description).toMatch(/^안녕하세요 .*…$/);
  expect(byIcalJs(request({ description: 'a'.repeat(2_000) })).description).toBe('a'.repeat(2_000));
});

const wild = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.stringMatching(/^[\r\n";:,\\ A-Z\t]{0,60}$/),
);

test('whatever people are called and write: lines of at most 75 octets, unfolded to the same words', () => {
  fc.assert(
    fc.property(wild, wild, fc.nat(1_000), (name, text, sequence) => {
      const content = request({
        sequence,
        organizer: { name, address: event.organizer.address },
        attendees: [{ name, address: mina.address }],
        summary: text,
        description: text,
      });
      const lines = content.split('\r\n');
      expect(lines.every((line) => bytes(line) <= 75 && !/[\r\n]/.test(line))).toBe(true);
      expect(new TextDecoder().decode(new TextEncoder().encode(content))).toBe(content);
      expect(linesNamed(content, 'ATTENDEE')).toHaveLength(1);
      const read = byIcalJs(content);
      expect(read).toMatchObject({ uid: event.uid, sequence, attendees: [{ address: mina.address }] });
      // Letters and digits are nobody's syntax: they arrive as they were typed.
      const letters = (words: string | undefined) => (words ?? '').replace(/[^\p{L}\p{N}]/gu, '');
      expect(letters(read.summary)).toBe(letters(text.trim()));
      expect(letters(read.description)).toBe(letters(text));
    }),
    { numRuns: 400 },
  );
});

test('the links of Google and Outlook carry the event, with %20 for a space', () => {
  const google = googleCalendarLink({ ...event, summary: 'Talk + tea & 차' });
  expect(google).not.toContain('+');
  expect(Object.fromEntries(new URL(google).searchParams)).toEqual({
    action: 'TEMPLATE',
    text: 'Talk + tea & 차',
    dates: '20261025T003000Z/20261025T012000Z',
    details: event.description,
    location: 'Video',
  });
  const outlook = outlookCalendarLink({ ...event, description: '가'.repeat(5_000) });
  expect(outlook).not.toContain('+');
  expect(outlook.length).toBeLessThan(2_000);
  expect(Object.fromEntries(new URL(outlook).searchParams)).toMatchObject({
    path: '/calendar/action/compose',
    rru: 'addevent',
    subject: event.summary,
    startdt: '2026-10-25T00:30:00Z',
    enddt: '2026-10-25T01:20:00Z',
  });
  expect(() => googleCalendarLink({ ...event, summary: '\ud83d' })).not.toThrow();
});
