import { and, asc, lte, sql } from 'drizzle-orm';
import type { Instant } from '~/domain/time/instant';
import { bookingNotifications, jobs } from '~db/schema';
import type { Tx } from './database';
import { isOpenJob } from './jobs';
import { isOpenNotification } from './notifications';

export interface OperationsState {
  /** When the newest migration that was applied was made; null when none was. */
  readonly migratedTo: number | null;
  /** When the message that waits longest had to leave; null when none is due. */
  readonly oldestMessageAt: Instant | null;
  /** The same of the calls of one machine's scheduler. */
  readonly oldestJobAt: Instant | null;
}

/** What an operator watches. One round trip, each part by its index. For the system alone. */
export async function operationsState(tx: Tx, now: Instant): Promise<OperationsState> {
  const [migrated, messages, calls] = await Promise.all([
    tx.execute(sql`select slotwell_migrated_to()::float8`),
    tx
      .select({ at: bookingNotifications.dueAt })
      .from(bookingNotifications)
      .where(and(isOpenNotification, lte(bookingNotifications.dueAt, now)))
      .orderBy(asc(bookingNotifications.dueAt))
      .limit(1),
    tx
      .select({ at: jobs.runAt })
      .from(jobs)
      .where(and(isOpenJob, lte(jobs.runAt, now)))
      .orderBy(asc(jobs.runAt))
      .limit(1),
  ]);
  return {
    // Rows come as arrays, in column order.
    migratedTo: (migrated as unknown as [number | null][])[0]?.[0] ?? null,
    oldestMessageAt: messages[0]?.at ?? null,
    oldestJobAt: calls[0]?.at ?? null,
  };
}
