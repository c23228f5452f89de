import { z } from 'zod';
import { DAY, type Instant } from '~/domain/time/instant';
import { findLocalDate, type LocalDate } from '~/domain/time/local-date';
import { findZone, type ZoneId } from '~/domain/time/zones';

/**
 * Fields of the API's requests. What a schema transforms cannot be read off it, so `meta` says to programs what is
 * expected, beside the check that expects it.
 */

const refused = (message: string, input: unknown) => ({ code: 'custom', message, input }) as const;

/** A text that `find` understands. */
const understood = <Found>(find: (text: string) => Found | undefined, error: string) =>
  z.string({ error }).transform((text, context): Found => {
    const found = find(text);
    if (found !== undefined) return found;
    context.issues.push(refused(error, text));
    return z.NEVER;
  });

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
const SLUG = /^[\p{L}\p{N}_-]{1,100}$/u;

export const isId = (text: string): boolean => UUID.test(text);

type Named = { readonly id: string } | { readonly slug: string };

/** An id, or the slug in the address of a page. */
const idOrSlug = (error: string) =>
  understood(
    (text): Named | undefined =>
      isId(text) ? { id: text.toLowerCase() } : SLUG.test(text) ? { slug: text } : undefined,
    error,
  );

export const mentorField = idOrSlug('Send the mentor’s id (a UUID), or the name in the address of their page.').meta({
  description: 'The mentor: the id, or the name in the address of the page (`min-ji-kwon` of `/m/min-ji-kwon`).',
  examples: ['min-ji-kwon'],
});

export const sessionTypeField = idOrSlug(
  'Send the session type’s id (a UUID), or its name in the address of its page.',
).meta({
  description:
    'What is booked: the id, or the name in the address (`conversation` of `/m/min-ji-kwon/conversation`). Without it the mentor’s first session type.',
  examples: ['conversation'],
});

export const zoneField = (description: string) =>
  understood(
    (text): ZoneId | undefined => findZone(text),
    'Send a time zone of the IANA database, like Asia/Seoul.',
  ).meta({
    description: `${description} A name of the IANA time zone database.`,
    examples: ['Asia/Seoul'],
  });

const DATE = 'Send a date that exists, like 2026-06-11.';
const INSTANT = 'Send an instant like 2026-06-11T01:00:00Z, or with an offset like +09:00.';

const findDate = (text: string): LocalDate | undefined => findLocalDate(text);

const offsetDateTime = z.iso.datetime({ offset: true });

/** RFC 3339 with seconds or without; between 1970 and 2999. */
function findInstant(text: string): Instant | undefined {
  // Date.parse alone would take 30 February for 2 March.
  if (!offsetDateTime.safeParse(text).success) return undefined;
  const instant = Date.parse(text);
  return instant >= 0 && instant < LAST_INSTANT ? instant : undefined;
}

const LAST_INSTANT = Date.UTC(3000, 0, 1);

export const dateField = (description: string) =>
  understood(findDate, DATE).meta({ description, format: 'date', examples: ['2026-06-11'] });

export const instantField = (description: string) =>
  understood(findInstant, INSTANT).meta({ description, format: 'date-time', examples: ['2026-06-11T01:00:00Z'] });

/** A date of the calendar, or an instant. */
export type Bound = { readonly date: LocalDate } | { readonly instant: Instant };

export const boundField = (description: string) =>
  understood((text): Bound | undefined => {
    const date = findDate(text);
    if (date !== undefined) return { date };
    const instant = findInstant(text);
    return instant === undefined ? undefined : { instant };
  }, `${DATE} Or an instant, like 2026-06-11T01:00:00Z.`).meta({
    description,
    examples: ['2026-06-11', '2026-06-11T01:00:00Z'],
  });

/** Minutes after midnight, from `HH:MM`; 1440 where `24:00` is a time. */
export const clockField = (description: string, { until24 }: { until24: boolean }) => {
  const pattern = until24 ? /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/ : /^(?:[01]\d|2[0-3]):[0-5]\d$/;
  return understood(
    (text) => (pattern.test(text) ? Number(text.slice(0, 2)) * 60 + Number(text.slice(3)) : undefined),
    `Send a time like 09:30, from 00:00 to ${until24 ? '24:00' : '23:59'}.`,
  ).meta({ description, pattern: pattern.source, examples: [until24 ? '17:00' : '10:00'] });
};

/** A whole number in an address. */
export const countField = (description: string, { max, usual }: { max: number; usual: number }) =>
  understood((text) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : 0;
    return number >= 1 && number <= max ? number : undefined;
  }, `Send a number from 1 to ${max}.`)
    .default(usual)
    .meta({ description, type: 'integer', minimum: 1, maximum: max, default: usual });

/** Fields of answers. */
export const instantText = (description: string) =>
  z.iso.datetime().meta({ description, examples: ['2026-06-11T01:00:00Z'] });

export const wallText = (description: string) =>
  z.iso.datetime({ offset: true }).meta({ description, examples: ['2026-06-11T10:00:00+09:00'] });

export const clockText = (description: string) => z.string().meta({ description, examples: ['09:00'] });

export interface FieldProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What is to be said of fields together: said beside whatever else is wrong, so that nothing is told piecemeal. */
export function together<Sent extends object>(problemsOf: (sent: Partial<Sent>) => readonly FieldProblem[]) {
  const check = z.check<Sent>(({ value, issues }) => {
    for (const { path, message } of problemsOf(value))
      issues.push({ code: 'custom', path: [...path], message, input: value });
  });
  check._zod.def.when = ({ value }) => typeof value === 'object' && value !== null && !Array.isArray(value);
  return check;
}

const isBound = (value: unknown): value is Bound =>
  typeof value === 'object' && value !== null && ('date' in value || 'instant' in value);

/** A stretch of time between two bounds, of at most `maxDays`; a date stands for the whole of it. */
export const span = (maxDays: number) =>
  together<{ from?: Bound | undefined; to?: Bound | undefined }>(({ from, to }) => {
    if (!isBound(from) || !isBound(to)) return [];
    const message = problemOfSpan(from, to, maxDays);
    return message === null ? [] : [{ path: ['to'], message }];
  });

function problemOfSpan(from: Bound, to: Bound, maxDays: number): string | null {
  if ('date' in from !== 'date' in to) return 'Send two dates or two instants, not one of each.';
  const [start, end] = [orderOf(from), orderOf(to)];
  if ('date' in from ? end < start : end <= start) return 'Send an end that is after the start.';
  const length = end - start + ('date' in from ? DAY : 0);
  return length > maxDays * DAY ? `Ask for at most ${maxDays} days at once.` : null;
}

const orderOf = (bound: Bound): number => ('date' in bound ? Date.parse(bound.date) : bound.instant);
