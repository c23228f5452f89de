import { and, asc, eq, sql, type AnyColumn, type SQL } from 'drizzle-orm';
import type { Instant } from '~/domain/time/instant';
import type { ZoneId } from '~/domain/time/zones';
import { accounts, bookings, mentorAvailability, mentors, sessionTypes } from '~db/schema';
import type { Tx } from './database';

export type Mentor = typeof mentors.$inferSelect;
export type SessionType = typeof sessionTypes.$inferSelect;

/** How a mentor is named by who asks: by the slug in the address, by id, or by the hash of a private link. */
export type MentorKey = { readonly slug: string } | { readonly id: string } | { readonly bookedWith: string };

/** Compares a column of mentor ids with a key, so that all queries of a page can leave at once. */
export function isMentor(column: AnyColumn, key: MentorKey): SQL {
  if ('id' in key) return eq(column, key.id);
  if ('slug' in key) return sql`${column} = (select id from ${mentors} where slug = ${key.slug})`;
  return sql`${column} = (select mentor_id from ${bookings} where manage_token_hash = ${key.bookedWith})`;
}

/** Everyone who changes what a mentor's slots depend on waits here until the others' transactions end. */
export async function lockMentor(tx: Tx, key: MentorKey): Promise<void> {
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtextextended(id::text, 0)) from ${mentors} where ${isMentor(mentors.id, key)}`,
  );
}

/** Listed mentors with their bookable session types in order; those who have none are left out. */
export async function listedMentors(tx: Tx): Promise<{ mentor: Mentor; types: SessionType[] }[]> {
  const rows = await tx
    .select({ mentor: mentors, type: sessionTypes })
    .from(mentors)
    .innerJoin(sessionTypes, and(eq(sessionTypes.mentorId, mentors.id), eq(sessionTypes.isActive, true)))
    .where(eq(mentors.isListed, true))
    .orderBy(asc(mentors.createdAt), asc(mentors.slug), asc(sessionTypes.position));
  const found = new Map<string, { mentor: Mentor; types: SessionType[] }>();
  for (const { mentor, type } of rows) {
    const entry = found.get(mentor.id);
    if (entry) entry.types.push(type);
    else found.set(mentor.id, { mentor, types: [type] });
  }
  return [...found.values()];
}

/** A mentor with the bookable session types, in order; null when nobody has that slug. */
export async function findMentorBySlug(
  tx: Tx,
  slug: string,
): Promise<{ mentor: Mentor; types: SessionType[] } | null> {
  const rows = await tx
    .select({ mentor: mentors, type: sessionTypes })
    .from(mentors)
    .leftJoin(sessionTypes, and(eq(sessionTypes.mentorId, mentors.id), eq(sessionTypes.isActive, true)))
    .where(eq(mentors.slug, slug))
    .orderBy(asc(sessionTypes.position));
  const first = rows[0];
  if (!first) return null;
  return { mentor: first.mentor, types: rows.flatMap(({ type }) => (type ? [type] : [])) };
}

/** How a session type of a mentor is named: by the slug in the address, by id, or the first one that is offered. */
export type TypeKey = { readonly slug: string } | { readonly id: string } | 'first';

/** A bookable session type with its mentor; null when there is none of that name. */
export async function findSessionType(
  tx: Tx,
  mentor: MentorKey,
  type: TypeKey,
): Promise<{ mentor: Mentor; type: SessionType } | null> {
  const rows = await tx
    .select({ mentor: mentors, type: sessionTypes })
    .from(sessionTypes)
    .innerJoin(mentors, eq(mentors.id, sessionTypes.mentorId))
    .where(and(isMentor(mentors.id, mentor), isType(type), eq(sessionTypes.isActive, true)))
    .orderBy(asc(sessionTypes.position), asc(sessionTypes.id))
    .limit(1);
  return rows[0] ?? null;
}

function isType(key: TypeKey): SQL | undefined {
  if (key === 'first') return undefined;
  return 'id' in key ? eq(sessionTypes.id, key.id) : eq(sessionTypes.slug, key.slug);
}

/** Names and sign-in addresses of all mentors. For the system alone. */
export const mentorAccounts = (tx: Tx): Promise<{ name: string; email: string }[]> =>
  tx
    .select({ name: mentors.name, email: accounts.email })
    .from(mentors)
    .innerJoin(accounts, eq(accounts.id, mentors.accountId))
    .orderBy(asc(mentors.createdAt), asc(mentors.slug))
    .then((rows) => rows);

/** To begin with; what else a mentor offers is changed at the desk. */
const FIRST_SESSION = {
  slug: 'talk',
  title: 'A conversation',
  description: '',
  durationMinutes: 30,
  minimumNoticeMinutes: 4 * 60,
  horizonDays: 60,
  locationKind: 'video',
  questions: [],
} as const;
const OFFICE_HOURS = { startTime: 9 * 60, endTime: 17 * 60 };
const MONDAY_TO_FRIDAY = [1, 2, 3, 4, 5];

export interface NewMentor {
  readonly email: string;
  readonly name: string;
  /** The last part of the page's address. */
  readonly slug: string;
  readonly zone: ZoneId;
  /** What visitors read of them; empty ones are left out of the pages. */
  readonly headline: string;
  readonly summary: string;
  readonly bio: string;
}

/**
 * A mentor with an account, a half-hour session and office hours. For the system alone. Statements that leave together;
 * a constraint (accounts_email_once, mentors_slug_once) refuses whom there is already.
 */
export async function insertMentor(
  tx: Tx,
  { email, zone, ...words }: NewMentor,
  now: Instant,
): Promise<void> {
  const [accountId, mentorId] = [crypto.randomUUID(), crypto.randomUUID()];
  const profile = { ...words, timeZone: zone, languages: ['en'], locale: 'en' };
  await Promise.all([
    tx.insert(accounts).values({ id: accountId, email: email.toLowerCase(), role: 'mentor', createdAt: now }),
    tx.insert(mentors).values({ ...profile, id: mentorId, accountId, createdAt: now }),
    tx.insert(sessionTypes).values({ ...FIRST_SESSION, id: crypto.randomUUID(), mentorId }),
    tx.insert(mentorAvailability).values(
      MONDAY_TO_FRIDAY.map((dayOfWeek) => ({ ...OFFICE_HOURS, id: crypto.randomUUID(), mentorId, dayOfWeek })),
    ),
  ]);
}
