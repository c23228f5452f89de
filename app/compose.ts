import { parseEnvironment } from './config';
import type { App } from './context';
import { openDatabase, type Wire } from './data/database';
import { jobQueue } from './data/jobs';
import { counterTable } from './data/limits';
import type { Instant } from './domain/time/instant';
import type { Jobs } from './services/jobs/jobs';
import { localJobs } from './services/jobs/local';
import { qstashJobs } from './services/jobs/qstash';
import { signCall } from './services/jobs/signature';
import { postgresLimits } from './services/limits/postgres';
import { upstashLimits } from './services/limits/upstash';
import type { Mail } from './services/mail/mail';
import type { Outbox } from './services/mail/outbox';
import { resendMail } from './services/mail/resend';

/** What only this home has. */
export interface Platform {
  readonly wire: Wire;
  readonly waitUntil: (work: Promise<unknown>) => void;
  /** Begins work that is no part of what a request costs, where that is measured. */
  readonly apart?: <T>(work: () => T) => T;
  /** The machine's clock; tests hand in their own. */
  readonly clock: () => Instant;
  /** A mail service, which goes before Resend; the outbox, which comes after it; null: Resend is needed. */
  readonly mail: Mail | { readonly outbox: Outbox } | null;
  /** Makes the calls of the jobs table, and hears when the soonest just enqueued is due; null: QStash is needed. */
  readonly scheduler: { readonly onEnqueued: (runAt: Instant) => void } | null;
}

/** Checks the environment and chooses the services. Throws ConfigError that names every wrong variable. */
export function compose(variables: Readonly<Record<string, unknown>>, platform: Platform): App {
  const config = parseEnvironment(variables, {
    mail: platform.mail === null,
    jobs: platform.scheduler === null,
  });
  const { siteUrl, secrets, upstash } = config;
  const { clock, waitUntil, apart = (work) => work() } = platform;
  const db = openDatabase(platform.wire);
  const counted = postgresLimits({ table: counterTable(db), secrets, clock });
  return {
    config,
    clock,
    db,
    limits: upstash === null ? counted : upstashLimits({ ...upstash, secrets, clock, waitUntil, otherwise: counted }),
    jobs: jobs(),
    ...mail(),
    afterwards: (work) => waitUntil(apart(work)),
  };

  function jobs(): Jobs {
    if (platform.scheduler !== null)
      return localJobs({ insert: jobQueue(db).insert, ...platform.scheduler, secrets, siteUrl, clock });
    return qstashJobs({ ...demand(config.qstash), siteUrl, clock });
  }

  function mail(): { mail: Mail; outbox: Outbox | null } {
    const own = platform.mail;
    if (own !== null && !('outbox' in own)) return { mail: own, outbox: null };
    if (own !== null && config.resend === null) return { mail: own.outbox, outbox: own.outbox };
    return { mail: resendMail({ ...demand(config.resend), from: config.emailFrom }), outbox: null };
  }
}

/** For what `parseEnvironment` was told is needed. */
function demand<T>(value: T | null): T {
  if (value === null) throw new Error('a needed service was not demanded of the environment');
  return value;
}

/** What the scheduler of a machine needs of the application, for `startScheduler`. */
export const schedulingOf = ({ db, clock, config: { secrets, siteUrl } }: App) => ({
  queue: jobQueue(db),
  sign: (path: string, body: string) => signCall({ secrets, siteUrl, clock }, path, body),
  clock,
});
