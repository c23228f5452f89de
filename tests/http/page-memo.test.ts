import { expect, test } from 'vitest';
import { serve } from '../support/server';

const MONTH = '/m/min-ji/talk?month=2026-06';
const FORM = '/m/min-ji/talk/book?start=2026-06-11T01:00:00Z';

/** Tuesday 9 June 2026, 15:05:10 in Seoul. */
const house = (wish = {}) => serve({ now: '2026-06-09T06:05:10Z', hours: 'Mon-Fri 10-12', ...wish });

const isKept = (headers: Headers) => headers.get('server-timing')?.includes('kept') === true;
const nonceOf = (headers: Headers) => /'nonce-([^']+)'/.exec(headers.get('content-security-policy') ?? '')?.[1] ?? '';

test('a page that was rendered for one visitor serves the next, with a nonce of its own', async () => {
  const on = await house();
  for (const path of ['/', '/m/min-ji', MONTH, '/cities', '/help']) {
    const [first, second] = [await on.browser().get(path), await on.browser().get(path)];
    expect(isKept(second.headers), path).toBe(true);
    const [one, two] = [nonceOf(first.headers), nonceOf(second.headers)];
    expect(one).not.toBe(two);
    expect(second.text.split(two)).toHaveLength(first.text.split(one).length);
    expect(second.text.replaceAll(two, one)).toBe(first.text);
  }
});

test('a booking shows at once to the next visitor, and so do its move, its cancellation and other hours', async () => {
  const on = await house();
  const shows = async (start: string) => {
    const { text } = await on.browser().get('/m/min-ji/talk?date=2026-06-11');
    return text.includes(`start=2026-06-11T${start}:00Z`);
  };
  expect(await shows('01:00')).toBe(true);
  const browser = on.browser();
  await browser.get(FORM);
  const { location } = await browser.post(FORM, { name: 'Asha Rai', email: 'asha@example.com' });
  const link = (location ?? '').replace(/\?.*/, '');
  expect(await shows('01:00')).toBe(false);

  await browser.get(`${link}/reschedule?start=2026-06-11T02:00:00Z`);
  await browser.post(`${link}/reschedule?start=2026-06-11T02:00:00Z`, {});
  expect([await shows('01:00'), await shows('02:00')]).toEqual([true, false]);

  await browser.get(`${link}/cancel`);
  await browser.post(`${link}/cancel`, {});
  expect(await shows('02:00')).toBe(true);

  await on.database.owner('update mentor_availability set end_time = $1', ['11:00']);
  expect([await shows('01:00'), await shows('02:00')]).toEqual([true, false]);
});

test('language, zone and the minute of now make another page', async () => {
  const on = await house();
  const seen = async (headers: Record<string, string>) => {
    const { text, headers: answer } = await on.browser().get(MONTH, headers);
    return { text, isKept: isKept(answer) };
  };
  const english = await seen({});
  const korean = await seen({ 'Accept-Language': 'ko' });
  const nepali = await seen({ Cookie: 'slotwell-zone=Asia%2FKathmandu' });
  expect([korean.isKept, nepali.isKept]).toEqual([false, false]);
  expect(korean.text).toContain('lang="ko"');
  expect(nepali.text).toContain('Kathmandu');
  expect((await seen({})).isKept).toBe(true);
  on.at('2026-06-09T06:05:59Z');
  expect((await seen({})).isKept).toBe(true);
  on.at('2026-06-09T06:06:00Z');
  const later = await seen({});
  expect(later.isKept).toBe(false);
  expect(english.text).toContain('15:05');
  expect(later.text).toContain('15:06');
});

test('a page with a form, or of one person, is never kept', async () => {
  const on = await house();
  const browser = on.browser();
  await browser.get(FORM);
  const { location } = await browser.post(FORM, { name: 'Asha Rai', email: 'asha@example.com' });
  const link = (location ?? '').replace(/\?.*/, '');
  for (const path of [FORM.replace('01:00', '02:00'), link, `${link}/cancel`, `${link}/reschedule`, '/sign-in']) {
    for (const _ of [1, 2]) {
      const { headers, status } = await browser.get(path);
      expect(status, path).toBe(200);
      expect(headers.get('server-timing') ?? '', path).not.toMatch(/kept|rendered/);
      expect(headers.get('cache-control'), path).toMatch(/private|no-store/);
    }
  }
});

test('a browser that only looks ahead is not taken for a choice of zone or language', async () => {
  const on = await house();
  const ahead = await on
    .browser()
    .get(`${MONTH}&tz=Asia/Tokyo&lang=ko`, { 'Sec-Purpose': 'prefetch;anonymous-client-ip' });
  expect(ahead.status).toBe(200);
  expect(ahead.headers.getSetCookie()).toEqual([]);
  const chosen = await on.browser().get(`${MONTH}&tz=Asia/Tokyo&lang=ko`);
  expect(chosen.headers.getSetCookie()).toHaveLength(2);
});
