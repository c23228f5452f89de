import { eq, lte, sql } from 'drizzle-orm';
import { DAY, type Instant } from '~/domain/time/instant';
import { idempotencyKeys } from '~db/schema';
import { actorKey, type Actor } from './actor';
import type { Tx } from './database';

/** A request that has a name, so that the same one sent again is known. */
export interface NamedRequest {
  /** SHA-256 over who calls, what is called and the name that was sent, hex. */
  readonly key: string;
  /** SHA-256 of what is asked for, hex. */
  readonly requestHash: string;
}

/** What a request that was carried out is answered from again; holds no person's data. */
export type KeptAnswer = Readonly<Record<string, string | number | boolean | null>>;

/** How long a request is known again, at least: until the sweep after it. */
const KEPT = DAY;

/** The request of this key, if it was carried out as the same actor. */
export async function findRequest(
  tx: Tx,
  key: string,
): Promise<{ readonly requestHash: string; readonly answer: KeptAnswer } | null> {
  const rows = await tx
    .select({ requestHash: idempotencyKeys.requestHash, answer: idempotencyKeys.answer })
    .from(idempotencyKeys)
    .where(eq(idempotencyKeys.key, key));
  return rows[0] ?? null;
}

/**
 * Keeps a request with what it is answered from, in the transaction that carries it out. Refused by the constraint
 * `CONSTRAINTS.idempotencyKey` where the key was used.
 */
export async function keepRequest(
  tx: Tx,
  actor: Actor,
  { key, requestHash }: NamedRequest,
  answer: KeptAnswer,
  now: Instant,
): Promise<void> {
  await tx
    .insert(idempotencyKeys)
    .values({ key, actorKey: actorKey(actor), requestHash, answer, createdAt: now, expiresAt: now + KEPT });
}

/** Forgets requests that were kept long enough; at most `atMost`. Answers how many. */
export async function deleteExpiredRequests(tx: Tx, now: Instant, atMost: number): Promise<number> {
  const expired = tx
    .select({ key: idempotencyKeys.key })
    .from(idempotencyKeys)
    .where(lte(idempotencyKeys.expiresAt, now))
    .limit(atMost);
  const deleted = await tx
    .delete(idempotencyKeys)
    .where(sql`${idempotencyKeys.key} in ${expired}`)
    .returning({ key: idempotencyKeys.key });
  return deleted.length;
}
