import { describe, expect, test } from 'vitest';
import { atDesk, putBookings } from '../support/desk';
import { serve } from '../support/server';

const BOOKINGS = '/desk/bookings';
/** Tuesday in Seoul, 15:05. */
const wish = { now: '2026-06-09T06:05Z', zone: 'Asia/Seoul', hours: 'Mon-Fri 9-17' };

const words = (html: string) =>
  html
    .replace(/<script[\s\S]*?<\/script>/g, '')
    .replace(/<\/(p|h1|h2|h3|li|dd|dt)>/g, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/[ \t]+/g, ' ');
/** Pieces of text in the order they stand in. */
const inOrder = (html: string, ...pieces: string[]) => {
  const text = words(html);
  const places = pieces.map((piece) => text.indexOf(piece));
  expect(places, `${pieces.join(' … ')} in ${text}`).toEqual([...places].sort((a, b) => a - b));
  expect(places, text).not.toContain(-1);
};

test('today stands first, then this week, then later; each at the mentor’s time and the booker’s', async () => {
  const site = await serve(wish);
  await putBookings(site, site.mentor, [
    { start: '2026-07-01T01:00Z', name: 'Late Larsen' },
    { start: '2026-06-11T01:00Z', name: 'Mina Castellanos', zone: 'Asia/Singapore' },
    { start: '2026-06-09T07:00Z', name: 'Jonas Albrecht', message: 'Two offers.', minutes: 50 },
    { start: '2026-06-09T11:00Z', name: '한서윤', zone: 'Asia/Seoul' },
    { start: '2026-06-12T00:00Z', name: 'Ana Silva', zone: 'America/Los_Angeles' },
    { start: '2026-06-12T03:00Z', name: 'Ken Ito', zone: 'Asia/Tokyo' },
  ]);
  const page = await (await atDesk(site)).get(BOOKINGS);
  inOrder(
    page.text,
    ...['Today, Tuesday 9 June', '2 sessions. The next begins in 55 minutes.'],
    ...[
      '16:00–16:50',
      '09:00 in Berlin',
      'Jonas Albrecht',
      'Two offers.',
      '20:00–21:00',
      'also in Seoul',
      '한서윤',
      'No message.',
    ],
    ...['This week', 'Thursday 11 June', '10:00–11:00', '09:00 in Singapore', 'Mina Castellanos'],
    ...[
      'Friday 12 June',
      '09:00–10:00',
      'Thu 11 June, 17:00 in Los Angeles',
      'Ana Silva',
      'same time in Tokyo',
      'Ken Ito',
    ],
    ...['Later', 'Wednesday 1 July', 'Late Larsen'],
  );
});

test('what began before midnight and still runs belongs to today', async () => {
  const site = await serve({ ...wish, now: '2026-06-09T15:10Z' });
  await putBookings(site, site.mentor, [{ start: '2026-06-09T14:30Z', name: 'Night Owl' }]);
  const page = await (await atDesk(site)).get(BOOKINGS);
  inOrder(page.text, 'Today, Wednesday 10 June', '23:30–00:30', 'Night Owl');
});

test('a session of today that is over says so, in either language; one that still runs does not', async () => {
  const site = await serve(wish);
  await putBookings(site, site.mentor, [
    { start: '2026-06-09T00:00Z', name: 'Early Bird' },
    { start: '2026-06-09T05:05Z', name: 'Just Ended' },
    { start: '2026-06-09T06:05Z', name: 'Still Here' },
  ]);
  const browser = await atDesk(site);
  const { text } = await browser.get(BOOKINGS);
  inOrder(text, 'Early Bird · A talk Over', 'Just Ended · A talk Over', 'Still Here · A talk\n');
  expect(text.match(/<li class="over">/g)).toHaveLength(2);
  inOrder((await browser.get(BOOKINGS, { 'Accept-Language': 'ko' })).text, 'Early Bird · A talk 끝남', 'Still Here');
  expect((await browser.get(`${BOOKINGS}?show=past`)).text).not.toContain('class="over"');
});

test('details name the booker’s city as people spell it', async () => {
  const site = await serve(wish);
  await putBookings(site, site.mentor, [{ start: '2026-06-09T07:00Z', zone: 'America/St_Johns' }]);
  const { text } = await (await atDesk(site)).get(BOOKINGS);
  expect(text).toContain('<dt>Time zone</dt><dd>St John’s</dd>');
});

test('a mentor whom nobody has booked yet is told what to do', async () => {
  const site = await serve(wish);
  const page = await (await atDesk(site)).get(BOOKINGS);
  inOrder(
    page.text,
    'Nobody has booked yet.',
    'Your first session will stand here',
    'You keep 40 hours a week.',
    '40 times are free in the next seven days.',
    '/m/min-ji',
  );
});

test('a mentor without hours is asked to choose some', async () => {
  const site = await serve({ ...wish, hours: '' });
  expect((await (await atDesk(site)).get(BOOKINGS)).text).toContain('You keep no hours yet.');
});

test('what bookers wrote is shown as text, however it was meant', async () => {
  const site = await serve(wish);
  await putBookings(site, site.mentor, [
    {
      start: '2026-06-09T07:00Z',
      name: '<img src=x onerror=alert(1)>',
      message: '</q><script>alert(1)</script>',
      phone: '+49 (30) 12-34',
      zone: 'Nowhere/<b>',
    },
    { start: '2026-06-09T09:00Z', name: 'عبد الرحمن الحداد' },
  ]);
  const { text } = await (await atDesk(site)).get(BOOKINGS);
  expect(text).not.toContain('<img src=x');
  expect(text).not.toContain('<script>alert');
  expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;');
  expect(text).toContain('href="mailto:jonas@example.com"');
  expect(text).toContain('href="tel:+49301234"');
  expect(text).toContain('<bdi>عبد الرحمن الحداد</bdi>');
});

test('past and cancelled sessions stand on their own pages, newest first, thirty on each', async () => {
  const site = await serve(wish);
  const past = Array.from({ length: 31 }, (_, i) => ({
    start: `2026-05-${String(i + 1).padStart(2, '0')}T01:00Z`,
    name: `Person ${String(i + 1).padStart(2, '0')}`,
    status: 'completed' as const,
  }));
  await putBookings(site, site.mentor, [
    ...past,
    { start: '2026-06-20T01:00Z', name: 'Gone Girl', status: 'cancelled' },
  ]);
  const browser = await atDesk(site);
  const first = await browser.get(`${BOOKINGS}?show=past`);
  inOrder(first.text, 'Past sessions', 'Sunday 31 May', 'Person 31', 'Person 02');
  expect(first.text).not.toContain('Person 01');
  expect(first.text).toContain('href="/desk/bookings?show=past&amp;page=2"');
  const second = await browser.get(`${BOOKINGS}?show=past&page=2`);
  expect(second.text).toContain('Person 01');
  expect(second.text).not.toContain('Person 02');
  const cancelled = await browser.get(`${BOOKINGS}?show=cancelled`);
  inOrder(cancelled.text, 'Cancelled sessions', 'Gone Girl', 'Cancelled by the booker');
  expect(words((await browser.get(BOOKINGS)).text)).not.toContain('Gone Girl');
});

test('the address may say anything', async () => {
  const site = await serve(wish);
  const browser = await atDesk(site);
  const queries = [
    'show=x',
    'page=0',
    'page=-1',
    'page=1e9',
    'page=99999999',
    'show=past&page=9999',
    'page=%F0%9F%98%80',
  ];
  for (const query of queries) expect((await browser.get(`${BOOKINGS}?${query}`)).status, query).toBe(200);
});

describe('cancelling', () => {
  test('a session is cancelled with a reason, both are told, and its time is free again', async () => {
    const site = await serve(wish);
    const [id = ''] = await putBookings(site, site.mentor, [{ start: '2026-06-10T01:00Z', name: 'Jonas Albrecht' }]);
    const browser = await atDesk(site);
    const listed = await browser.get(BOOKINGS);
    expect(listed.text).toContain(`href="/desk/bookings/${id}/cancel"`);
    const page = await browser.get(`${BOOKINGS}/${id}/cancel`);
    inOrder(page.text, 'Cancel the session with Jonas Albrecht?', 'Wednesday 10 June 2026, 10:00–11:00');

    const answer = await browser.post(`${BOOKINGS}/${id}/cancel`, { reason: ' I am ill.\r\nSorry. ' });
    expect(answer.status).toBe(303);
    const [booking] = await site.database.owner('select status, cancelled_by, cancellation_reason from bookings');
    expect(booking).toEqual({ status: 'cancelled', cancelled_by: 'mentor', cancellation_reason: 'I am ill.\nSorry.' });
    const owed = await site.database.owner('select type, recipient from booking_notifications order by recipient');
    expect(owed).toEqual([
      { type: 'cancelled', recipient: 'booker' },
      { type: 'cancelled', recipient: 'mentor' },
    ]);
    const after = await browser.get(answer.location ?? '');
    expect(after.text).toContain('Cancelled. Both of you get a mail');
    const gone = await browser.get(`${BOOKINGS}?show=cancelled`);
    inOrder(gone.text, 'Jonas Albrecht', 'Cancelled by you', 'I am ill.');
    const month = await site.browser().get(`/m/${site.mentor.slug}/talk?date=2026-06-10&tz=Asia/Seoul`);
    expect(month.text).toContain('start=2026-06-10T01');

    expect((await browser.get(`${BOOKINGS}/${id}/cancel`)).text).toContain('This session is cancelled already.');
  });

  test('a reason that is too long is told, kept, and cancels nothing', async () => {
    const site = await serve(wish);
    const [id = ''] = await putBookings(site, site.mentor, [{ start: '2026-06-10T01:00Z' }]);
    const browser = await atDesk(site);
    await browser.get(`${BOOKINGS}/${id}/cancel`);
    const answer = await browser.post(`${BOOKINGS}/${id}/cancel`, { reason: 'x'.repeat(501) });
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(/<title>Error: /);
    expect(answer.text).toContain('Keep the reason below 500 characters.');
    expect(answer.text).toContain('x'.repeat(501));
    expect(await site.database.owner('select status from bookings')).toEqual([{ status: 'confirmed' }]);
  });

  test('what has begun can no longer be cancelled', async () => {
    const site = await serve(wish);
    const [id = ''] = await putBookings(site, site.mentor, [{ start: '2026-06-09T06:30Z' }]);
    const browser = await atDesk(site);
    await browser.get(`${BOOKINGS}/${id}/cancel`);
    site.at('2026-06-09T06:30Z');
    const answer = await browser.post(`${BOOKINGS}/${id}/cancel`, {});
    expect(answer.status).toBe(409);
    expect(answer.text).toContain('This session has begun already');
    expect((await browser.get(BOOKINGS)).text).not.toContain(`${id}/cancel`);
    expect(await site.database.owner('select status from bookings')).toEqual([{ status: 'confirmed' }]);
  });

  test('an address that names no booking is not found', async () => {
    const site = await serve(wish);
    const browser = await atDesk(site);
    for (const id of ['x', '00000000-0000-0000-0000-000000000000', "'; drop table bookings; --", '%F0%9F%98%80'])
      expect((await browser.get(`${BOOKINGS}/${id}/cancel`)).status, id).toBe(404);
  });
});

test('the desk is read in the other language by a link, and stays in it', async () => {
  const site = await serve(wish);
  const browser = await atDesk(site);
  for (const path of [BOOKINGS, '/desk/availability', '/desk/availability/days']) {
    browser.cookies.delete('slotwell-lang');
    const page = await browser.get(path);
    expect(page.text).toMatch(/<html lang="en"/);
    const href = /<a href="([^"]*)" lang="ko"[^>]*>한국어</.exec(page.text)?.[1] ?? '';
    expect(href).toBe(`${path}?lang=ko`);
    expect((await browser.get(href)).text).toMatch(/<html lang="ko"/);
    const after = await browser.get(path);
    expect(after.text).toMatch(/<html lang="ko"/);
    expect(after.text).toContain(`href="${path}?lang=en" lang="en"`);
  }
});
