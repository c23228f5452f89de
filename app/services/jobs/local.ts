import type { Instant } from '~/domain/time/instant';
import { ServiceError } from '../service-error';
import type { Job, Jobs } from './jobs';
import { isSignedCall, type CallKeys } from './signature';

/**
 * Jobs kept in the `jobs` table, whose calls the scheduler of this machine makes.
 * `insert` enqueues once per key; `onEnqueued` hears when the soonest new one is due.
 */
export function localJobs({
  insert,
  onEnqueued,
  ...keys
}: CallKeys & {
  insert: (jobs: readonly Job[], now: Instant) => Promise<void>;
  onEnqueued: (runAt: Instant) => void;
}): Jobs {
  return {
    reach: null,
    async enqueue(jobs) {
      if (jobs.length === 0) return [];
      try {
        await insert(jobs, keys.clock());
      } catch (cause) {
        throw new ServiceError('retry', 'jobs could not be enqueued', { cause });
      }
      onEnqueued(Math.min(...jobs.map(({ runAt }) => runAt)));
      return jobs;
    },
    verify: (request, body) => isSignedCall(keys, request, body),
  };
}
