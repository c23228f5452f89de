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

test('whoever has told no city is not told that the mentor’s time is theirs, nor reminded of in vain', async () => {
  const on = await house();
  const { browser, link } = await booked(on);
  const said = async (path: string) => textOf((await browser.get(path)).text);
  expect(await said(`${link}?new=booked`)).toContain('We remind you a day and an hour before.');
  for (const path of [`${link}?new=booked`, link, `${link}/reschedule?start=2026-06-12T01:00:00Z`]) {
    expect(await said(path), path).toMatch(/Min-ji ?’s time, Seoul/);
    expect(await said(path), path).not.toMatch(/Your time|in your time zone/);
  }
  on.at('2026-06-10T12:00:00Z');
  expect(await said(`${link}?new=booked`)).toContain('We remind you an hour before.');
  on.at('2026-06-11T00:30:00Z');
  expect(await said(`${link}?new=booked`)).not.toContain('remind');
  await browser.get('/?tz=Asia/Kathmandu');
  expect(await said(link)).toContain('Your time, Kathmandu');
});

test('what a mentor has not written yet leaves no lone comma or point', async () => {
  const on = await house();
  await on.database.owner(`update mentors set headline = '', summary = '', bio = ''`);
  expect((await on.browser().get('/')).text).toContain('<p class="does"></p>');
  expect((await on.browser().get('/m/min-ji')).text).toMatch(/<p class="quiet">Seoul(<!-- -->)?\./);
});
