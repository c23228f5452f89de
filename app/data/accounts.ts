import { and, desc, eq, gt, isNull, lt, lte, sql } from 'drizzle-orm';
import type { Instant } from '~/domain/time/instant';
import { accounts, mentors, signInCodes } from '~db/schema';
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
