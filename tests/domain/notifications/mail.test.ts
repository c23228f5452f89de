import { describe, expect, test } from 'vitest';
import type { NotificationType, Recipient } from '~/domain/notifications/owed';
import { findZone, type ZoneId } from '~/domain/time/zones';
import { bookingMail, type BookingMailFacts } from '~/emails/booking-mail';
import { signInCodeMail } from '~/emails/sign-in-code';

const zone = (text: string): ZoneId => {
  const found = findZone(text);
  if (found === undefined) throw new Error(text);
  return found;
};

const PRIVATE_LINK = 'https://slotwell.example/b/secret-token';
const DESK_LINK = 'https://slotwell.example/desk/bookings';

function written(type: NotificationType, recipient: Recipient, changes: Partial<BookingMailFacts> = {}) {
  const zones = { booker: zone('America/St_Johns'), mentor: zone('Asia/Kathmandu') };
  return bookingMail({
    type,
    recipient,
    locale: 'en',
    zone: zones[recipient],
    otherZone: zones[recipient === 'booker' ? 'mentor' : 'booker'],
    startsAt: Date.parse('2026-06-11T01:15:00Z'),
    endsAt: Date.parse('2026-06-11T02:05:00Z'),
    mentor: { name: 'Min-ji Kwon', nativeName: '권민지', nativeNameLang: 'ko' },
    booker: { name: 'Mina Park', email: 'mina@example.com', phone: '+65 1234', message: 'About grants.\nAnd tea.' },
    sessionTitle: 'Career talk',
    location: { kind: 'video', detail: null },
    cancellation: type === 'cancelled' ? { by: 'mentor', reason: 'I fell ill.' } : null,
    link: recipient === 'booker' ? PRIVATE_LINK : DESK_LINK,
    chooseLink: 'https://slotwell.example/m/min-ji/talk',
    siteUrl: 'https://slotwell.example',
    ...changes,
  });
}

/** What a reader of the HTML sees, tags and entities gone. */
const seen = (html: string) =>
  html
    .replace(/<style>.*?<\/style>|<head>.*?<\/head>/gs, '')
    .replace(/<[^>]+>/g, '\n')
    .replace(/&#x27;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');

const TYPES: NotificationType[] = ['confirmed', 'rescheduled', 'cancelled', 'reminder-24h', 'reminder-1h'];
const EVERY = TYPES.flatMap((type) => (['booker', 'mentor'] as const).map((recipient) => [type, recipient] as const));

test('the booker reads the time of their own zone, named, and the mentor’s, with its date where it is another', () => {
  const { subject, text } = written('confirmed', 'booker');
  expect(subject).toBe('Confirmed: Wed 10 June, 22:45 with Min-ji Kwon');
  expect(text).toContain('Date: Wednesday 10 June 2026\nYour time, St John’s: 22:45–23:35\n');
  expect(text).toContain('Min-ji’s time, Kathmandu: 07:00–07:50, Thu 11 June\n');
});

test('the mentor reads it the other way round, with how to reach the booker and what they wrote', () => {
  const { subject, text } = written('confirmed', 'mentor');
  expect(subject).toBe('New booking: Thu 11 June, 07:00, Mina Park');
  expect(text).toContain('Your time, Kathmandu: 07:00–07:50\nMina Park’s time, St John’s: 22:45–23:35, Wed 10 June\n');
  expect(text).toContain('Email: mina@example.com\nPhone: +65 1234\n');
  expect(text).toContain('Message from Mina Park:\n> About grants.\n> And tea.\n');
});

test('a booker kept with the mentor’s zone is not told that the time is theirs; the mentor is', () => {
  const same = { zone: zone('Asia/Seoul'), otherZone: zone('Asia/Seoul') };
  expect(written('confirmed', 'booker', same).text).toContain('\nTime, Seoul: ');
  expect(written('confirmed', 'mentor', same).text).toContain('\nYour time, Seoul: ');
});

test('where both clocks show the same, only one time is given', () => {
  const { text } = written('confirmed', 'booker', { zone: zone('Asia/Tokyo'), otherZone: zone('Asia/Seoul') });
  expect(text).toContain('Your time, Tokyo: 10:15–11:05\nSession: Career talk\n');
});

test('in the hour that clocks show twice, each time says by its offset which one is meant', () => {
  const night = { startsAt: Date.parse('2027-04-04T02:30:00Z'), endsAt: Date.parse('2027-04-04T03:30:00Z') };
  const { subject, text } = written('confirmed', 'booker', { zone: zone('America/Santiago'), ...night });
  expect(subject).toBe('Confirmed: Sat 3 April, 23:30 (UTC−3) with Min-ji Kwon');
  expect(text).toContain('Your time, Santiago: 23:30 (UTC−3)–23:30 (UTC−4)\n');
  expect(text).toContain('Kathmandu: 08:15–09:15, Sun 4 April\n');
});

test.each(EVERY)('%s to %s: HTML and text say the same, in both languages', (type, recipient) => {
  for (const locale of ['en', 'ko'] as const) {
    const { text, html } = written(type, recipient, { locale });
    const inHtml = seen(html).split('\n').join(' ').replace(/\s+/g, ' ');
    for (const line of text.split('\n').filter((one) => one !== '' && one !== '--'))
      for (const piece of line.startsWith('http') ? [] : line.replace(/^> /, '').replace(/:$/, '').split(': '))
        expect(inHtml).toContain(piece);
    for (const link of text.match(/^https?:\S+$/gm) ?? [])
      expect(html).toContain(`href="${link.replaceAll('&', '&amp;')}"`);
    expect(html).toMatch(new RegExp(`^<!doctype html><html lang="${locale}">`));
    expect(html).not.toMatch(/<img|<script|<link|url\(/);
    expect(text).not.toMatch(/undefined|null|\{\w+\}/);
    expect(html.length).toBeLessThan(12_000);
    expect(/[가-힣]/.test(text.replaceAll('권민지', ''))).toBe(locale === 'ko');
  }
});

test.each(TYPES)('%s: the private link is the booker’s alone, the desk the mentor’s', (type) => {
  const mentors = written(type, 'mentor');
  expect(mentors.text + mentors.html).not.toContain('/b/');
  expect(mentors.text).toContain(DESK_LINK);
  expect(mentors.calendar.description).not.toContain('/b/');
  expect(written(type, 'booker').text).not.toContain('/desk');
});

test('a booker without a known link still hears everything else', () => {
  const { text, calendar } = written('confirmed', 'booker', { link: null });
  expect(text).toContain('You are booked with Min-ji');
  expect(text).not.toContain('Move or cancel');
  expect(calendar.description).toBe('');
});

describe('a cancellation says who cancelled, and why', () => {
  const title = (recipient: Recipient, by: 'booker' | 'mentor' | 'admin' | 'system') =>
    written('cancelled', recipient, { cancellation: { by, reason: 'I fell ill.' } }).text.split('\n')[0];

  test('by the mentor', () => {
    expect(title('booker', 'mentor')).toBe('Min-ji cancelled your session');
    expect(title('mentor', 'mentor')).toBe('You cancelled your session with Mina Park');
  });
  test('by the booker', () => {
    expect(title('booker', 'booker')).toBe('You cancelled your session with Min-ji');
    expect(title('mentor', 'booker')).toBe('Mina Park cancelled your session');
  });
  test('by the site', () => {
    expect(title('booker', 'system')).toBe('Your session with Min-ji was cancelled');
    expect(title('mentor', 'admin')).toBe('Your session with Mina Park was cancelled');
  });
  test('the reason goes to whoever did not give it; the time is struck; another can be chosen', () => {
    const { text, html } = written('cancelled', 'booker');
    expect(text).toContain('Reason given:\n> I fell ill.\n');
    expect(html).toContain('<s>22:45–23:35</s>');
    expect(text).toContain('Choose another time:\nhttps://slotwell.example/m/min-ji/talk\n');
    expect(written('cancelled', 'mentor').text).not.toContain('I fell ill.');
  });
});

test('the same message is the same bytes, however often it is rendered', () => {
  expect(written('confirmed', 'booker')).toEqual(written('confirmed', 'booker'));
});

test.each([
  ['lines of its own', 'Mina\r\n\r\nMove or cancel:\r\nhttps://evil.example/\r\n'],
  ['markup', '<script>alert(1)</script><a href="https://evil.example">Mina</a>'],
  ['NUL and an escape', 'Mi\0na\x1b[2J'],
  ['a turned direction', 'Mina \u202eevil\u2066'],
  ['placeholders', '{link} {name} $& $1'],
  ['half an emoji', 'Mina \ud83d'],
  ['a hundred emoji', '👩🏽‍💻'.repeat(14)],
])('a name with %s stays a name', (_, name) => {
  const mentors = written('confirmed', 'mentor', {
    booker: { name, email: 'mina@example.com', phone: name, message: name },
  });
  const bookers = written('confirmed', 'booker', {
    mentor: { name, nativeName: null, nativeNameLang: null },
    sessionTitle: name,
  });
  for (const { subject, text, html, calendar } of [mentors, bookers]) {
    expect(html).not.toMatch(/<script|href="https:\/\/evil/);
    for (const part of [subject, text, seen(html), calendar.summary, calendar.description])
      expect(part.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}\u202A-\u202E\u2066]/u);
    expect(subject).not.toContain('\n');
    // A link that a client would take for ours stands alone on its line.
    expect(text).not.toMatch(/^https:\/\/evil/m);
  }
});

test('a name from the right leaves the words around it where they are', () => {
  const { subject } = written('confirmed', 'mentor', {
    booker: { name: 'מינה פארק', email: 'mina@example.com', phone: null, message: null },
  });
  expect(subject).toBe('New booking: Thu 11 June, 07:00, \u2068מינה פארק\u2069');
});

test('the sign-in code can be read off, and says how long it is good', () => {
  const mail = signInCodeMail({ code: '012345', locale: 'en', siteUrl: 'https://slotwell.example', minutes: 10 });
  expect(mail.subject).toBe('012345 is your Slotwell sign-in code');
  expect(mail.text).toContain('\n012345\n');
  expect(mail.text).toContain('within 10 minutes');
  expect(mail.html).toContain('<p class="code">012345</p>');
  const korean = signInCodeMail({ code: '012345', locale: 'ko', siteUrl: 'https://slotwell.example', minutes: 10 });
  expect(korean.subject).toBe('Slotwell 로그인 코드: 012345');
});
