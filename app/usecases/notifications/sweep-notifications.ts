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

const ENQUEUE_BATCH = 500;
const DELETE_BATCH = 1_000;
/** So that one sweep ends in time; the next goes on where it stopped. */
const MOST_BATCHES = 20;

/**
 * Enqueues messages that were forgotten (the answer's aftermath failed, or a callback was lost) or were due too far off,
 * and removes what has expired. May run twice, and at the same time as another.
 */
export async function sweepNotifications(app: App): Promise<void> {
  const now = app.clock();
  const actor = system('sweep');

  await inBatches(ENQUEUE_BATCH, async () => {
    const forgotten = await app.db.read(actor, (tx) =>
      forgottenNotifications(tx, {
        overdueBefore: now - OVERDUE,
        dueUntil: reachableUntil(app),
        atMost: ENQUEUE_BATCH,
      }),
    );
    await enqueueAll(app, forgotten);
    return forgotten.length;
  });

  const remove = (some: (tx: Tx) => Promise<number>) => inBatches(DELETE_BATCH, () => app.db.writeAtOnce(actor, some));
  await remove((tx) => deleteExpiredCounts(tx, now, DELETE_BATCH));
  await remove((tx) => deleteExpiredSignInCodes(tx, now - KEEP_CODES, DELETE_BATCH));
  await remove((tx) => deleteExpiredRequests(tx, now, DELETE_BATCH));
  await remove((tx) =>
    deleteOldJobs(tx, { doneBefore: now - KEEP_DONE_JOBS, failedBefore: now - KEEP_FAILED_JOBS, atMost: DELETE_BATCH }),
  );
}

/** Goes on while batches are full. */
async function inBatches(size: number, next: () => Promise<number>): Promise<void> {
  for (let batch = 0; batch < MOST_BATCHES; batch += 1) if ((await next()) < size) return;
}
