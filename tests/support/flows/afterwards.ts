import { expect } from 'vitest';
import { DAY, HOUR, MINUTE } from '~/domain/time/instant';
import type { Flow, FlowSite } from './flow';
import { bookOne, instantOf, newPerson } from './reading';

/** Makes the reminder due now, as time would. */
const makeDue = (site: FlowSite, type: string) =>
  site.owner(`update booking_notifications set due_at = $1 where type = $2`, [
    new Date(site.now() - MINUTE).toISOString(),
    type,
  ]);

/** What goes on when nobody looks: delayed calls and the sweep. */
export const afterwards: readonly Flow[] = [
  {
    name: 'both are reminded a day and an hour before, each once, neither earlier',
    async run(site) {
      const { email, start } = await bookOne(site);
      const startsAt = instantOf(start);
      await site.deliver();
      await site.letters(email, 1);
      for (const [type, dueAt, count] of [
        ['reminder-24h', startsAt - DAY, 2],
        ['reminder-1h', startsAt - HOUR, 3],
      ] as const) {
        await makeDue(site, type);
        await site.deliver(dueAt - MINUTE);
        for (const address of [email, site.mentor.email])
          expect(await site.letters(address, count - 1)).toHaveLength(count - 1);
        await site.deliver(dueAt);
        for (const address of [email, site.mentor.email]) {
          const letters = await site.letters(address, count);
          expect(letters).toHaveLength(count);
          expect(letters.at(-1)?.subject).toMatch(/^Reminder: /);
          expect(letters.at(-1)?.invitation).toBeUndefined();
        }
        await site.deliver(dueAt + MINUTE);
        expect(await site.letters(email, count)).toHaveLength(count);
      }
    },
  },
  {
    name: 'nobody is reminded of what was cancelled',
    async run(site) {
      const { browser, email, link, start } = await bookOne(site);
      await site.deliver();
      await site.letters(email, 1);
      await browser.get(`${link}/cancel`);
      expect((await browser.post(`${link}/cancel`, {})).status).toBe(303);
      await site.deliver();
      await site.letters(email, 2);
      await makeDue(site, 'reminder-24h');
      await site.deliver(instantOf(start));
      const subjects = (await site.letters(email, 2)).map(({ subject }) => subject.split(':')[0]);
      expect(subjects).toEqual(['Confirmed', 'Cancelled']);
    },
  },
  {
    name: 'what was forgotten is found by the sweep, and sent once however often it sweeps',
    async run(site) {
      const { email } = newPerson();
      const startsAt = site.now() + 3 * DAY;
      const [at, end, now] = [startsAt, startsAt + HOUR, site.now() - MINUTE].map((one) => new Date(one).toISOString());
      const id = crypto.randomUUID();
      await site.owner(
        `insert into bookings (id, mentor_id, session_type_id, starts_at, ends_at, reserved, status, name, email, answers,
           guests, time_zone, locale, ical_uid, manage_token_hash, request_key, created_at, updated_at)
         values ($1::text::uuid, $2, $3, $4::timestamptz, $5::timestamptz, tstzrange($4::timestamptz, $5::timestamptz), 'confirmed',
           'Asha Rai', $6, '{}', '{}', 'Asia/Kathmandu', 'en', $1::text, $1::text, $1::text, $7, $7)`,
        [id, site.mentor.id, site.mentor.typeId, at, end, email, now],
      );
      for (const recipient of ['booker', 'mentor'])
        await site.owner(
          `insert into booking_notifications (id, booking_id, type, channel, recipient, sequence, due_at, created_at)
           values ($1, $2, 'confirmed', 'mail', $3, 0, $4, $4)`,
          [crypto.randomUUID(), id, recipient, now],
        );
      await site.sweep();
      await site.sweep();
      await site.deliver();
      for (const address of [email, site.mentor.email]) expect(await site.letters(address, 1)).toHaveLength(1);
      await site.sweep();
      await site.deliver();
      expect(await site.letters(email, 1)).toHaveLength(1);
    },
  },
  {
    name: 'the address of delayed calls does nothing for whoever does not sign: 401, whatever is asked',
    async run(site) {
      const { email } = await bookOne(site);
      const [row] = await site.owner('select id from booking_notifications limit 1');
      const body = JSON.stringify({ id: row?.id });
      for (const [path, headers] of [
        ['/api/jobs/notification', {}],
        ['/api/jobs/notification', { 'Upstash-Signature': 'a.b.c' }],
        ['/api/jobs/notification', { 'Slotwell-Signature': 'a.b.c', Authorization: 'Bearer x' }],
        ['/api/jobs/sweep', {}],
        ['/api/jobs/everything', {}],
      ] as const) {
        const answer = await site.fetch(path, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', ...headers },
          body,
        });
        expect(answer.status, path).toBe(401);
        expect(answer.headers.get('Content-Type'), path).toBe('application/problem+json');
      }
      const look = await site.fetch('/api/jobs/notification');
      expect([look.status, look.headers.get('Allow')]).toEqual([405, expect.stringMatching(/^POST/)]);
      expect(await site.letters(email, 0)).toEqual([]);
    },
  },
  {
    name: 'the site says that it lives, and that its database is there and migrated',
    async run(site) {
      for (const [path, told] of [
        ['/health', { status: 'ok' }],
        ['/health/ready', { status: 'ready', database: 'ok', migrations: 'current' }],
      ] as const) {
        const answer = await site.fetch(path);
        expect(answer.status, path).toBe(200);
        expect(answer.headers.get('Cache-Control'), path).toBe('no-store');
        expect(await answer.json(), path).toMatchObject(told);
      }
    },
  },
];
