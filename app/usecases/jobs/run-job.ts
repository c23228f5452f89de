import type { App } from '~/context';
import type { JobName } from '~/services/jobs/jobs';
import { isServiceError } from '~/services/service-error';
import { sendNotification } from '../notifications/send-notification';
import { sweepNotifications } from '../notifications/sweep-notifications';

/** What a job's call asks for, its body parsed. */
export type JobCall =
  { readonly name: 'notification'; readonly id: string } | { readonly name: Exclude<JobName, 'notification'> };

export type JobOutcome =
  /** Done, or no longer to be done. */
  | { readonly kind: 'done' }
  /** To be called again, not before. */
  | { readonly kind: 'too-early'; readonly retryAfterSeconds: number };

/** Does what a delayed callback is for. Throws what keeps it from being done: then it is to be called again, too. */
export async function runJob(app: App, call: JobCall): Promise<JobOutcome> {
  try {
    switch (call.name) {
      case 'notification':
        await sendNotification(app, call.id);
        break;
      case 'sweep':
        await sweepNotifications(app);
        break;
    }
    return { kind: 'done' };
  } catch (error) {
    // A service that says when is an ordinary day, not a fault.
    if (isServiceError(error) && error.retryAfterSeconds !== undefined)
      return { kind: 'too-early', retryAfterSeconds: error.retryAfterSeconds };
    throw error;
  }
}
