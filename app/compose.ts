import { parseEnvironment } from './config';
import type { App } from './context';
import { openDatabase, type Wire } from './data/database';
import { jobQueue } from './data/jobs';
import { counterTable } from './data/limits';
import type { Instant } from './domain/time/instant';
import { localJobs } from './services/jobs/local';
import { signCall } from './services/jobs/signature';
import { postgresLimits } from './services/limits/postgres';
import type { Mail } from './services/mail/mail';
import type { Outbox } from './services/mail/outbox';

/** What only this home has. */
export interface Platform {
  readonly wire: Wire;
  readonly waitUntil: (work: Promise<unknown>) => void;
  /** The machine's clock; tests hand in their own. */
  readonly clock: () => Instant;
  /** A mail service, or the outbox of a machine without one. */
  readonly mail: Mail | { readonly outbox: Outbox };
  /** Hears when the soonest of the jobs just enqueued is due: the scheduler's `wake`, where one runs. */
  readonly onEnqueued?: (runAt: Instant) => void;
}

/** Checks the environment and chooses the services. Throws ConfigError that names every wrong variable. */
export function compose(variables: Readonly<Record<string, unknown>>, platform: Platform): App {
  const config = parseEnvironment(variables);
  const db = openDatabase(platform.wire);
  const { secrets, siteUrl } = config;
  const { clock, waitUntil, onEnqueued = () => undefined } = platform;
  const outbox = 'outbox' in platform.mail ? platform.mail.outbox : null;
  return {
    config,
    clock,
    db,
    limits: postgresLimits({ table: counterTable(db), secrets, clock }),
    jobs: localJobs({ insert: jobQueue(db).insert, onEnqueued, secrets, siteUrl, clock }),
    mail: 'outbox' in platform.mail ? platform.mail.outbox : platform.mail,
    outbox,
    waitUntil,
  };
}

/** What the scheduler of a machine needs of the application, for `startScheduler`. */
export const schedulingOf = ({ db, clock, config: { secrets, siteUrl } }: App) => ({
  queue: jobQueue(db),
  sign: (path: string, body: string) => signCall({ secrets, siteUrl, clock }, path, body),
  clock,
});
