import { and, asc, eq, isNotNull, isNull, lt, lte, min, or, sql } from 'drizzle-orm';
import type { Instant } from '~/domain/time/instant';
import { jobs } from '~db/schema';
import { system } from './actor';
import type { Database, Tx } from './database';

/** What is to be called: the row's own columns, without its history. */
export type NewJob = Pick<typeof jobs.$inferSelect, 'name' | 'body' | 'runAt' | 'dedupKey'>;

/** A job whose call is now the claimer's; `attempts` counts this one. */
export type ClaimedJob = Pick<typeof jobs.$inferSelect, 'id' | 'name' | 'body' | 'attempts'>;

/** Neither answered well nor given up. */
export const isOpenJob = and(isNull(jobs.doneAt), isNull(jobs.failedAt));

/** Enqueues; a job whose key is known already is left as it is. */
export async function insertJobs(tx: Tx, added: readonly Readonly<NewJob>[], now: Instant): Promise<void> {
  if (added.length === 0) return;
  await tx
    .insert(jobs)
    .values(added.map((one) => ({ ...one, id: crypto.randomUUID(), createdAt: now })))
    .onConflictDoNothing({ target: jobs.dedupKey });
}

/** Locks jobs that are due, longest due first; those of a claimer who died come back when their lock has expired. */
export async function claimJobs(
  tx: Tx,
  { now, lockedUntil, atMost }: { now: Instant; lockedUntil: Instant; atMost: number },
): Promise<ClaimedJob[]> {
  const due = tx.$with('due').as(
    tx
      .select({ id: jobs.id })
      .from(jobs)
      .where(and(isOpenJob, lte(jobs.runAt, now), or(isNull(jobs.lockedUntil), lte(jobs.lockedUntil, now))))
      .orderBy(asc(jobs.runAt))
      .limit(atMost)
      .for('update', { skipLocked: true }),
  );
  return tx
    .with(due)
    .update(jobs)
    .set({ lockedUntil, attempts: sql`${jobs.attempts} + 1` })
    .from(due)
    .where(eq(jobs.id, due.id))
    .returning({ id: jobs.id, name: jobs.name, body: jobs.body, attempts: jobs.attempts });
}

/** The call was answered well. */
export async function finishJob(tx: Tx, id: string, now: Instant): Promise<void> {
  await tx.update(jobs).set({ doneAt: now, lockedUntil: null, error: null }).where(eq(jobs.id, id));
}

/** The call is to be tried again at `runAt`, unless another claimer has meanwhile finished it. */
export async function postponeJob(tx: Tx, id: string, runAt: Instant, error: string): Promise<void> {
  await tx
    .update(jobs)
    .set({ runAt, lockedUntil: null, error })
    .where(and(eq(jobs.id, id), isOpenJob));
}

/** The call was tried for the last time. */
export async function failJob(tx: Tx, id: string, now: Instant, error: string): Promise<void> {
  await tx
    .update(jobs)
    .set({ failedAt: now, lockedUntil: null, error })
    .where(and(eq(jobs.id, id), isOpenJob));
}

/** Gives back what is claimed: these jobs, which were not tried, or those of everyone. */
export async function releaseJobs(tx: Tx, ids: readonly string[] | 'everyone'): Promise<void> {
  if (ids === 'everyone')
    await tx
      .update(jobs)
      .set({ lockedUntil: null })
      .where(and(isOpenJob, isNotNull(jobs.lockedUntil)));
  else
    await tx
      .update(jobs)
      .set({ lockedUntil: null, attempts: sql`${jobs.attempts} - 1` })
      .where(and(isOpenJob, sql`${jobs.id} = any(${sql.param(ids)}::uuid[])`));
}

/**
 * When the next job is due, or a claimer's lock expires; null when no job is open. One round trip, and by the index
 * however many jobs wait: what is claimed has been due before `now`.
 */
export async function nextJobAt(tx: Tx, now: Instant): Promise<Instant | null> {
  const [waiting, claimed] = await Promise.all([
    tx
      .select({ at: jobs.runAt })
      .from(jobs)
      .where(and(isOpenJob, isNull(jobs.lockedUntil)))
      .orderBy(asc(jobs.runAt))
      .limit(1),
    tx
      .select({ at: min(jobs.lockedUntil) })
      .from(jobs)
      .where(and(isOpenJob, lte(jobs.runAt, now), isNotNull(jobs.lockedUntil))),
  ]);
  const soonest = Math.min(waiting[0]?.at ?? Infinity, claimed[0]?.at ?? Infinity);
  return soonest === Infinity ? null : soonest;
}

/** Removes jobs that are over since before these instants; at most `atMost`. Answers how many. */
export async function deleteOldJobs(
  tx: Tx,
  { doneBefore, failedBefore, atMost }: { doneBefore: Instant; failedBefore: Instant; atMost: number },
): Promise<number> {
  const old = tx
    .select({ id: jobs.id })
    .from(jobs)
    .where(or(lt(jobs.doneAt, doneBefore), lt(jobs.failedAt, failedBefore)))
    .limit(atMost);
  const deleted = await tx
    .delete(jobs)
    .where(sql`${jobs.id} in ${old}`)
    .returning({ id: jobs.id });
  return deleted.length;
}

/** The table as what enqueues and what calls need it: each a unit of work of its own, in one round trip. */
export function jobQueue(db: Database) {
  const actor = system('jobs');
  return {
    insert: (added: readonly Readonly<NewJob>[], now: Instant) =>
      db.writeAtOnce(actor, (tx) => insertJobs(tx, added, now)),
    claim: (terms: { now: Instant; lockedUntil: Instant; atMost: number }) =>
      db.writeAtOnce(actor, (tx) => claimJobs(tx, terms)),
    finish: (id: string, now: Instant) => db.writeAtOnce(actor, (tx) => finishJob(tx, id, now)),
    postpone: (id: string, runAt: Instant, error: string) =>
      db.writeAtOnce(actor, (tx) => postponeJob(tx, id, runAt, error)),
    fail: (id: string, now: Instant, error: string) => db.writeAtOnce(actor, (tx) => failJob(tx, id, now, error)),
    release: (ids: readonly string[] | 'everyone') => db.writeAtOnce(actor, (tx) => releaseJobs(tx, ids)),
    nextAt: (now: Instant) => db.read(actor, (tx) => nextJobAt(tx, now)),
  };
}
