import { and, asc, count, desc, eq, getTableColumns, gt, isNull, lt, lte, or, sql } from 'drizzle-orm';
import type { ApiScope } from '~/domain/accounts/scopes';
import type { Instant } from '~/domain/time/instant';
import { accounts, apiTokens, mentors, signInCodes } from '~db/schema';
import type { Tx } from './database';
import type { Mentor } from './mentors';

/** The id of a mentor's account; null when no mentor has this address (given in lower case). */
export async function findMentorAccountId(tx: Tx, email: string): Promise<string | null> {
  const rows = await tx
    .select({ id: accounts.id })
    .from(accounts)
    .innerJoin(mentors, eq(mentors.accountId, accounts.id))
    .where(eq(accounts.email, email));
  return rows[0]?.id ?? null;
}

export interface SignedInMentor {
  readonly mentor: Mentor;
  readonly signInVersion: number;
}

/** The mentor of an account, with the version that its sign-ins must carry. */
export async function findMentorOfAccount(tx: Tx, accountId: string): Promise<SignedInMentor | null> {
  const rows = await tx
    .select({ mentor: mentors, signInVersion: accounts.signInVersion })
    .from(accounts)
    .innerJoin(mentors, eq(mentors.accountId, accounts.id))
    .where(eq(accounts.id, accountId));
  return rows[0] ?? null;
}

/** Makes sign-ins of this version void; later ones stay. */
export async function endSignIns(tx: Tx, accountId: string, signInVersion: number): Promise<void> {
  await tx
    .update(accounts)
    .set({ signInVersion: signInVersion + 1 })
    .where(and(eq(accounts.id, accountId), eq(accounts.signInVersion, signInVersion)));
}

export type NewSignInCode = typeof signInCodes.$inferInsert;

/** Keeps a new code; every older one of the account is void. One round trip. */
export async function replaceSignInCode(tx: Tx, code: NewSignInCode): Promise<void> {
  await Promise.all([
    tx.delete(signInCodes).where(eq(signInCodes.accountId, code.accountId)),
    tx.insert(signInCodes).values(code),
  ]);
}

export interface SignInTry {
  readonly codeId: string;
  readonly codeHash: string;
  readonly accountId: string;
}

/**
 * Counts a try at the newest code of an address and gives what it has to match; null when there is none that is
 * unused, unexpired and below `maxTries`. Counting comes first: of tries sent at once none goes uncounted.
 */
export async function takeSignInTry(
  tx: Tx,
  email: string,
  now: Instant,
  maxTries: number,
): Promise<SignInTry | null> {
  const newest = tx
    .select({ id: signInCodes.id })
    .from(signInCodes)
    .innerJoin(accounts, eq(accounts.id, signInCodes.accountId))
    .where(eq(accounts.email, email))
    .orderBy(desc(signInCodes.createdAt), desc(signInCodes.id))
    .limit(1);
  const rows = await tx
    .update(signInCodes)
    .set({ attempts: sql`${signInCodes.attempts} + 1` })
    .where(
      and(
        eq(signInCodes.id, newest),
        lt(signInCodes.attempts, maxTries),
        isNull(signInCodes.usedAt),
        gt(signInCodes.expiresAt, now),
      ),
    )
    .returning({ codeId: signInCodes.id, codeHash: signInCodes.codeHash, accountId: signInCodes.accountId });
  return rows[0] ?? null;
}

export async function markSignInCodeUsed(tx: Tx, codeId: string, now: Instant): Promise<void> {
  await tx.update(signInCodes).set({ usedAt: now }).where(eq(signInCodes.id, codeId));
}

/** Removes codes that expired up to `until`; at most `atMost`. Answers how many. */
export async function deleteExpiredSignInCodes(tx: Tx, until: Instant, atMost: number): Promise<number> {
  const expired = tx
    .select({ id: signInCodes.id })
    .from(signInCodes)
    .where(lte(signInCodes.expiresAt, until))
    .limit(atMost);
  const deleted = await tx
    .delete(signInCodes)
    .where(sql`${signInCodes.id} in ${expired}`)
    .returning({ id: signInCodes.id });
  return deleted.length;
}

/** A token of the API as its mentor sees it: never the token itself. */
export interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly ApiScope[];
  readonly createdAt: Instant;
  readonly lastUsedAt: Instant | null;
  readonly revokedAt: Instant | null;
}

const { tokenHash: _tokenHash, mentorId: _mentorId, ...tokenColumns } = getTableColumns(apiTokens);

/** A mentor's tokens: those that work first, then the newest. At most `atMost`. */
export const apiTokensOf = (tx: Tx, mentorId: string, atMost: number): Promise<ApiToken[]> =>
  tx
    .select(tokenColumns)
    .from(apiTokens)
    .where(eq(apiTokens.mentorId, mentorId))
    .orderBy(sql`${apiTokens.revokedAt} is not null`, desc(apiTokens.createdAt), asc(apiTokens.id))
    .limit(atMost);

/** Tokens of one mentor are counted and made one at a time. */
export async function lockApiTokens(tx: Tx, mentorId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${mentorId}, 2))`);
}

/** How many of a mentor's tokens work. */
export async function countApiTokens(tx: Tx, mentorId: string): Promise<number> {
  const rows = await tx
    .select({ tokens: count() })
    .from(apiTokens)
    .where(and(eq(apiTokens.mentorId, mentorId), isNull(apiTokens.revokedAt)));
  return rows[0]?.tokens ?? 0;
}

/** Whose a token is and what it may do, by the hash of it (SHA-256, hex); for the system alone. */
export interface TokenHolder {
  readonly tokenId: string;
  readonly scopes: readonly ApiScope[];
  readonly lastUsedAt: Instant | null;
  readonly mentorId: string;
  readonly timeZone: string;
}

/** Null when no token has this hash, or when it was revoked. */
export async function findTokenHolder(tx: Tx, tokenHash: string): Promise<TokenHolder | null> {
  const rows = await tx
    .select({
      tokenId: apiTokens.id,
      scopes: apiTokens.scopes,
      lastUsedAt: apiTokens.lastUsedAt,
      mentorId: mentors.id,
      timeZone: mentors.timeZone,
    })
    .from(apiTokens)
    .innerJoin(mentors, eq(mentors.id, apiTokens.mentorId))
    .where(and(eq(apiTokens.tokenHash, tokenHash), isNull(apiTokens.revokedAt)));
  return rows[0] ?? null;
}

/** One of the mentor's own, revoked or not. */
export async function findApiToken(tx: Tx, mentorId: string, id: string): Promise<ApiToken | null> {
  const rows = await tx
    .select(tokenColumns)
    .from(apiTokens)
    .where(and(eq(apiTokens.id, id), eq(apiTokens.mentorId, mentorId)));
  return rows[0] ?? null;
}

/** The mentor's own token of this hash, revoked or not. */
export async function findApiTokenByHash(tx: Tx, tokenHash: string): Promise<ApiToken | null> {
  const rows = await tx.select(tokenColumns).from(apiTokens).where(eq(apiTokens.tokenHash, tokenHash));
  return rows[0] ?? null;
}

export type NewApiToken = typeof apiTokens.$inferInsert;

export async function insertApiToken(tx: Tx, token: NewApiToken): Promise<void> {
  await tx.insert(apiTokens).values(token);
}

/** Ends a token for good; false when the mentor has none of this id that works. */
export async function revokeApiToken(tx: Tx, mentorId: string, id: string, now: Instant): Promise<boolean> {
  const rows = await tx
    .update(apiTokens)
    .set({ revokedAt: now })
    .where(and(eq(apiTokens.id, id), eq(apiTokens.mentorId, mentorId), isNull(apiTokens.revokedAt)))
    .returning({ id: apiTokens.id });
  return rows.length > 0;
}

/** Notes that a token was used, unless that was noted after `unlessSince` already. */
export async function noteTokenUse(tx: Tx, id: string, now: Instant, unlessSince: Instant): Promise<void> {
  await tx
    .update(apiTokens)
    .set({ lastUsedAt: now })
    .where(and(eq(apiTokens.id, id), or(isNull(apiTokens.lastUsedAt), lte(apiTokens.lastUsedAt, unlessSince))));
}
