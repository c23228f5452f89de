import { expect } from 'vitest';
import type { Flow } from './flow';
import {
  alertOf,
  bookingsOf,
  bookOne,
  findFreeDay,
  freeTimes,
  linkLike,
  linksOf,
  monthsOf,
  newPerson,
  wordsOf,
} from './reading';

/** From a free time to a booking, and everything that may come between. */
export const booking: readonly Flow[] = [
  {
    name: 'a time is booked: the private page says so, and the time is offered to nobody else',
    async run(site) {
      const browser = site.browser();
      const person = newPerson();
      const day = await findFreeDay(site, browser, `${monthsOf(site)}?tz=Asia/Singapore`);
      const [first, second] = day.times;
      const form = await browser.get(first?.path ?? '');
      expect(form.status).toBe(200);
      const answer = await browser.post(first?.path ?? '', {
        ...person,
        message: 'About growing',
        phone: '+65 8123 4567',
      });
      expect(answer.status).toBe(303);
      expect(answer.location).toMatch(/^\/b\/[\w-]{43}\?new=booked$/);

      const page = await browser.get(answer.location ?? '');
      expect(page.status).toBe(200);
      expect(wordsOf(page)).toContain(person.email);
      expect(wordsOf(page)).toContain('Singapore');
      expect(page.headers.get('Cache-Control')).toMatch(/private|no-store/);
      expect(page.text).toMatch(/<meta name="robots" content="noindex"/);
      expect(linkLike(page, /invite\.ics$/)).toBe(`${(answer.location ?? '').replace(/\?.*/, '')}/invite.ics`);

      const free = (await freeTimes(site.browser(), `${day.path}&tz=Asia/Singapore`)).map(({ start }) => start);
      expect(free).not.toContain(first?.start);
      expect(free).toContain(second?.start);
      const [row] = await site.owner('select status, name, email, message, phone, time_zone, locale from bookings');
      expect(row).toEqual({
        status: 'confirmed',
        ...person,
        message: 'About growing',
        phone: '+65 8123 4567',
        time_zone: 'Asia/Singapore',
        locale: 'en',
      });
    },
  },
  {
    name: 'wrong fields: 400, told above and beside each, everything typed kept, and mended it books',
    async run(site) {
      const browser = site.browser();
      const day = await findFreeDay(site, browser, monthsOf(site));
      const form = day.times[0]?.path ?? '';
      await browser.get(form);
      const typed = { name: 'A', email: 'asha@', phone: 'call me', message: 'x'.repeat(501) };
      const answer = await browser.post(form, typed);
      expect(answer.status).toBe(400);
      expect(answer.text).toMatch(/<title>Error:/);
      expect(alertOf(answer)).toContain('4 things to change');
      for (const [field, value] of Object.entries(typed)) {
        expect(answer.text).toMatch(
          new RegExp(
            `<(?:input|textarea)[^>]*name="${field}"[^>]*aria-invalid="true"|aria-invalid="true"[^>]*name="${field}"`,
          ),
        );
        expect(answer.text).toContain(value);
        expect(linksOf(answer)).toContain(`#${field}`);
      }
      expect(await bookingsOf(site)).toEqual([]);
      expect((await browser.post(form, { ...newPerson(), phone: '', message: '' })).status).toBe(303);
      expect(await bookingsOf(site)).toHaveLength(1);
    },
  },
  {
    name: 'the same form posted twice at once, and once more later, is one booking and leads to the same page',
    async run(site) {
      const browser = site.browser();
      const person = newPerson();
      const day = await findFreeDay(site, browser, monthsOf(site));
      const { path, start } = day.times[0] ?? expect.unreachable();
      const page = await browser.get(path);
      const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
      const post = () => browser.post(path, { ...person, csrf, start });
      const answers = [...(await Promise.all([post(), post()])), await post()];
      expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
      expect(new Set(answers.map(({ location }) => location)).size).toBe(1);
      expect(await bookingsOf(site)).toHaveLength(1);
      await site.deliver();
      expect(await site.letters(person.email, 1)).toHaveLength(1);
    },
  },
  {
    name: 'a lost race: 409, what was typed is kept, and a nearby time in the same form books',
    async run(site) {
      const late = site.browser();
      const day = await findFreeDay(site, late, monthsOf(site));
      const form = day.times[0]?.path ?? '';
      await late.get(form);
      await bookOne(site);
      const person = newPerson('Late <Comer>');
      const answer = await late.post(form, { ...person, message: 'Please' });
      expect(answer.status).toBe(409);
      expect(answer.text).toContain('value="Late &lt;Comer&gt;"');
      expect(answer.text).toContain(`value="${person.email}"`);
      const nearest = [...answer.text.matchAll(/<input[^>]*type="radio"[^>]*>/g)].map(
        ([input]) => /value="([^"]*)"/.exec(input)?.[1],
      );
      expect(nearest.length).toBeGreaterThan(0);
      expect(nearest).not.toContain(day.times[0]?.start);
      const again = await late.post(form, { ...person, start: nearest[0] ?? '' });
      expect(again.status).toBe(303);
      expect(await bookingsOf(site)).toHaveLength(2);
    },
  },
  {
    name: 'two visitors who post for one time at once: one has it, the other is offered the nearest',
    async run(site) {
      const people = [site.browser(), site.browser()] as const;
      const day = await findFreeDay(site, people[0], monthsOf(site));
      const form = day.times[0]?.path ?? '';
      for (const browser of people) await browser.get(form);
      const answers = await Promise.all(people.map((browser) => browser.post(form, newPerson())));
      expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
      expect(await bookingsOf(site)).toHaveLength(1);
    },
  },
  {
    name: 'the form of a time that is taken says so when it is opened: 409 with the nearest',
    async run(site) {
      const { form, start } = await bookOne(site);
      const answer = await site.browser().get(form);
      expect(answer.status).toBe(409);
      expect(answer.text).toMatch(/<input[^>]*type="radio"/);
      expect(answer.text).not.toMatch(new RegExp(`type="radio"[^>]*value="${start}"`));
    },
  },
  {
    name: 'the limit of attempts from one address: 429 that says when to come back, with what was typed',
    async run(site) {
      const browser = site.browser();
      const day = await findFreeDay(site, browser, monthsOf(site));
      const form = day.times[0]?.path ?? '';
      const person = newPerson();
      await browser.get(form);
      for (let tries = 0; tries < 5; tries += 1)
        expect((await browser.post(form, { ...person, start: '2020-01-01T00:00:00Z' })).status).toBe(409);
      const answer = await browser.post(form, { ...person, start: day.times[0]?.start ?? '' });
      expect(answer.status).toBe(429);
      const seconds = Number(answer.headers.get('Retry-After'));
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(3_601);
      expect(answer.text).toContain(`value="${person.email}"`);
      expect(alertOf(answer)).toContain('try again from');
      expect(await bookingsOf(site)).toEqual([]);
    },
  },
  {
    name: 'the fourth booking of a day with one email address: 429, from wherever it comes',
    async run(site) {
      const person = newPerson();
      for (const time of [0, 1, 2]) await bookOne(site, { person, time: 0, fields: { message: `Part ${time}` } });
      const browser = site.browser();
      const day = await findFreeDay(site, browser, monthsOf(site));
      const form = day.times[0]?.path ?? '';
      await browser.get(form);
      const answer = await browser.post(form, person);
      expect(answer.status).toBe(429);
      expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(86_000);
      expect(alertOf(answer)).toContain('Three sessions a day');
      expect(await bookingsOf(site)).toHaveLength(3);
    },
  },
  {
    name: 'the eleventh booking of a day with one mentor: 429',
    async run(site) {
      for (let made = 0; made < 10; made += 1) await bookOne(site);
      const browser = site.browser();
      const day = await findFreeDay(site, browser, monthsOf(site));
      const form = day.times[0]?.path ?? '';
      await browser.get(form);
      const answer = await browser.post(form, newPerson());
      expect(answer.status).toBe(429);
      expect(alertOf(answer)).toContain('takes ten bookings a day');
      expect(await bookingsOf(site)).toHaveLength(10);
    },
  },
  {
    name: 'a form with the token of another browser, or none, is refused: 403, and nothing is booked',
    async run(site) {
      const [mine, other] = [site.browser(), site.browser()];
      const day = await findFreeDay(site, mine, monthsOf(site));
      const form = day.times[0]?.path ?? '';
      const csrf = /name="csrf" value="([^"]+)"/.exec((await mine.get(form)).text)?.[1] ?? '';
      await other.get(form);
      expect((await other.post(form, { ...newPerson(), csrf })).status).toBe(403);
      expect((await other.post(form, { ...newPerson(), csrf: '' })).status).toBe(403);
      expect(await bookingsOf(site)).toEqual([]);
      expect((await mine.post(form, newPerson())).status).toBe(303);
    },
  },
  {
    name: 'booker and mentor are told by mail: with an invitation, and the private link for the booker alone',
    async run(site) {
      const { browser, email, link, start } = await bookOne(site, { fields: { message: 'About growing' } });
      await site.deliver();
      const [toBooker, ...more] = await site.letters(email, 1);
      expect(more).toEqual([]);
      expect(toBooker?.subject).toMatch(/^Confirmed: .* with Min-ji/);
      expect(toBooker?.replyTo).toBe(site.mentor.email);
      const [written = ''] = new RegExp(`${site.origin}/b/[\\w-]+`).exec(toBooker?.text ?? '') ?? [];
      expect(written).toBe(site.origin + link);
      expect(toBooker?.html).toContain(written);
      expect((await browser.get(written.replace(site.origin, ''))).status).toBe(200);
      const stamp = start.replace(/[-:]/g, '');
      const invitation = toBooker?.invitation?.content.replaceAll('\r\n ', '') ?? '';
      expect(toBooker?.invitation?.method).toBe('REQUEST');
      expect(invitation).toContain('METHOD:REQUEST');
      expect(invitation).toContain(`DTSTART:${stamp}`);
      expect(invitation).toContain(email);

      const [toMentor] = await site.letters(site.mentor.email, 1);
      expect(toMentor?.subject).toMatch(/^New booking: .*Asha Rai/);
      expect(toMentor?.replyTo).toBe(email);
      expect(toMentor?.text).toContain('About growing');
      expect(toMentor?.text).not.toContain('/b/');
      expect(toMentor?.invitation?.method).toBe('REQUEST');
    },
  },
  {
    name: 'whoever books in Korean is written to in Korean, the mentor in the mentor’s language',
    async run(site) {
      const browser = site.browser();
      const person = newPerson('김서윤');
      const day = await findFreeDay(site, browser, `${monthsOf(site)}?lang=ko&tz=Asia/Seoul`);
      const form = day.times[0]?.path ?? '';
      await browser.get(form);
      expect((await browser.post(form, person)).status).toBe(303);
      await site.deliver();
      const [toBooker] = await site.letters(person.email, 1);
      expect(toBooker?.subject).toMatch(/\p{Script=Hangul}/u);
      expect(toBooker?.text).toMatch(/\p{Script=Hangul}/u);
      const [toMentor] = await site.letters(site.mentor.email, 1);
      expect(toMentor?.subject).toMatch(/^New booking: .*김서윤/);
    },
  },
  {
    name: 'the calendar file of a booking is private and names the same event as the mail',
    async run(site) {
      const { browser, email, link, start } = await bookOne(site);
      const file = await browser.get(`${link}/invite.ics`);
      expect(file.status).toBe(200);
      expect(file.headers.get('Content-Type')).toMatch(/^text\/calendar; charset=utf-8/);
      expect(file.headers.get('Cache-Control')).toContain('no-store');
      expect(file.text).toContain(`DTSTART:${start.replace(/[-:]/g, '')}`);
      await site.deliver();
      const [letter] = await site.letters(email, 1);
      const uidOf = (text = '') => /UID:(.*)\r\n/.exec(text.replaceAll('\r\n ', ''))?.[1];
      expect(uidOf(file.text)).toBe(uidOf(letter?.invitation?.content));
      expect(uidOf(file.text)).toMatch(/.@./);
    },
  },
  {
    name: 'hostile text is shown as it was written and never as markup, to booker and mentor',
    async run(site) {
      const name = '<script>alert(1)</script> "Bob"';
      const { browser, email, link } = await bookOne(site, {
        person: { ...newPerson(), name },
        fields: { message: '</q><b>' },
      });
      const page = await browser.get(`${link}?new=booked`);
      expect(page.text).not.toContain('<script>alert');
      await site.deliver();
      const [toBooker] = await site.letters(email, 1);
      const [toMentor] = await site.letters(site.mentor.email, 1);
      for (const letter of [toBooker, toMentor]) expect(letter?.html).not.toContain('<script>alert');
      expect(toMentor?.html).toContain('&lt;script&gt;alert');
    },
  },
];
