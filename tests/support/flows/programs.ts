import { expect } from 'vitest';
import { DAY } from '~/domain/time/instant';
import { fieldsOf } from '../desk';
import type { Browser } from '../server';
import type { Flow, FlowSite } from './flow';
import {
  bookingsOf,
  bookOne,
  findFreeDay,
  freeTimes,
  instantOf,
  linkLike,
  monthsOf,
  newPerson,
  signedIn,
  wordsOf,
} from './reading';

const TOKENS = '/desk/api-tokens';

interface Call {
  readonly token?: string;
  readonly body?: object;
  readonly headers?: Record<string, string>;
}

/** Asks as a program does: no cookies, no origin. The answer's JSON is empty where it has none. */
async function ask(site: FlowSite, method: string, path: string, { token, body, headers = {} }: Call = {}) {
  const answer = await site.fetch(path, {
    method,
    headers: {
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const json = (text === '' ? {} : JSON.parse(text)) as Readonly<Record<string, unknown>>;
  return { status: answer.status, headers: answer.headers, json };
}

/** Makes a token at the desk; it is shown this once. */
async function makeToken(browser: Browser, ...scopes: readonly string[]): Promise<string> {
  const page = await browser.get(TOKENS);
  const answer = await browser.post(TOKENS, {
    ...fieldsOf(page.text, TOKENS),
    name: 'A program',
    ...Object.fromEntries(scopes.map((scope, i) => [`scopes[${i}]`, scope])),
  });
  expect(answer.status, wordsOf(answer)).toBe(200);
  expect(answer.headers.get('Cache-Control')).toContain('no-store');
  return /<textarea id="made-token"[^>]*>\s*([^<\s]+)/.exec(answer.text)?.[1] ?? expect.fail('no token is shown');
}

const freeStart = async (site: FlowSite) =>
  (await findFreeDay(site, site.browser(), monthsOf(site))).times[0]?.start ?? expect.unreachable();

/** The API, on what the pages show. */
export const programs: readonly Flow[] = [
  {
    name: 'a mentor makes a token, shown once; a program reads with it until it is revoked',
    async run(site) {
      const browser = await signedIn(site);
      const { email, start } = await bookOne(site);
      const nothing = await browser.get(TOKENS);
      const refused = await browser.post(TOKENS, { ...fieldsOf(nothing.text, TOKENS), name: '' });
      expect(refused.status).toBe(400);
      const token = await makeToken(browser, 'bookings:read');
      const page = await browser.get(TOKENS);
      expect(page.text).not.toContain(token);
      expect(JSON.stringify(await site.owner('select * from api_tokens'))).not.toContain(token);

      const read = await ask(site, 'GET', '/api/bookings', { token });
      expect(read.status).toBe(200);
      expect(read.json.bookings).toMatchObject([{ email, start, status: 'confirmed', name: 'Asha Rai' }]);

      const revoke = linkLike(page, /\/revoke$/);
      await browser.get(revoke);
      expect((await browser.post(revoke, {})).status).toBe(303);
      const after = await ask(site, 'GET', '/api/bookings', { token });
      expect([after.status, after.json.type]).toEqual([401, '/api#token-unknown']);
    },
  },
  {
    name: 'a program lists the free times that the pages show, and need not be sent what it knows',
    async run(site) {
      const day = await findFreeDay(site, site.browser(), `${monthsOf(site)}?tz=America/St_Johns`);
      const query = { mentorId: site.mentor.slug, from: day.date, to: day.date, timezone: 'America/St_Johns' };
      const path = `/api/availability?${new URLSearchParams(query)}`;
      const answer = await ask(site, 'GET', path);
      expect(answer.status).toBe(200);
      expect((answer.json.slots as { start: string }[]).map(({ start }) => start)).toEqual(
        day.times.map(({ start }) => start),
      );
      expect(answer.headers.get('Cache-Control')).toMatch(/^public, max-age=\d+$/);
      const headers = { 'If-None-Match': answer.headers.get('ETag') ?? '' };
      expect((await ask(site, 'GET', path, { headers })).status).toBe(304);
      const body = { mentorId: site.mentor.slug, start: day.times[0]?.start, ...newPerson() };
      expect((await ask(site, 'POST', '/api/bookings', { body })).status).toBe(201);
      expect((await ask(site, 'GET', path, { headers })).status).toBe(200);
    },
  },
  {
    name: 'a program books once by its key, another body under that key is refused, and a taken time names the nearest',
    async run(site) {
      const start = await freeStart(site);
      const person = newPerson();
      const body = { mentorId: site.mentor.slug, start, timezone: 'Asia/Singapore', ...person };
      const headers = { 'Idempotency-Key': crypto.randomUUID() };
      const first = await ask(site, 'POST', '/api/bookings', { body, headers });
      expect(first.status, JSON.stringify(first.json)).toBe(201);
      const again = await ask(site, 'POST', '/api/bookings', { body, headers });
      expect([again.status, again.json]).toEqual([201, first.json]);
      const other = await ask(site, 'POST', '/api/bookings', { body: { ...body, message: 'Else' }, headers });
      expect([other.status, other.json.type]).toEqual([409, '/api#key-used']);
      const late = await ask(site, 'POST', '/api/bookings', { body: { ...body, ...newPerson() } });
      expect([late.status, late.json.type]).toEqual([409, '/api#slot-taken']);
      expect(late.json.nearest).toEqual(expect.arrayContaining([expect.stringMatching(/^\d{4}-/)]));
      expect(await bookingsOf(site)).toMatchObject([{ status: 'confirmed', starts_at: new Date(instantOf(start)) }]);

      const link = String(first.json.link);
      expect(link).toMatch(new RegExp(`^${site.origin}/b/[\\w-]{43}$`));
      expect((await site.browser().get(link.replace(site.origin, ''))).status).toBe(200);
      await site.deliver();
      const [letter] = await site.letters(person.email, 1);
      expect(letter?.text).toContain(link);
    },
  },
  {
    name: 'a program cancels with a reason that the booker reads; another mentor’s token finds nothing, one without the right is refused',
    async run(site) {
      const { browser: booker, email, link } = await bookOne(site);
      const [row] = await site.owner('select id from bookings');
      const path = `/api/bookings/${String(row?.id)}`;
      const body = { reason: 'I am ill.' };
      const browser = await signedIn(site);
      const other = await site.addMentor({ name: 'Tomás Ó Briain', zone: 'Europe/Dublin', hours: 'Mon 9-17' });
      const foreign = await makeToken(await signedIn(site, other), 'bookings:write');
      const missed = await ask(site, 'DELETE', path, { token: foreign, body });
      expect([missed.status, missed.json.type]).toEqual([404, '/api#no-such-booking']);
      const reading = await makeToken(browser, 'bookings:read');
      const refused = await ask(site, 'DELETE', path, { token: reading, body });
      expect([refused.status, refused.json.type]).toEqual([403, '/api#scope-missing']);
      expect(await bookingsOf(site)).toMatchObject([{ status: 'confirmed' }]);

      const token = await makeToken(browser, 'bookings:write');
      const done = await ask(site, 'DELETE', path, { token, body });
      expect([done.status, done.json.status]).toEqual([200, 'cancelled']);
      expect(wordsOf(await booker.get(link))).toContain('I am ill.');
      await site.deliver();
      const [letter] = await site.letters(email, 1);
      expect(letter?.subject).toMatch(/^Cancelled: /);
      expect(letter?.text).toContain('I am ill.');
    },
  },
  {
    name: 'a program replaces the weekly hours, all or nothing; visitors see them at once',
    async run(site) {
      const day = await findFreeDay(site, site.browser(), `${monthsOf(site)}?tz=Asia/Kathmandu`);
      const dayOfWeek = new Date(day.date).getUTCDay();
      const token = await makeToken(await signedIn(site), 'availability:write');
      const wrong = [{ dayOfWeek, startTime: '12:00', endTime: '10:00' }];
      const refused = await ask(site, 'POST', '/api/availability', { token, body: { hours: wrong } });
      expect([refused.status, refused.json.type]).toEqual([400, '/api#invalid-request']);
      expect(await site.owner('select 1 from mentor_availability')).toHaveLength(7);
      const hours = [{ dayOfWeek, startTime: '10:00', endTime: '12:00' }];
      const saved = await ask(site, 'POST', '/api/availability', { token, body: { hours } });
      expect(saved.status, JSON.stringify(saved.json)).toBe(200);
      const times = await freeTimes(site.browser(), `${day.path}&tz=Asia/Kathmandu`);
      expect(times.map(({ start }) => start.slice(10))).toEqual(['T04:15:00Z', 'T05:15:00Z']);
    },
  },
  {
    name: 'what programs ask wrongly is told as a problem with a name',
    async run(site) {
      const availability = (query: Record<string, string>) =>
        ask(site, 'GET', `/api/availability?${new URLSearchParams({ mentorId: site.mentor.slug, ...query })}`);
      const soon = new Date(site.now() + DAY).toISOString().slice(0, 10);
      const late = new Date(site.now() + 400 * DAY).toISOString().slice(0, 10);
      const answers = {
        'no token': [await ask(site, 'GET', '/api/bookings'), 401, '/api#token-missing'],
        'a token that nobody made': [
          await ask(site, 'GET', '/api/bookings', { token: 'slotwell_nonsense' }),
          401,
          '/api#token-unknown',
        ],
        'a date that does not exist': [
          await availability({ from: '2027-02-30', to: soon }),
          400,
          '/api#invalid-request',
        ],
        'more than a year': [await availability({ from: soon, to: late }), 400, '/api#invalid-request'],
        'nobody’s times': [
          await availability({ mentorId: 'nobody', from: soon, to: soon }),
          404,
          '/api#no-such-mentor',
        ],
        'a method that is none': [await ask(site, 'PUT', '/api/bookings', { body: {} }), 405, '/api#bad-method'],
      } as const;
      for (const [what, [answer, status, type]] of Object.entries(answers)) {
        expect([answer.status, answer.json.type], what).toEqual([status, type]);
        expect(answer.headers.get('Content-Type'), what).toBe('application/problem+json');
      }
    },
  },
  {
    name: 'the API describes itself, to programs and on a page to people',
    async run(site) {
      const { status, json } = await ask(site, 'GET', '/api/openapi.json');
      expect(status).toBe(200);
      expect(json.openapi).toMatch(/^3\.1/);
      expect(Object.keys(json.paths as object)).toEqual(
        expect.arrayContaining(['/api/availability', '/api/bookings', '/api/bookings/{id}']),
      );
      const page = await site.browser().get('/api');
      expect(page.status).toBe(200);
      expect(page.text).not.toContain('__remixContext');
      for (const path of Object.keys(json.paths as object)) expect(wordsOf(page)).toContain(path);
    },
  },
];
