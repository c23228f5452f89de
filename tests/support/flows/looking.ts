import { expect } from 'vitest';
import { findZone, toWall } from '~/domain/time/zones';
import type { Flow } from './flow';
import { addressOf, bookOne, findFreeDay, instantOf, linkLike, linksOf, monthsOf, wordsOf } from './reading';

/** Home, mentors, months: what everybody may look at. */
export const looking: readonly Flow[] = [
  {
    name: 'home shows the mentors, and by whose clock; a link leads to each',
    async run(site) {
      const other = await site.addMentor({ name: 'Ngaio Marsh', zone: 'Australia/Lord_Howe', hours: 'Mon-Fri 9-17' });
      const browser = site.browser();
      const home = await browser.get('/');
      expect(home.status).toBe(200);
      expect(home.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
      expect(wordsOf(home)).toContain('Min-ji Kwon');
      expect(wordsOf(home)).toContain('Ngaio Marsh');
      expect(wordsOf(home)).toContain('Times in each mentor’s city');
      expect(linksOf(home)).toEqual(expect.arrayContaining([`/m/${site.mentor.slug}`, `/m/${other.slug}`]));
    },
  },
  {
    name: 'a mentor opens as a dialog over home, can be closed, and leads to the months',
    async run(site) {
      const browser = site.browser();
      const home = await browser.get('/');
      const page = await browser.get(linkLike(home, new RegExp(`/m/${site.mentor.slug}$`)));
      expect(page.status).toBe(200);
      expect(page.text).toMatch(/<dialog[^>]* open/);
      expect(wordsOf(page)).toContain('For eleven years I have kept payment systems upright.');
      expect(page.text).toMatch(/<a class="shut" href="\/"/);
      expect((await browser.get(linkLike(page, /^\/m\/[^/]+\/talk$/))).status).toBe(200);
    },
  },
  {
    name: 'a month is read by the visitor’s clock, beside the mentor’s, and the zone is kept for the next pages',
    async run(site) {
      const browser = site.browser();
      const zone = findZone('America/St_Johns') ?? expect.unreachable();
      const day = await findFreeDay(site, browser, `${monthsOf(site)}?tz=${zone}`);
      const page = await browser.get(day.path);
      expect(wordsOf(page)).toContain('Times in St John’s');
      for (const { start } of day.times) {
        const { date, minute } = toWall(zone, instantOf(start));
        expect(date).toBe(day.date);
        const clock = [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':');
        expect(page.text).toMatch(
          new RegExp(`start=${start}"[^>]*>\\s*<b>${clock}</b> <small>Kathmandu \\d\\d:\\d\\d[^<]*<`),
        );
      }
      expect(wordsOf(await browser.get('/'))).toContain('St John’s');
    },
  },
  {
    name: 'the other months are reached by links, up to where the mentor’s calendar is open',
    async run(site) {
      const browser = site.browser();
      const seen = new Set<string>();
      let page = await browser.get(monthsOf(site));
      for (;;) {
        const title = /<h3>([^<]*)<\/h3>/.exec(page.text)?.[1] ?? '';
        expect(seen.has(title)).toBe(false);
        seen.add(title);
        const next = /<a href="(\?month=[\d-]+)" rel="next"/.exec(page.text)?.[1];
        if (next === undefined) break;
        page = await browser.get(addressOf(next, monthsOf(site)));
        expect(page.status).toBe(200);
      }
      // Sixty days reach into two or three more months.
      expect([3, 4]).toContain(seen.size);
      expect(linksOf(page).some((href) => /^\?month=/.test(href))).toBe(true);
    },
  },
  {
    name: 'the zone is changed by the list of all cities, which leads back to the page that was left',
    async run(site) {
      const browser = site.browser();
      const month = await browser.get(monthsOf(site));
      const cities = await browser.get(linkLike(month, /^\/cities\?/));
      expect(cities.status).toBe(200);
      const chosen = linkLike(cities, /tz=Pacific%2FChatham/);
      expect(chosen.startsWith(monthsOf(site))).toBe(true);
      const back = await browser.get(chosen);
      expect(wordsOf(back)).toContain('Times in Chatham');
      expect(wordsOf(await browser.get(monthsOf(site)))).toContain('Times in Chatham');
    },
  },
  {
    name: 'the other language is chosen by a link, kept, and whole up to the form',
    async run(site) {
      const browser = site.browser();
      const home = await browser.get('/');
      const korean = await browser.get(linkLike(home, /lang=ko/));
      expect(korean.text).toMatch(/<html[^>]*lang="ko"/);
      const day = await findFreeDay(site, browser, `${monthsOf(site)}?tz=Asia/Seoul`);
      for (const path of ['/', day.path, day.times[0]?.path ?? '']) {
        const page = await browser.get(path);
        expect(page.text).toMatch(/<html[^>]*lang="ko"/);
        expect(wordsOf(page)).not.toMatch(/Choose|Your|Morning|Times in|free|Confirm/);
      }
    },
  },
  {
    name: 'the language of the browser is the first choice',
    async run(site) {
      const page = await site.browser().get('/', { 'Accept-Language': 'ko-KR,ko;q=0.9,en;q=0.5' });
      expect(page.text).toMatch(/<html[^>]*lang="ko"/);
    },
  },
  {
    name: 'visitor pages carry one small script of ours and nothing of a framework',
    async run(site) {
      const { browser, link, day } = await bookOne(site);
      const form = day.times[1]?.path ?? '';
      const pages = ['/', `/m/${site.mentor.slug}`, day.path, form, '/cities', '/help', link];
      for (const path of [...pages, `${link}/cancel`, `${link}/reschedule`, '/sign-in']) {
        const { status, text, headers } = await browser.get(path);
        expect(status, path).toBe(200);
        expect(text, path).not.toMatch(/__remixContext|modulepreload/);
        const scripts = (text.match(/<script[^>]*>/g) ?? []).filter((tag) => !tag.includes('speculationrules'));
        expect(scripts, path).toHaveLength(1);
        const nonce = /nonce="([^"]*)"/.exec(scripts[0] ?? '')?.[1] ?? 'none';
        expect(headers.get('Content-Security-Policy'), path).toContain(`'nonce-${nonce}'`);
      }
    },
  },
  {
    name: 'addresses that name nobody and nothing are not found, with a page',
    async run(site) {
      const browser = site.browser();
      const { slug } = site.mentor;
      const start = new Date(site.now()).toISOString().replace(/:\d\d\.\d+Z/, ':00Z');
      const paths = ['/m/nobody', '/m/nobody/talk', `/m/${slug}/nothing`, '/nothing/here', '/b/%F0%9F%91%BB'];
      for (const path of [...paths, `/m/${slug}/nothing/book?start=${start}`]) {
        const page = await browser.get(path);
        expect(page.status, path).toBe(404);
        expect(page.text, path).toMatch(/<h1/);
      }
    },
  },
  {
    name: 'strange addresses of months and forms are answered calmly',
    async run(site) {
      const browser = site.browser();
      const months = monthsOf(site);
      for (const query of [
        'month=2026-13',
        'month=9999-12',
        'date=2026-02-30',
        'date=x&month=y&tz=z',
        'tz=Mars/Olympus',
      ])
        expect((await browser.get(`${months}?${query}`)).status, query).toBe(200);
      for (const start of ['', '?start=yesterday', '?start=9999-12-31T23:59:00Z']) {
        const answer = await browser.get(`${months}/book${start}`);
        expect([answer.status, answer.location], start).toEqual([303, months]);
      }
      expect((await browser.get(`${months}/book?start=2199-12-31T23:59:00Z`)).status).toBe(409);
    },
  },
  {
    name: 'privacy and help are to be read',
    async run(site) {
      const browser = site.browser();
      const home = await browser.get('/');
      for (const path of [linkLike(home, /privacy/), linkLike(home, /help/)]) {
        const page = await browser.get(path);
        expect(page.status, path).toBe(200);
        expect(wordsOf(page).length, path).toBeGreaterThan(400);
      }
    },
  },
];
