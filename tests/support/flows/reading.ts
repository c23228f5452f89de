import { expect } from 'vitest';
import { DAY, type Instant } from '~/domain/time/instant';
import type { Browser, Visit } from '../server';
import type { FlowSite } from './flow';

/** What a page says, without its markup. */
export const wordsOf = ({ text }: Pick<Visit, 'text'>): string =>
  text
    .replace(/<(script|style)[\s\S]*?<\/\1>/g, '')
    .replace(/<!--.*?-->/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ');

/** Where a page's links lead to, as written. */
export const linksOf = ({ text }: Pick<Visit, 'text'>): string[] =>
  [...text.matchAll(/<a\s[^>]*?href="([^"]*)"/g)].map(([, href = '']) => href.replaceAll('&amp;', '&'));

/** The link that fits; fails when the page has none. */
export function linkLike(page: Pick<Visit, 'text'>, pattern: RegExp): string {
  const found = linksOf(page).find((href) => pattern.test(href));
  if (found === undefined) expect.fail(`no link like ${pattern} among ${linksOf(page).join(' ')}`);
  return found;
}

/** The address that a link of the page at `path` leads to, without its fragment. */
export function addressOf(href: string, path: string): string {
  const { pathname, search } = new URL(href, `http://site.invalid${path}`);
  return pathname + search;
}

/** The alert of a page, in words; empty when there is none. */
export const alertOf = ({ text }: Pick<Visit, 'text'>): string =>
  wordsOf({ text: /role="alert"[\s\S]*?<\/(?:section|div)>/.exec(text)?.[0] ?? '' });

export interface FreeDay {
  /** Address of the page that shows the day. */
  readonly path: string;
  /** `YYYY-MM-DD`, in the page's zone. */
  readonly date: string;
  /** Free times, soonest first: instant as in the address, and the link to take it. */
  readonly times: readonly { readonly start: string; readonly path: string }[];
}

/**
 * Looks through a page of months (to book or to move) as a person would, by its links, for the first day with free
 * times that is at least so many days away.
 */
export async function findFreeDay(
  site: FlowSite,
  browser: Browser,
  months: string,
  { daysAhead = 3 } = {},
): Promise<FreeDay> {
  const [base = ''] = months.split('?');
  let page = await browser.get(months);
  for (let turned = 0; turned < 3; turned += 1) {
    expect(page.status).toBe(200);
    const date = linksOf(page)
      .map((href) => /^\?date=([\d-]+)/.exec(href)?.[1] ?? '')
      .find((one) => Date.parse(one) >= site.now() + daysAhead * DAY);
    if (date !== undefined) {
      const path = `${base}?date=${date}`;
      return { path, date, times: await freeTimes(browser, path) };
    }
    page = await browser.get(addressOf(linkLike(page, /^\?month=/), base));
  }
  return expect.fail('no free day in three months');
}

/** The free times that the day's page offers. */
export async function freeTimes(browser: Browser, path: string): Promise<FreeDay['times']> {
  return linksOf(await browser.get(path))
    .filter((href) => /\?start=/.test(href))
    .map((href) => ({ start: href.replace(/^.*\?start=/, ''), path: addressOf(href, path) }));
}

/** The instant that an address names. */
export const instantOf = (start: string): Instant => Date.parse(start);

/** Somebody whom nobody knows yet. */
export function newPerson(name = 'Asha Rai'): { name: string; email: string } {
  return { name, email: `${crypto.randomUUID()}@people.example` };
}

export interface Booked {
  readonly browser: Browser;
  readonly email: string;
  readonly start: string;
  /** The day's page that it was chosen on. */
  readonly day: FreeDay;
  /** Its form. */
  readonly form: string;
  /** The private page. */
  readonly link: string;
}

/** Somebody new books a free time of the mentor, three days ahead: the first of the day, unless another is named. */
export async function bookOne(
  site: FlowSite,
  {
    time = 0,
    person = newPerson(),
    fields = {},
  }: { time?: number; person?: ReturnType<typeof newPerson>; fields?: Record<string, string> } = {},
): Promise<Booked> {
  const browser = site.browser();
  const day = await findFreeDay(site, browser, monthsOf(site));
  const { start, path } = day.times[time] ?? expect.fail('no such time');
  expect((await browser.get(path)).status).toBe(200);
  const answer = await browser.post(path, { ...person, ...fields });
  expect(answer.status, wordsOf(answer)).toBe(303);
  const link = (answer.location ?? '').replace(/\?.*/, '');
  return { browser, email: person.email, start, day, form: path, link };
}

/** The mentor's months. */
export const monthsOf = ({ mentor }: Pick<FlowSite, 'mentor'>): string => `/m/${mentor.slug}/${mentor.typeSlug}`;

/** Who is signed in by the code from the mail, as people do. */
export async function signedIn(site: FlowSite, mentor = site.mentor): Promise<Browser> {
  const browser = site.browser();
  await browser.get('/sign-in');
  expect((await browser.post('/sign-in', { email: mentor.email })).location).toBe('/sign-in/code');
  const [letter] = await site.letters(mentor.email, 1);
  await browser.get('/sign-in/code');
  const answer = await browser.post('/sign-in/code', { code: codeOf(letter) });
  expect([answer.status, answer.location]).toEqual([303, '/desk']);
  return browser;
}

/** The six digits of a sign-in letter. */
export const codeOf = (letter: { readonly text: string } | undefined): string =>
  /\b\d{6}\b/.exec(letter?.text ?? '')?.[0] ?? expect.fail('no code in the letter');

/** Everybody's bookings as they stand, by their start. */
export const bookingsOf = (site: FlowSite): Promise<Record<string, unknown>[]> =>
  site.owner(`select status, starts_at from bookings order by starts_at`);
