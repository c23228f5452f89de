import { expect } from 'vitest';
import type { Flow } from './flow';
import { alertOf, bookingsOf, bookOne, findFreeDay, freeTimes, instantOf, wordsOf } from './reading';

const sequenceOf = (content = '') => Number(/SEQUENCE:(\d+)/.exec(content)?.[1]);

/** What bookers do by their private link. */
export const changing: readonly Flow[] = [
  {
    name: 'a private link shows its booking to whoever has it; one letter changed, it is not found',
    async run(site) {
      const { link } = await bookOne(site);
      const wrong = `${link.slice(0, -2)}${link.endsWith('AA') ? 'BB' : 'AA'}`;
      const browser = site.browser();
      for (const rest of ['', '/reschedule', '/cancel', '/invite.ics']) {
        expect((await browser.get(link + rest)).status, rest).toBe(200);
        expect((await browser.get(wrong + rest)).status, rest).toBe(404);
        expect((await browser.get(`/b/x${rest}`)).status, rest).toBe(404);
      }
    },
  },
  {
    name: 'posts to a wrong link change nothing: 404',
    async run(site) {
      const { browser, link, day } = await bookOne(site);
      await browser.get(`${link}/cancel`);
      expect((await browser.post('/b/wrong/cancel', { reason: '' })).status).toBe(404);
      await browser.get(`${link}/reschedule?start=${day.times[1]?.start}`);
      expect((await browser.post(`/b/wrong/reschedule?start=${day.times[1]?.start}`, {})).status).toBe(404);
      expect(await bookingsOf(site)).toMatchObject([
        { status: 'confirmed', starts_at: new Date(instantOf(day.times[0]?.start ?? '')) },
      ]);
    },
  },
  {
    name: 'a booking is moved: both are told, calendars follow, the old time is free and the new one taken',
    async run(site) {
      const { browser, email, link, start, day } = await bookOne(site);
      await site.deliver();
      await site.letters(email, 1);
      const other = await findFreeDay(site, browser, `${link}/reschedule`, { daysAhead: 4 });
      const to = other.times[3] ?? expect.unreachable();
      const confirm = await browser.get(to.path);
      expect(confirm.status).toBe(200);
      const answer = await browser.post(to.path, {});
      expect([answer.status, answer.location]).toEqual([303, `${link}?new=moved`]);
      expect(wordsOf(await browser.get(answer.location ?? ''))).toContain('Moved and confirmed');

      const someone = site.browser();
      expect((await freeTimes(someone, day.path)).map((time) => time.start)).toContain(start);
      const month = `/m/${site.mentor.slug}/${site.mentor.typeSlug}?date=${other.date}`;
      expect((await freeTimes(someone, month)).map((time) => time.start)).not.toContain(to.start);

      await site.deliver();
      for (const address of [email, site.mentor.email]) {
        const [first, second] = await site.letters(address, 2);
        expect(second?.subject).toMatch(/^Moved: now /);
        expect(second?.invitation?.method).toBe('REQUEST');
        expect(second?.invitation?.content).toContain(`DTSTART:${to.start.replace(/[-:]/g, '')}`);
        expect(sequenceOf(second?.invitation?.content)).toBe(sequenceOf(first?.invitation?.content) + 1);
      }
    },
  },
  {
    name: 'moving to a time that is taken meanwhile: 409 with the nearest, the old one stands, the nearest moves',
    async run(site) {
      const { browser, link, day } = await bookOne(site);
      const wanted = `${link}/reschedule?start=${day.times[1]?.start}`;
      await browser.get(wanted);
      await bookOne(site);
      const answer = await browser.post(wanted, {});
      expect(answer.status).toBe(409);
      expect(alertOf(answer)).toContain('Not moved yet');
      const starts = async () => (await bookingsOf(site)).map((row) => row.starts_at as Date).map(Number);
      expect(await starts()).toEqual(day.times.slice(0, 2).map((time) => instantOf(time.start)));
      const nearest = /<input[^>]*type="radio"[^>]*value="([^"]*)"/.exec(answer.text)?.[1] ?? '';
      expect((await browser.post(wanted, { start: nearest })).status).toBe(303);
      expect(await starts()).toContain(instantOf(nearest));
      expect(await starts()).not.toContain(instantOf(day.times[0]?.start ?? ''));
    },
  },
  {
    name: 'a booking that is moved too often says from when it can be moved again: 429',
    async run(site) {
      const { browser, link, day } = await bookOne(site);
      const move = async (time: number) => {
        const path = `${link}/reschedule?start=${day.times[time]?.start}`;
        await browser.get(path);
        return browser.post(path, {});
      };
      for (let moves = 1; moves <= 10; moves += 1) expect((await move(moves % 3)).status).toBe(303);
      const answer = await move(4);
      expect(answer.status).toBe(429);
      const wait = Number(answer.headers.get('Retry-After'));
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(86_400);
      expect(alertOf(answer)).toContain('It can be moved again from');
    },
  },
  {
    name: 'a booking is cancelled with a word: both are told, calendars drop it, and the time is free again',
    async run(site) {
      const { browser, email, link, start, day } = await bookOne(site);
      await site.deliver();
      await site.letters(email, 1);
      expect((await freeTimes(site.browser(), day.path)).map((time) => time.start)).not.toContain(start);
      await browser.get(`${link}/cancel`);
      const answer = await browser.post(`${link}/cancel`, { reason: 'A cold' });
      expect([answer.status, answer.location]).toEqual([303, link]);
      expect(wordsOf(await browser.get(link))).toContain('This session is cancelled');
      expect((await freeTimes(site.browser(), day.path)).map((time) => time.start)).toContain(start);

      await site.deliver();
      const [, toBooker] = await site.letters(email, 2);
      const [, toMentor] = await site.letters(site.mentor.email, 2);
      for (const letter of [toBooker, toMentor]) {
        expect(letter?.subject).toMatch(/^Cancelled: /);
        expect(letter?.invitation?.method).toBe('CANCEL');
        expect(letter?.invitation?.content).toContain('STATUS:CANCELLED');
      }
      expect(toMentor?.text).toContain('A cold');
      const [row] = await site.owner('select status, cancelled_by, cancellation_reason from bookings');
      expect(row).toEqual({ status: 'cancelled', cancelled_by: 'booker', cancellation_reason: 'A cold' });

      // The freed time can be booked.
      expect((await bookOne(site)).start).toBe(start);
    },
  },
  {
    name: 'a word that is too long is told, kept, and cancels nothing: 400',
    async run(site) {
      const { browser, link } = await bookOne(site);
      await browser.get(`${link}/cancel`);
      const answer = await browser.post(`${link}/cancel`, { reason: 'y'.repeat(501) });
      expect(answer.status).toBe(400);
      expect(alertOf(answer)).toContain('Not cancelled yet');
      expect(answer.text).toContain('y'.repeat(501));
      expect(await bookingsOf(site)).toMatchObject([{ status: 'confirmed' }]);
    },
  },
  {
    name: 'what is settled stays so: a cancelled booking is neither moved nor cancelled again',
    async run(site) {
      const { browser, email, link, day } = await bookOne(site);
      const move = `${link}/reschedule?start=${day.times[1]?.start}`;
      const [cancelling, moving] = [await browser.get(`${link}/cancel`), await browser.get(move)];
      expect([cancelling.status, moving.status]).toEqual([200, 200]);
      const csrf = /name="csrf" value="([^"]+)"/.exec(moving.text)?.[1] ?? '';
      expect((await browser.post(`${link}/cancel`, { csrf })).status).toBe(303);
      const again = await browser.post(`${link}/cancel`, { csrf, reason: 'twice' });
      expect([again.status, again.location]).toEqual([303, link]);
      const late = await browser.post(move, { csrf, start: day.times[1]?.start ?? '' });
      expect([late.status, late.location]).toEqual([303, link]);
      expect((await browser.get(`${link}/reschedule`)).location).toBe(link);
      const [row] = await site.owner('select status, cancellation_reason, ical_sequence from bookings');
      expect(row).toEqual({ status: 'cancelled', cancellation_reason: null, ical_sequence: 1 });
      await site.deliver();
      // The confirmation was overtaken.
      expect((await site.letters(email, 1)).map(({ subject }) => subject.split(':')[0])).toEqual(['Cancelled']);
    },
  },
];
