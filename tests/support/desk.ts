import { system } from '~/data/actor';
import { signInCookie } from '~/http/sign-in-cookie';
import { bookings } from '~db/schema';
import type { Scene, SceneMentor } from './scene';
import type { Browser, Served, Visit } from './server';

/** The code of the newest sign-in mail. */
export const newestCode = (stage: Pick<Scene, 'sent'>): string =>
  /\b\d{6}\b/.exec(stage.sent.at(-1)?.text ?? '')?.[0] ?? '';

/** Asks for a code as this address; gives the answer once the mail has left. */
export async function askCode(site: Served, browser: Browser, email: string, address = '/sign-in'): Promise<Visit> {
  await browser.get(address);
  const answer = await browser.post(address, { email });
  await site.settled();
  return answer;
}

/** A browser in which the scene's mentor (or another) is signed in. */
export async function atDesk(site: Served, { accountId, id } = site.mentor): Promise<Browser> {
  const browser = site.browser();
  const cookie = await signInCookie(site.app, { accountId, mentorId: id, signInVersion: 1 });
  const [, name = '', value = ''] = /^([^=]*)=([^;]*)/.exec(cookie) ?? [];
  browser.cookies.set(name, value);
  return browser;
}

/** What a browser would send of a page's form: fields by name, without its buttons. */
export function fieldsOf(page: string, action: string): Record<string, string> {
  const forms = page.match(/<form[\s\S]*?<\/form>/g) ?? [];
  const form = forms.find((one) => plain(attribute(/^<form[^>]*>/.exec(one)?.[0] ?? '', 'action') ?? '') === action);
  if (form === undefined) throw new Error(`no form of ${action}`);
  const fields: Record<string, string> = {};
  for (const [input] of form.matchAll(/<input[^>]*>/g)) {
    const name = attribute(input, 'name');
    const isBox = /\stype="(checkbox|radio)"/.test(input);
    if (name !== undefined && (!isBox || /\schecked(=|\s|\/|>)/.test(input)))
      fields[plain(name)] = plain(attribute(input, 'value') ?? '');
  }
  for (const [select] of form.matchAll(/<select[\s\S]*?<\/select>/g)) {
    const name = attribute(/^<select[^>]*>/.exec(select)?.[0] ?? '', 'name');
    const chosen = /<option[^>]*\sselected[^>]*>/.exec(select)?.[0] ?? '';
    if (name !== undefined) fields[plain(name)] = plain(attribute(chosen, 'value') ?? '');
  }
  return fields;
}

/** The value of the button whose text begins so, by its name: `{ intent: 'copy:0' }`. */
export function buttonOf(page: string, text: string): Record<string, string> {
  for (const [button, inside = ''] of page.matchAll(/<button[^>]*>([\s\S]*?)<\/button>/g)) {
    const said = plain(inside.replace(/<[^>]*>/g, ''))
      .replace(/\s+/g, ' ')
      .trim();
    const name = attribute(button, 'name');
    if (said.startsWith(text) && name !== undefined) return { [plain(name)]: plain(attribute(button, 'value') ?? '') };
  }
  throw new Error(`no button that says ${text}`);
}

const attribute = (tag: string, name: string): string | undefined => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];

const plain = (html: string) =>
  html
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

export interface BookingWish {
  start: string;
  minutes?: number;
  name?: string;
  message?: string | null;
  phone?: string | null;
  zone?: string;
  status?: 'confirmed' | 'cancelled' | 'completed';
}

/** Puts bookings of a mentor where they are wished, past every rule. Gives their ids. */
export async function putBookings(stage: Scene, of: SceneMentor, wishes: readonly BookingWish[]): Promise<string[]> {
  const rows = wishes.map(({ start, minutes = 60, name, message, phone, zone, status = 'confirmed' }) => {
    const startsAt = Date.parse(start);
    const endsAt = startsAt + minutes * 60_000;
    const id = crypto.randomUUID();
    return {
      id,
      mentorId: of.id,
      sessionTypeId: of.typeId,
      startsAt,
      endsAt,
      reserved: { start: startsAt, end: endsAt },
      status,
      name: name ?? 'Jonas Albrecht',
      email: 'jonas@example.com',
      phone: phone ?? null,
      message: message ?? null,
      answers: {},
      guests: [],
      timeZone: zone ?? 'Europe/Berlin',
      locale: 'en',
      icalUid: `${id}@slotwell.example`,
      manageTokenHash: id,
      requestKey: id,
      ...(status === 'cancelled' ? { cancelledBy: 'booker' as const, cancelledAt: startsAt } : {}),
      createdAt: startsAt - 86_400_000,
      updatedAt: startsAt - 86_400_000,
    };
  });
  await stage.app.db.write(system('scene'), (tx) => tx.insert(bookings).values(rows));
  return rows.map(({ id }) => id);
}
