import { describe, expect, test } from 'vitest';
import { askCode, atDesk, newestCode } from '../support/desk';
import { serve } from '../support/server';

const MINUTES = 60_000;
const NOW = '2026-03-02T00:00:00Z';

test('whether an address is a mentor’s does not show in the answer', async () => {
  const site = await serve();
  const [known, unknown] = [site.browser(), site.browser()];
  const right = await askCode(site, known, site.mentor.email);
  const wrong = await askCode(site, unknown, 'nobody@example.com');
  expect([wrong.status, wrong.location, wrong.text]).toEqual([right.status, right.location, right.text]);
  expect(site.sent).toHaveLength(1);

  const tried = async (browser: typeof known) => {
    await browser.get('/sign-in/code');
    return browser.post('/sign-in/code', { code: newestCode(site) === '000000' ? '000001' : '000000' });
  };
  const [refused, refusedToo] = [await tried(known), await tried(unknown)];
  const words = (html: string) => /role="alert"[\s\S]*?<\/div>/.exec(html)?.[0];
  expect([refusedToo.status, words(refusedToo.text)]).toEqual([refused.status, words(refused.text)]);
  expect(refused.status).toBe(400);
});

test('a code works once', async () => {
  const site = await serve();
  const browser = site.browser();
  await askCode(site, browser, site.mentor.email);
  await browser.get('/sign-in/code');
  const again = site.browser();
  for (const [name, value] of browser.cookies) again.cookies.set(name, value);
  const code = newestCode(site);
  expect((await browser.post('/sign-in/code', { code })).location).toBe('/desk');
  await again.get('/sign-in/code');
  const refused = await again.post('/sign-in/code', { code });
  expect(refused.status).toBe(400);
  expect(refused.text).toContain('This code does not work, or no longer.');
});

test('a new code makes the older one void', async () => {
  const site = await serve();
  const browser = site.browser();
  await askCode(site, browser, site.mentor.email);
  const older = newestCode(site);
  await askCode(site, browser, site.mentor.email);
  const newer = newestCode(site);
  await browser.get('/sign-in/code');
  if (older !== newer) expect((await browser.post('/sign-in/code', { code: older })).status).toBe(400);
  expect((await browser.post('/sign-in/code', { code: newer })).location).toBe('/desk');
});

test('after five wrong tries the right code is refused too', async () => {
  const site = await serve();
  const browser = site.browser();
  await askCode(site, browser, site.mentor.email);
  const code = newestCode(site);
  const wrong = code === '123456' ? '654321' : '123456';
  await browser.get('/sign-in/code');
  for (let tries = 0; tries < 5; tries += 1)
    expect((await browser.post('/sign-in/code', { code: wrong })).status).toBe(400);
  expect((await browser.post('/sign-in/code', { code })).status).toBe(400);
});

test('tries that are sent at once are counted one by one', async () => {
  const site = await serve();
  const browser = site.browser();
  await askCode(site, browser, site.mentor.email);
  const code = newestCode(site);
  const wrong = code === '123456' ? '654321' : '123456';
  await browser.get('/sign-in/code');
  await Promise.all(Array.from({ length: 12 }, () => browser.post('/sign-in/code', { code: wrong })));
  const [row] = await site.database.owner('select attempts from sign_in_codes');
  expect(row?.attempts).toBe(5);
});

test('a code is void after ten minutes', async () => {
  const site = await serve({ now: NOW });
  const browser = site.browser();
  await askCode(site, browser, site.mentor.email);
  await browser.get('/sign-in/code');
  site.at(Date.parse(NOW) + 10 * MINUTES);
  expect((await browser.post('/sign-in/code', { code: newestCode(site) })).status).toBe(400);
});

test('of a code only a keyed hash is stored', async () => {
  const site = await serve();
  await askCode(site, site.browser(), site.mentor.email);
  const [row] = await site.database.owner('select * from sign_in_codes');
  expect(JSON.stringify(row)).not.toContain(newestCode(site));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(newestCode(site)));
  expect(row?.code_hash).not.toBe(Buffer.from(digest).toString('hex'));
});

test('a code that was asked for in one browser signs nobody in in another', async () => {
  const site = await serve();
  await askCode(site, site.browser(), site.mentor.email);
  const stranger = site.browser();
  await stranger.get('/sign-in');
  expect((await stranger.get('/sign-in/code')).location).toBe('/sign-in');
  expect((await stranger.post('/sign-in/code', { code: newestCode(site) })).location).toBe('/sign-in');
});

describe('limits', () => {
  test('the sixth code of an hour is refused, with when to come back and what was typed', async () => {
    const site = await serve({ now: NOW });
    const browser = site.browser();
    for (let codes = 0; codes < 5; codes += 1)
      expect((await askCode(site, browser, site.mentor.email)).status).toBe(303);
    const refused = await askCode(site, browser, site.mentor.email);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect(refused.text).toContain('There were too many tries. You can go on in');
    expect(refused.text).toContain(`value="${site.mentor.email}"`);
    expect(site.sent).toHaveLength(5);
    site.at(Date.parse(NOW) + 61 * MINUTES);
    expect((await askCode(site, browser, site.mentor.email)).status).toBe(303);
  });

  test('one address of the net has twenty attempts an hour', async () => {
    const site = await serve();
    const browser = site.browser('198.51.100.7');
    await askCode(site, browser, 'nobody@example.com');
    await browser.get('/sign-in/code');
    const seen: number[] = [];
    for (let tries = 0; tries < 20; tries += 1)
      seen.push((await browser.post('/sign-in/code', { code: '123456' })).status);
    expect(seen.slice(0, 19)).toEqual(Array.from({ length: 19 }, () => 400));
    expect(seen[19]).toBe(429);
    const elsewhere = site.browser('198.51.100.8');
    expect((await askCode(site, elsewhere, site.mentor.email)).status).toBe(303);
  });
});

describe('what is typed wrong', () => {
  test('an address that is none is asked for again, with the words beside it', async () => {
    const site = await serve();
    const browser = site.browser();
    for (const email of ['', 'no address', 'a@', `${'x'.repeat(300)}@example.com`, '<script>@example.com']) {
      const answer = await askCode(site, browser, email);
      expect(answer.status, email).toBe(400);
      expect(answer.text).toContain('Write the email address in full.');
      expect(answer.text).toMatch(/<title>Error:/);
      expect(answer.text).toContain('href="#email"');
      expect(answer.text).not.toContain('<script>@');
    }
  });

  test('a code that is none is asked for again and costs no try', async () => {
    const site = await serve();
    const browser = site.browser();
    await askCode(site, browser, site.mentor.email);
    await browser.get('/sign-in/code');
    for (const code of ['', '12345', '1234567', 'abcdef', '١٢٣٤٥٦']) {
      const answer = await browser.post('/sign-in/code', { code });
      expect(answer.status, code).toBe(400);
      expect(answer.text).toContain('Type the six digits of the mail.');
    }
    const [row] = await site.database.owner('select attempts from sign_in_codes');
    expect(row?.attempts).toBe(0);
  });
});

describe('whoever is not signed in', () => {
  test('is never led anywhere but to the desk', async () => {
    const site = await serve();
    const strange = [
      'https://evil.example/desk',
      '//evil.example/desk',
      '/\\evil.example/desk',
      '/desk/..//evil.example',
    ].concat(['/deskside', 'javascript:alert(1)', '/sign-out', '/desk:80@evil.example']);
    for (const [i, next] of strange.entries()) {
      const browser = site.browser(`198.51.100.${i}`);
      // Five codes an hour are enough for a mentor, not for this test.
      site.at(Date.parse(NOW) + i * 61 * MINUTES);
      await askCode(site, browser, site.mentor.email, `/sign-in?${new URLSearchParams({ next })}`);
      await browser.get('/sign-in/code');
      expect((await browser.post('/sign-in/code', { code: newestCode(site) })).location, next).toBe('/desk');
    }
  });

  test('sees nothing of the desk and changes nothing there', async () => {
    const site = await serve();
    const browser = site.browser();
    for (const path of ['/desk/availability', '/desk/availability/days', '/desk/bookings', '/desk/bookings/x/cancel']) {
      expect((await browser.get(path)).location, path).toContain('/sign-in?next=');
      await browser.get('/sign-in');
      const posted = await browser.post(path, {});
      // What has no form says so.
      if (path === '/desk/bookings') expect(posted.status).toBe(405);
      else expect(posted.location, path).toContain('/sign-in?next=');
    }
  });
});

describe('a sign-in', () => {
  test('ends when the account’s version is raised', async () => {
    const site = await serve();
    const browser = await atDesk(site);
    expect((await browser.get('/desk/bookings')).status).toBe(200);
    await site.database.owner('update accounts set sign_in_version = sign_in_version + 1');
    expect((await browser.get('/desk/bookings')).location).toContain('/sign-in');
  });

  test('cannot be made by hand', async () => {
    const site = await serve();
    const browser = await atDesk(site);
    const cookie = browser.cookies.get('slotwell') ?? '';
    const [claims = '', ...rest] = cookie.split('.');
    const text = Buffer.from(decodeURIComponent(claims), 'base64').toString('latin1');
    expect(text).toContain(site.mentor.id);
    const other = await site.addMentor({ slug: 'tomas' });
    const forged = Buffer.from(text.replace(site.mentor.id, other.id), 'latin1').toString('base64');
    browser.cookies.set('slotwell', [encodeURIComponent(forged), ...rest].join('.'));
    expect((await browser.get('/desk/bookings')).location).toContain('/sign-in');
  });

  test('ends by the button, and by no mere visit', async () => {
    const site = await serve();
    const browser = await atDesk(site);
    await browser.get('/sign-out');
    await browser.get('/desk/bookings');
    const forged = await browser.post('/sign-out', { csrf: 'x' });
    expect(forged.status).toBe(403);
    expect((await browser.get('/desk/bookings')).status).toBe(200);
    const answer = await browser.post('/sign-out', {});
    expect([answer.status, answer.location]).toEqual([303, '/sign-in']);
    expect((await browser.get('/desk/bookings')).location).toContain('/sign-in');
  });
});

test('the pages speak Korean to whoever asks for it, and so does the mail', async () => {
  const site = await serve();
  const browser = site.browser();
  const inKorean = { 'Accept-Language': 'ko-KR,ko;q=0.9' };
  const page = await browser.get('/sign-in', inKorean);
  expect(page.text).toContain('멘토 데스크 로그인');
  await browser.post('/sign-in', { email: site.mentor.email }, inKorean);
  await site.settled();
  expect(site.sent.at(-1)?.subject).toMatch(/\p{Script=Hangul}/u);
});
