import type { App } from '~/context';
import { system } from '~/data/actor';
import { markEnqueued, notificationsToEnqueue, type NotificationToEnqueue } from '~/data/notifications';

/**
 * Enqueues the callbacks that send a booking's messages, each at its time. To be called after the commit that wrote
 * them; should it fail, the sweep finds them.
 */
export async function enqueueNotifications(app: App, bookingId: string): Promise<void> {
  const owed = await app.db.read(system('enqueue'), (tx) => notificationsToEnqueue(tx, bookingId));
  await enqueueAll(app, owed);
}

/**
 * Enqueues first and notes it then: dying in between repeats a callback with the same key instead of losing one.
 * What was enqueued before in vain gets a new key, the same one for everyone who finds it.
 */
export async function enqueueAll(app: App, owed: readonly NotificationToEnqueue[]): Promise<void> {
  if (owed.length === 0) return;
  await app.jobs.enqueue(
    owed.map(({ id, dueAt, enqueuedAt }) => ({
      name: 'notification',
      body: { id },
      runAt: dueAt,
      dedupKey: enqueuedAt === null ? `notification:${id}` : `notification:${id}:${enqueuedAt}`,
    })),
  );
  await app.db.writeAtOnce(system('enqueue'), (tx) =>
    markEnqueued(
      tx,
      owed.map(({ id }) => id),
      app.clock(),
    ),
  );
}
