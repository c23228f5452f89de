import { Client, QstashError, Receiver } from '@upstash/qstash';
import { z } from 'zod';
import { DAY, MINUTE, type Instant } from '~/domain/time/instant';
import { ServiceError } from '../service-error';
import type { Job, Jobs } from './jobs';

export interface QstashSettings {
  readonly url: string;
  readonly token: string;
  readonly currentSigningKey: string;
  readonly nextSigningKey: string;
  /** Origin of the site: where calls go, and what their signature has to name. */
  readonly siteUrl: string;
  readonly clock: () => Instant;
}

/** Longest delay of QStash's free plan (August 2026), less what clocks may differ. */
const REACH = 7 * DAY - MINUTE;
/** Deliveries after the first: 12 s, 2½ min and 30 min later. The sweep begins anew what is still owed then. */
const RETRIES = 3;
const BATCH = 100;
const PUBLISHING_MS = 10_000;
/** Clocks differ: a call may come before the second in which it was signed. */
const TOLERANCE_SECONDS = 5;

/** QStash answers a batch message by message: some may be refused where others were taken. */
const answers = z.array(z.unknown());
const published = z.object({ messageId: z.string().min(1) });

/**
 * Jobs kept by QStash, which calls at their time. It drops a repeated key for ten minutes only; later ones are
 * delivered again, as every job bears.
 */
export function qstashJobs(
  settings: QstashSettings,
  limits: { publishingMs: number } = { publishingMs: PUBLISHING_MS },
): Jobs {
  const { url, token, currentSigningKey, nextSigningKey, siteUrl, clock } = settings;
  // With `devMode` left open an environment variable would replace token and keys by public ones.
  const client = new Client({ baseUrl: url, token, retry: false, devMode: false, enableTelemetry: false });
  const receiver = new Receiver({ currentSigningKey, nextSigningKey, devMode: false });

  return {
    reach: REACH,
    async enqueue(jobs) {
      const now = clock();
      const taken: Job[] = [];
      for (let at = 0; at < jobs.length; at += BATCH) {
        const batch = jobs.slice(at, at + BATCH);
        const messages = batch.map((job) => messageOf(job, { siteUrl, now }));
        const answer = await inTime(client.batchJSON(messages), limits.publishingMs).catch((error: unknown) => {
          if (taken.length === 0) throw errorOf(error);
          // The caller sees what is missing.
          return [];
        });
        const told = answers.catch([]).parse(answer);
        taken.push(...batch.filter((_, i) => published.safeParse(told[i]).success));
      }
      if (taken.length === 0 && jobs.length > 0) throw new ServiceError('retry', 'QStash took no message');
      return taken;
    },
    async verify(request, body) {
      const signature = request.headers.get('Upstash-Signature') ?? '';
      const { pathname, search } = new URL(request.url);
      try {
        return await receiver.verify({
          signature,
          body,
          url: siteUrl + pathname + search,
          clockTolerance: TOLERANCE_SECONDS,
        });
      } catch {
        // Whatever it stumbles over, also where it expects what a forged token lacks (TypeError): nobody has proved it.
        return false;
      }
    },
  };
}

function messageOf({ name, body, runAt, dedupKey }: Job, { siteUrl, now }: { siteUrl: string; now: Instant }) {
  return {
    url: `${siteUrl}/api/jobs/${name}`,
    body,
    // Whole seconds, rounded up: a call that comes too early is one in vain.
    ...(runAt > now ? { notBefore: Math.ceil(runAt / 1000) } : {}),
    // Which characters an id may have is not documented: only those that cannot be refused.
    deduplicationId: dedupKey.replace(/[^\w-]/g, '-'),
    retries: RETRIES,
  };
}

/** The client takes no signal: what has not answered by then is given up, and may still have been taken. */
function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new ServiceError('retry', 'QStash did not answer in time')), ms);
    work.then(resolve, reject).finally(() => clearTimeout(late));
  });
}

/** Its messages may quote the request, so only the status is told. */
function errorOf(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  const status = error instanceof QstashError ? error.status : undefined;
  const text = status === undefined ? 'QStash could not be reached' : `QStash ${status}`;
  return new ServiceError(remedyOf(status), text, { cause: error });
}

/** A refused token waits for a person, not for time. */
function remedyOf(status: number | undefined): ServiceError['remedy'] {
  if (status === 401 || status === 403) return 'reconnect';
  if (status === undefined || status === 408 || status === 429 || status >= 500) return 'retry';
  return 'give-up';
}
