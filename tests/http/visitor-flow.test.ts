import { expect, test } from 'vitest';
import { serve, type Browser, type Served, type Visit } from '../support/server';

const FORM = '/m/min-ji/talk/book?start=2026-06-11T01:00:00Z';
const ASHA = { name: 'Asha Rai', email: 'asha@example.com' };

/** Tuesday 9 June 2026, 15:05 in Seoul, where the mentor is in from ten to twelve. */
const house = (wish = {}) => serve({ now: '2026-06-09T06:05:00Z', hours: 'Mon-Fri 10-12', ...wish });

/** Fills the booking form of 11 June, 10:00 in Seoul, and posts it. */
async function book(browser: Browser, fields: Record<string, string> = ASHA, form = FORM): Promise<Visit> {
  expect((await browser.get(form)).status).toBe(200);
  return browser.post(form, fields);
}

async function booked(on: Served, fields: Record<string, string> = ASHA, form = FORM) {
  const browser = on.browser(crypto.randomUUID());
  const answer = await book(browser, fields, form);
  expect(answer.status).toBe(303);
  return { browser, link: (answer.location ?? '').replace(/\?.*/, '') };
}

const textOf = (html: string) =>
  html
    .replace(/<(script|style)[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#x27;', "'")
    .replace(/\s+/g, ' ');

test('a visitor finds a mentor, a day and a time, books, moves, cancels, and the time is free again', async () => {
  const on = await house();
  const browser = on.browser();
  const home = await browser.get('/?tz=Asia/Singapore');
  expect(textOf(home.text)).toContain('Min-ji Kwon');
  expect((await browser.get('/m/min-ji')).text).toMatch(/<dialog[^>]* open/);

  const month = await browser.get('/m/min-ji/talk?date=2026-06-11');
  expect(month.text).toContain('/m/min-ji/talk/book?start=2026-06-11T01:00:00Z');
  expect(textOf(month.text)).toContain('09:00');
  expect(textOf(month.text)).toContain('Seoul 10:00');

  const answer = await book(browser, { ...ASHA, message: 'About growing' });
  expect(answer.status).toBe(303);
  const confirmed = await browser.get(answer.location ?? '');
  expect(confirmed.status).toBe(200);
  const link = (answer.location ?? '').replace(/\?.*/, '');
  const taken = await browser.get('/m/min-ji/talk?date=2026-06-11');
  expect(taken.text).not.toContain('start=2026-06-11T01:00:00Z');

  const confirmMove = `${link}/reschedule?start=2026-06-12T02:00:00Z`;
  expect((await browser.get(`${link}/reschedule?date=2026-06-12`)).text).toContain('start=2026-06-12T02:00:00Z');
  await browser.get(confirmMove);
  const moved = await browser.post(confirmMove, {});
  expect([moved.status, moved.location]).toEqual([303, expect.stringContaining(link)]);
  expect(textOf((await browser.get(link)).text)).toContain('Friday 12 June');

  await browser.get(`${link}/cancel`);
  const cancelled = await browser.post(`${link}/cancel`, { reason: 'A cold' });
  expect(cancelled.status).toBe(303);
  const rows = await on.database.owner('select status, cancellation_reason, ical_sequence from bookings');
  expect(rows).toEqual([{ status: 'cancelled', cancellation_reason: 'A cold', ical_sequence: 2 }]);
  expect((await browser.get('/m/min-ji/talk?date=2026-06-12')).text).toContain('start=2026-06-12T02:00:00Z');
});

test('visitor pages carry no framework script', async () => {
  const on = await house();
  const { browser, link } = await booked(on);
  for (const path of ['/', '/m/min-ji', '/m/min-ji/talk', FORM.replace('01:00', '02:00'), link, `${link}/cancel`]) {
    const { text } = await browser.get(path);
    expect(text).not.toContain('__remixContext');
    expect(text.match(/<script(?! type="speculationrules")/g) ?? []).toHaveLength(1);
  }
});

test('wrong fields: 400, each error beside its field, everything typed still there', async () => {
  const on = await house();
  const browser = on.browser();
  const answer = await book(browser, { name: 'A', email: 'asha@', phone: 'call me', message: 'x'.repeat(501) });
  expect(answer.status).toBe(400);
  expect(answer.text).toMatch(/<title>Error:/);
  expect(answer.text).toMatch(/role="alert"/);
  for (const field of ['name', 'email', 'phone', 'message'])
    expect(answer.text).toMatch(
      new RegExp(`name="${field}"[^>]*aria-invalid="true"|aria-invalid="true"[^>]*name="${field}"`),
    );
  expect(answer.text).toContain('value="asha@"');
  expect(answer.text).toContain('x'.repeat(501));
  expect(await on.database.owner('select * from bookings')).toEqual([]);
  expect((await browser.post(FORM, ASHA)).status).toBe(303);
});

test('forms write out their address with its query, since some browsers leave it away', async () => {
  const on = await house();
  const { browser, link } = await booked(on);
  for (const path of [
    FORM.replace('01:00', '02:00'),
    `${link}/reschedule?start=2026-06-12T01:00:00Z`,
    '/sign-in?next=/desk',
  ]) {
    const { text } = await browser.get(path);
    expect(text).toContain(`action="${path}"`);
  }
});

test('a lost race: 409, what was typed is kept, and a nearby time in the same form books', async () => {
  const on = await house();
  const late = on.browser('198.51.100.2');
  await late.get(FORM);
  await booked(on);
  const answer = await late.post(FORM, { name: 'Late <Comer>', email: 'late@example.com', message: 'Please' });
  expect(answer.status).toBe(409);
  expect(answer.text).toContain('value="Late &lt;Comer&gt;"');
  expect(answer.text).toMatch(
    /type="radio"[^>]*value="2026-06-11T02:00:00Z"|value="2026-06-11T02:00:00Z"[^>]*type="radio"/,
  );
  const again = await late.post(FORM, { name: 'Late', email: 'late@example.com', start: '2026-06-11T02:00:00Z' });
  expect(again.status).toBe(303);
});

test('opening the form of a taken time says so at once: 409 with the nearest', async () => {
  const on = await house();
  await booked(on);
  const answer = await on.browser().get(FORM);
  expect(answer.status).toBe(409);
  expect(answer.text).toContain('2026-06-11T02:00:00Z');
});

test('the same form posted twice: one booking and the same page', async () => {
  const on = await house();
  const browser = on.browser();
  const page = await browser.get(FORM);
  const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
  const fields = { ...ASHA, csrf, start: '2026-06-11T01:00:00Z' };
  const answers = await Promise.all([browser.post(FORM, fields), browser.post(FORM, fields)]);
  expect(answers.map(({ status }) => status)).toEqual([303, 303]);
  expect(answers[0]?.location).toBe(answers[1]?.location);
  expect(await on.database.owner('select 1 from bookings')).toHaveLength(1);
});

test('the limit of attempts: 429 that says when to come back, with what was typed', async () => {
  const on = await house();
  const browser = on.browser();
  await browser.get(FORM);
  for (let i = 0; i < 5; i += 1)
    expect((await browser.post(FORM, { ...ASHA, start: '2026-06-13T01:00:00Z' })).status).toBe(409);
  const answer = await browser.post(FORM, { ...ASHA, start: '2026-06-11T01:00:00Z' });
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(3500);
  expect(answer.text).toContain('value="asha@example.com"');
});

test('a form without this browser’s token is refused and nothing is booked', async () => {
  const on = await house();
  const [mine, other] = [on.browser(), on.browser()];
  const page = await mine.get(FORM);
  const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
  await other.get(FORM);
  expect((await other.post(FORM, { ...ASHA, csrf })).status).toBe(403);
  expect((await other.post(FORM, { ...ASHA, csrf: '' })).status).toBe(403);
  expect(await on.database.owner('select 1 from bookings')).toEqual([]);
});

test.each(['', '/reschedule', '/cancel', '/invite.ics'])(
  'a link with a wrong token is not found: /b/…%s',
  async (rest) => {
    const on = await house();
    const { browser, link } = await booked(on);
    const wrong = `${link.slice(0, -2)}${link.endsWith('AA') ? 'BB' : 'AA'}${rest}`;
    expect((await browser.get(wrong)).status).toBe(404);
    expect((await browser.get(`/b/x${rest}`)).status).toBe(404);
    expect((await browser.get(`${link}${rest}`)).status).toBe(200);
  },
);

test('posts to a wrong link change nothing', async () => {
  const on = await house();
  const { browser, link } = await booked(on);
  await browser.get(`${link}/cancel`);
  expect((await browser.post('/b/wrong/cancel', { reason: '' })).status).toBe(404);
  expect(await on.database.owner('select status from bookings')).toEqual([{ status: 'confirmed' }]);
});

test('the calendar file of a booking is the booker’s alone and names its UID', async () => {
  const on = await house();
  const { browser, link } = await booked(on);
  const file = await browser.get(`${link}/invite.ics`);
  expect(file.headers.get('Content-Type')).toMatch(/^text\/calendar; charset=utf-8/);
  expect(file.headers.get('Cache-Control')).toContain('no-store');
  const [row] = await on.database.owner('select ical_uid from bookings');
  expect(file.text).toContain(`UID:${String(row?.ical_uid)}`);
  expect(file.text).toContain('DTSTART:20260611T010000Z');
});

test.each([
  '/m/min-ji/talk?month=2026-13',
  '/m/min-ji/talk?month=1969-01',
  '/m/min-ji/talk?month=9999-12',
  '/m/min-ji/talk?date=2026-02-30',
  '/m/min-ji/talk?date=x&month=y&tz=z',
  '/m/min-ji/talk?tz=Mars/Olympus',
  '/m/min-ji/talk?tz=%2B02:00',
  '/m/min-ji/talk?tz=Europe/Berlin%0d%0aSet-Cookie:%20x=1',
  '/?lang=xx&tz=',
  '/cities?tz=nowhere',
  '/cities?back=/.//',
  '/cities?back=.//elsewhere.example/x',
  '/cities?back=//elsewhere.example',
])('a strange address is answered calmly: %s', async (path) => {
  const on = await house();
  const answer = await on.browser().get(path);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('x')).toBeNull();
});

test.each([
  ['/m/nobody', 404],
  ['/m/nobody/talk', 404],
  ['/m/min-ji/nothing', 404],
  ['/m/min-ji/nothing/book?start=2026-06-11T01:00:00Z', 404],
  ['/m/min-ji/talk/book?start=2199-12-31T23:59:00Z', 409],
  ['/m/min-ji/talk/book?start=9999-12-31T23:59:00Z', 303],
  ['/m/min-ji/talk/book?start=0000-01-01T00:00:00Z', 303],
  ['/m/min-ji/talk/book?start=2026-06-11T01:00:01Z', 303],
  ['/m/min-ji/talk/book?start=yesterday', 303],
  ['/m/min-ji/talk/book', 303],
  ['/nothing/here', 404],
  ['/b/%F0%9F%91%BB', 404],
] as const)('%s is answered with %i', async (path, status) => {
  const on = await house();
  expect((await on.browser().get(path)).status).toBe(status);
});

test('hostile names are shown as written and never as markup, to booker and mentor', async () => {
  const on = await house();
  const name = '<script>alert(1)</script> "Bob" \u202Eevil';
  const shown = '&lt;script&gt;alert(1)&lt;/script&gt;';
  const visitor = on.browser();
  const refused = await book(visitor, { name, email: 'nobody' });
  await booked(on, { name, email: 'bob@example.com' });
  const desk = on.browser();
  await desk.get('/sign-in');
  await desk.post('/sign-in', { email: on.mentor.email });
  await on.settled();
  await desk.get('/sign-in/code');
  const code = /\b\d{6}\b/.exec(on.sent.at(-1)?.text ?? '')?.[0] ?? '';
  expect((await desk.post('/sign-in/code', { code })).status).toBe(303);
  const bookings = await desk.get('/desk/bookings');
  for (const { text } of [refused, bookings]) {
    expect(text).not.toContain('<script>alert');
    expect(text).toContain(shown);
  }
});

test('line breaks and NUL in a name become blanks', async () => {
  const on = await house();
  await booked(on, { name: 'A\0sha\r\nBcc: all@example.com', email: 'asha@example.com' });
  expect(await on.database.owner('select name from bookings')).toEqual([{ name: 'Asha Bcc: all@example.com' }]);
});

test('Korean is whole: the page says so, and no English is left on the way to a booking', async () => {
  const on = await house();
  const browser = on.browser();
  await browser.get('/?lang=ko&tz=Asia/Seoul');
  for (const path of ['/', '/m/min-ji/talk?date=2026-06-11', FORM]) {
    const { text } = await browser.get(path);
    expect(text).toMatch(/<html[^>]*lang="ko"/);
    expect(textOf(text)).not.toMatch(/Choose|Your|Morning|Times in|free|Confirm/);
  }
});

test('a refused form speaks Korean to whoever reads Korean', async () => {
  const on = await house();
  const browser = on.browser();
  await browser.get('/?lang=ko');
  for (const path of ['/b/wrong/cancel', FORM, '/m/min-ji/talk']) {
    const { status, text } = await browser.post(path, { csrf: 'none' });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(text).toMatch(/<html[^>]*lang="ko"/);
    expect(textOf(text)).toMatch(/[가-힣]{2}/);
  }
});

test('a booking moved too often says from when it can be moved again: 429', async () => {
  const on = await house({ hours: 'Mon-Fri 9-17' });
  const { browser, link } = await booked(on);
  const path = (hour: number) => `${link}/reschedule?start=2026-06-12T0${hour}:00:00Z`;
  for (let i = 0; i < 10; i += 1) {
    await browser.get(path(i % 3));
    expect((await browser.post(path(i % 3), {})).status).toBe(303);
  }
  await browser.get(path(4));
  const answer = await browser.post(path(4), {});
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(80_000);
  expect(answer.text).toMatch(/role="alert"/);
});

test('messages are enqueued after the answer, and a cancellation withdraws those that are not sent', async () => {
  const on = await house();
  const { browser, link } = await booked(on);
  await on.settled();
  const jobs = await on.database.owner(`select name, run_at from jobs where name = 'notification' order by run_at`);
  expect(jobs).toHaveLength(6);
  await browser.get(`${link}/cancel`);
  await browser.post(`${link}/cancel`, {});
  await on.settled();
  const open = await on.database.owner(
    `select type, recipient from booking_notifications where withdrawn_at is null order by recipient`,
  );
  expect(open).toEqual([
    { type: 'cancelled', recipient: 'booker' },
    { type: 'cancelled', recipient: 'mentor' },
  ]);
});
