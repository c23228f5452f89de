import { expect } from 'vitest';
import { buttonOf, fieldsOf } from '../desk';
import type { Browser, Visit } from '../server';
import type { Flow, FlowSite } from './flow';
import {
  addressOf,
  alertOf,
  bookingsOf,
  bookOne,
  codeOf,
  findFreeDay,
  freeTimes,
  linkLike,
  monthsOf,
  newPerson,
  signedIn,
  wordsOf,
} from './reading';

const HOURS = '/desk/availability';
const DAYS = '/desk/availability/days';
const BOOKINGS = '/desk/bookings';

/** A page with a form of the same address; `press` posts it as it stands, changed, by the button that says so (or Enter). */
async function openForm(browser: Browser, path: string) {
  let page = (await browser.get(path)).text;
  return {
    shown: () => fieldsOf(page, path),
    press: async (button: string | null, changes: Record<string, string> = {}): Promise<Visit> => {
      const pressed = button === null ? {} : buttonOf(page, button);
      const answer = await browser.post(path, { ...fieldsOf(page, path), ...pressed, ...changes });
      if (answer.location === null) page = answer.text;
      return answer;
    },
  };
}

const hours = (site: FlowSite) =>
  site
    .owner(
      `select day_of_week || ' ' || to_char(start_time, 'HH24:MI') || '-' || to_char(end_time, 'HH24:MI') as hours
       from mentor_availability where mentor_id = $1 and is_active order by day_of_week, start_time`,
      [site.mentor.id],
    )
    .then((rows) => rows.map((row) => row.hours));

/** `2026-06-14`, a Sunday, stands last in the form of hours. */
const positionOf = (date: string) => (new Date(date).getUTCDay() + 6) % 7;

/** What mentors do at their desk. */
export const desk: readonly Flow[] = [
  {
    name: 'a mentor signs in with the code from the mail: a wrong one is refused, the right one leads to the desk',
    async run(site) {
      const browser = site.browser();
      await browser.get('/sign-in');
      const asked = await browser.post('/sign-in', { email: site.mentor.email.toUpperCase() });
      expect([asked.status, asked.location]).toEqual([303, '/sign-in/code']);
      const [letter] = await site.letters(site.mentor.email, 1);
      const code = codeOf(letter);
      expect(letter?.subject).toContain(code);
      await browser.get('/sign-in/code');
      const refused = await browser.post('/sign-in/code', { code: code === '123456' ? '654321' : '123456' });
      expect(refused.status).toBe(400);
      expect(alertOf(refused)).toContain('This code does not work, or no longer.');
      const answer = await browser.post('/sign-in/code', { code: ` ${code.slice(0, 3)} ${code.slice(3)} ` });
      expect([answer.status, answer.location]).toEqual([303, '/desk']);
      expect((await browser.get('/desk')).location).toBe(BOOKINGS);
      expect(wordsOf(await browser.get(BOOKINGS))).toContain('Min-ji');
    },
  },
  {
    name: 'whose address is no mentor’s gets the same answer and no mail',
    async run(site) {
      const [known, unknown] = [site.browser(), site.browser()];
      const stranger = newPerson().email;
      const answers = [];
      for (const [browser, email] of [
        [unknown, stranger],
        [known, site.mentor.email],
      ] as const) {
        await browser.get('/sign-in');
        const { status, location, text } = await browser.post('/sign-in', { email });
        answers.push({ status, location, text });
      }
      expect(answers[0]).toEqual(answers[1]);
      await site.letters(site.mentor.email, 1);
      expect(await site.letters(stranger, 0)).toEqual([]);
    },
  },
  {
    name: 'a sixth code within an hour is refused, with when to come back and what was typed: 429',
    async run(site) {
      const browser = site.browser();
      await browser.get('/sign-in');
      const ask = () => browser.post('/sign-in', { email: site.mentor.email });
      for (let codes = 0; codes < 5; codes += 1) expect((await ask()).status).toBe(303);
      const refused = await ask();
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
      expect(refused.text).toContain(`value="${site.mentor.email}"`);
      expect(await site.letters(site.mentor.email, 5)).toHaveLength(5);
    },
  },
  {
    name: 'whoever is not signed in is led to sign in, and then to the page that was asked for',
    async run(site) {
      const browser = site.browser();
      const sent = await browser.get(`${BOOKINGS}?show=past`);
      expect([sent.status, sent.location]).toEqual([303, '/sign-in?next=%2Fdesk%2Fbookings%3Fshow%3Dpast']);
      await browser.get(sent.location ?? '');
      await browser.post(sent.location ?? '', { email: site.mentor.email });
      const [letter] = await site.letters(site.mentor.email, 1);
      await browser.get('/sign-in/code');
      const answer = await browser.post('/sign-in/code', { code: codeOf(letter) });
      expect(answer.location).toBe(`${BOOKINGS}?show=past`);
    },
  },
  {
    name: 'nobody changes anything at the desk without being signed in',
    async run(site) {
      const browser = site.browser();
      for (const path of [HOURS, DAYS, `${BOOKINGS}/${crypto.randomUUID()}/cancel`]) {
        expect((await browser.get(path)).location, path).toContain('/sign-in?next=');
        await browser.get('/sign-in');
        expect((await browser.post(path, {})).location, path).toContain('/sign-in?next=');
      }
      expect(await hours(site)).toHaveLength(7);
    },
  },
  {
    name: 'weekly hours: a mistake is told and everything kept; saved, they are what visitors see',
    async run(site) {
      const day = await findFreeDay(site, site.browser(), `${monthsOf(site)}?tz=Asia/Kathmandu`);
      const bound = (name: 'start' | 'end') => `days[${positionOf(day.date)}].ranges[0].${name}`;
      const form = await openForm(await signedIn(site), HOURS);
      expect(form.shown()).toMatchObject({
        zone: 'Asia/Kathmandu',
        [bound('start')]: '00:00',
        [bound('end')]: '24:00',
      });
      const refused = await form.press(null, { intent: 'save', [bound('start')]: '10', [bound('end')]: '9' });
      expect(refused.status).toBe(400);
      expect(refused.text).toMatch(/<title>Error: /);
      expect(wordsOf(refused)).toContain('This one ends before it begins.');
      expect(form.shown()).toMatchObject({ [bound('start')]: '10', [bound('end')]: '9' });
      expect(await hours(site)).toHaveLength(7);

      const saved = await form.press(null, {
        intent: 'save',
        [bound('start')]: '10',
        [bound('end')]: '12',
        duration: '30',
      });
      expect(saved.status).toBe(303);
      const times = await freeTimes(site.browser(), `${day.path}&tz=Asia/Kathmandu`);
      expect(times.map(({ start }) => start.slice(10))).toEqual([
        'T04:15:00Z',
        'T04:45:00Z',
        'T05:15:00Z',
        'T05:45:00Z',
      ]);
    },
  },
  {
    name: 'buttons that change the form of hours save nothing and keep what was typed',
    async run(site) {
      const before = await hours(site);
      const form = await openForm(await signedIn(site), HOURS);
      await form.press('Remove 00:00 to 24:00');
      expect(form.shown()['days[0].ranges[0].start']).toBeUndefined();
      await form.press('+ Add hours Monday', { zone: 'Australia/Lord_Howe' });
      expect(form.shown()['days[0].ranges[0].start']).toBe('09:00');
      await form.press('Copy Monday', { 'days[0].ranges[0].end': '11', 'days[0].copyTo[0]': '6' });
      expect(form.shown()).toMatchObject({
        zone: 'Australia/Lord_Howe',
        'days[6].ranges[0].start': '09:00',
        'days[6].ranges[0].end': '11',
      });
      expect(await hours(site)).toEqual(before);
      expect((await form.press(null, { intent: 'save' })).status).toBe(303);
      expect((await hours(site)).slice(0, 2)).toEqual(['0 09:00-11:00', '1 09:00-11:00']);
    },
  },
  {
    name: 'a special day is closed, or has hours of its own, and is taken back: visitors see each',
    async run(site) {
      const visitor = site.browser();
      const day = await findFreeDay(site, visitor, `${monthsOf(site)}?tz=Asia/Kathmandu`);
      const browser = await signedIn(site);
      const seen = async () => (await freeTimes(visitor, day.path)).length;

      const closing = await openForm(browser, DAYS);
      const refused = await closing.press(null, { from: '2026-02-30', kind: 'closed', reason: 'family' });
      expect(refused.status).toBe(400);
      expect(closing.shown()).toMatchObject({ from: '2026-02-30', reason: 'family' });
      const closed = await closing.press(null, { from: day.date, kind: 'closed', reason: 'family' });
      expect(closed.status).toBe(303);
      const list = await browser.get(addressOf(closed.location ?? '', DAYS));
      expect(wordsOf(list)).toContain('family');
      expect(await seen()).toBe(0);

      const opening = await openForm(browser, DAYS);
      await opening.press('+ Add hours', {
        from: day.date,
        kind: 'hours',
        'ranges[0].start': '13',
        'ranges[0].end': '3pm',
      });
      const opened = await opening.press(null, { 'ranges[1].start': '19', 'ranges[1].end': '20' });
      expect(opened.status).toBe(303);
      expect(await seen()).toBe(3);

      const page = await browser.get(addressOf(opened.location ?? '', DAYS));
      const intent = `restore:${day.date}:${day.date}`;
      expect(page.text).toContain(`value="${intent}"`);
      const restored = await browser.post(HOURS, { ...fieldsOf(page.text, HOURS), intent });
      expect(restored.status).toBe(200);
      expect(await seen()).toBe(24);
    },
  },
  {
    name: 'the desk lists who has booked, at the mentor’s time and the booker’s, and what they wrote',
    async run(site) {
      const browser = await signedIn(site);
      expect(wordsOf(await browser.get(BOOKINGS))).toContain('Nobody has booked yet.');
      const person = newPerson('Mina Castellanos');
      const { email } = await bookOne(site, { person, fields: { message: 'Two offers.', phone: '+49 30 1234' } });
      const page = await browser.get(BOOKINGS);
      for (const piece of ['Mina Castellanos', 'A talk', 'Two offers.']) expect(wordsOf(page)).toContain(piece);
      expect(page.text).toContain(`href="mailto:${email}"`);
      expect(page.text).toContain('href="tel:+49301234"');
      for (const show of ['past', 'cancelled']) {
        const other = await browser.get(`${BOOKINGS}?show=${show}`);
        expect(other.status).toBe(200);
        expect(wordsOf(other)).not.toContain('Mina Castellanos');
      }
    },
  },
  {
    name: 'a mentor cancels with a reason: the booker reads it in the mail and on the private page, the time is free',
    async run(site) {
      const { browser: booker, email, link, start, day } = await bookOne(site);
      const browser = await signedIn(site);
      const cancel = linkLike(await browser.get(BOOKINGS), /\/cancel$/);
      expect(wordsOf(await browser.get(cancel))).toContain('Asha Rai');
      const refused = await browser.post(cancel, { reason: 'x'.repeat(501) });
      expect(refused.status).toBe(400);
      expect(refused.text).toContain('x'.repeat(501));
      const answer = await browser.post(cancel, { reason: ' I am ill.\r\nSorry. ' });
      expect(answer.status).toBe(303);
      expect(wordsOf(await browser.get(answer.location ?? ''))).toContain('Cancelled. Both of you get a mail');
      expect(wordsOf(await browser.get(`${BOOKINGS}?show=cancelled`))).toContain('I am ill.');

      expect(wordsOf(await booker.get(link))).toContain('I am ill.');
      expect((await freeTimes(site.browser(), day.path)).map((time) => time.start)).toContain(start);
      await site.deliver();
      const [letter] = await site.letters(email, 1);
      expect(letter?.subject).toMatch(/^Cancelled: /);
      expect(letter?.text).toContain('I am ill.');
      expect(letter?.invitation?.method).toBe('CANCEL');
    },
  },
  {
    name: 'bookings of another mentor are neither seen nor cancelled: 404',
    async run(site) {
      await bookOne(site);
      const [row] = await site.owner('select id from bookings');
      const other = await site.addMentor({ name: 'Tomás Ó Briain', zone: 'Europe/Dublin', hours: 'Mon 9-17' });
      const browser = await signedIn(site, other);
      const page = await browser.get(BOOKINGS);
      expect(wordsOf(page)).not.toContain('Asha Rai');
      const cancel = `${BOOKINGS}/${String(row?.id)}/cancel`;
      expect((await browser.get(cancel)).status).toBe(404);
      await browser.get(BOOKINGS);
      expect((await browser.post(cancel, { reason: 'x' })).status).toBe(404);
      expect(await bookingsOf(site)).toMatchObject([{ status: 'confirmed' }]);
    },
  },
  {
    name: 'nobody else’s hours change by a saved form',
    async run(site) {
      const other = await site.addMentor({ name: 'Tomás Ó Briain', zone: 'Europe/Dublin', hours: 'Mon 9-17' });
      const form = await openForm(await signedIn(site, other), HOURS);
      expect((await form.press(null, { intent: 'save', 'days[0].ranges[0].end': '12' })).status).toBe(303);
      expect((await hours(site)).slice(0, 2)).toEqual(['0 00:00-24:00', '1 00:00-24:00']);
    },
  },
  {
    name: 'the desk is read in the other language by a link',
    async run(site) {
      const browser = await signedIn(site);
      const page = await browser.get(HOURS);
      expect((await browser.get(linkLike(page, /lang=ko/))).text).toMatch(/<html lang="ko"/);
      expect(wordsOf(await browser.get(HOURS))).toContain('월요일');
    },
  },
  {
    name: 'signing out ends it, for copies of the cookie too; a forged form does not',
    async run(site) {
      const browser = await signedIn(site);
      await browser.get(BOOKINGS);
      const copy = [...browser.cookies];
      expect((await browser.post('/sign-out', { csrf: 'x' })).status).toBe(403);
      await browser.get(BOOKINGS);
      const answer = await browser.post('/sign-out', {});
      expect([answer.status, answer.location]).toEqual([303, '/sign-in']);
      expect((await browser.get(BOOKINGS)).location).toContain('/sign-in');
      for (const [name, value] of copy) browser.cookies.set(name, value);
      expect((await browser.get(BOOKINGS)).location).toContain('/sign-in');
    },
  },
];
