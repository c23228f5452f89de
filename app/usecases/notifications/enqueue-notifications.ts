import type { App } from '~/context';
import { system } from '~/data/actor';
import { markEnqueued, notificationsToEnqueue, type NotificationToEnqueue } from '~/data/notifications';
import type { Instant } from '~/domain/time/instant';
import { ServiceError } from '~/services/service-error';

/**
 * Enqueues the callbacks that send a booking's messages, each at its time. To be called after the commit that wrote
 * them; should it fail, the sweep finds them, as it does what is due later than a job can be enqueued.
 */
export async function enqueueNotifications(app: App, bookingId: string): Promise<void> {
  const dueUntil = reachableUntil(app);
  const owed = await app.db.read(system('enqueue'), (tx) => notificationsToEnqueue(tx, bookingId, dueUntil));
  await enqueueAll(app, owed);
}

/** The last moment for which a job can be enqueued now; null when any can. */
export function reachableUntil({ jobs, clock }: App): Instant | null {
  return jobs.reach === null ? null : clock() + jobs.reach;
}

/**
 * Enqueues first and notes it then: dying in between repeats a callback with the same key instead of losing one.
 * What was enqueued before in vain gets a new key, the same one for everyone who finds it. Throws ServiceError when
 * some were not taken; the others are noted by then.
 */
export async function enqueueAll(app: App, owed: readonly NotificationToEnqueue[]): Promise<void> {
  if (owed.length === 0) return;
  // In one order, so that two who enqueue the same never wait for each other in a circle.
  const ordered = [...owed].sort((a, b) => (a.id < b.id ? -1 : 1));
  const jobs = ordered.map(({ id, dueAt, enqueuedAt }) => ({
    name: 'notification' as const,
    body: { id },
    runAt: dueAt,
    dedupKey: enqueuedAt === null ? `notification:${id}` : `notification:${id}:${enqueuedAt}`,
  }));
  const taken = new Set((await app.jobs.enqueue(jobs)).map(({ dedupKey }) => dedupKey));
  const ids = jobs.flatMap(({ body, dedupKey }) => (taken.has(dedupKey) ? [body.id] : []));
  await app.db.writeAtOnce(system('enqueue'), (tx) => markEnqueued(tx, ids, app.clock()));
  if (ids.length < jobs.length) throw new ServiceError('retry', 'not every callback could be enqueued');
}
