import type { App } from '~/context';
import { deleteExpiredSignInCodes } from '~/data/accounts';
import { system } from '~/data/actor';
import type { Tx } from '~/data/database';
import { deleteOldJobs } from '~/data/jobs';
import { deleteExpiredRequests } from '~/data/idempotency';
import { deleteExpiredCounts } from '~/data/limits';
import { forgottenNotifications } from '~/data/notifications';
import { DAY, HOUR } from '~/domain/time/instant';
import { enqueueAll, reachableUntil } from './enqueue-notifications';

/** Longer than every provider goes on trying by itself (half an hour). */
const OVERDUE = HOUR;
const KEEP_CODES = DAY;
const KEEP_DONE_JOBS = 7 * DAY;
/** Failed ones are shown to the administrator. */
const KEEP_FAILED_JOBS = 90 * DAY;

const ENQUEUE_BATCH = 200;
const DELETE_BATCH = 1_000;
/**
 * So that one sweep ends in time, and within the fifty calls that a Worker of the free plan may make; the next goes on
 * where it stopped.
 */
const MOST_BATCHES = 5;

/**
 * Enqueues messages that were forgotten (the answer's aftermath failed, or a callback was lost) or were due too far off,
 * and removes what has expired. May run twice, and at the same time as another. Whatever fails, the rest is done; then
 * it throws what failed.
 */
export async function sweepNotifications(app: App): Promise<void> {
  const now = app.clock();
  const actor = system('sweep');

  const enqueue = async () => {
    const forgotten = await app.db.read(actor, (tx) =>
      forgottenNotifications(tx, {
        overdueBefore: now - OVERDUE,
        dueUntil: reachableUntil(app),
        atMost: ENQUEUE_BATCH,
      }),
    );
    await enqueueAll(app, forgotten);
    return forgotten.length;
  };
  const expired: readonly ((tx: Tx) => Promise<number>)[] = [
    (tx) => deleteExpiredCounts(tx, now, DELETE_BATCH),
    (tx) => deleteExpiredSignInCodes(tx, now - KEEP_CODES, DELETE_BATCH),
    (tx) => deleteExpiredRequests(tx, now, DELETE_BATCH),
    (tx) =>
      deleteOldJobs(tx, {
        doneBefore: now - KEEP_DONE_JOBS,
        failedBefore: now - KEEP_FAILED_JOBS,
        atMost: DELETE_BATCH,
      }),
  ];

  const failures: unknown[] = [];
  const note = (error: unknown) => void failures.push(error);
  await inBatches(ENQUEUE_BATCH, enqueue).catch(note);
  for (const remove of expired) await inBatches(DELETE_BATCH, () => app.db.writeAtOnce(actor, remove)).catch(note);
  if (failures.length > 0)
    throw failures.length === 1 ? failures[0] : new AggregateError(failures, 'parts of the sweep failed');
}

/** Goes on while batches are full. */
async function inBatches(size: number, next: () => Promise<number>): Promise<void> {
  for (let batch = 0; batch < MOST_BATCHES; batch += 1) if ((await next()) < size) return;
}
