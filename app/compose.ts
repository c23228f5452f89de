import { parseEnvironment } from './config';
import type { App } from './context';
import { openDatabase, type Wire } from './data/database';
import type { Instant } from './domain/time/instant';
import { postgresLimits } from './services/limits/postgres';
import { localJobs } from './services/jobs/local';
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
}

/** Checks the environment and chooses the services. Throws ConfigError that names every wrong variable. */
export function compose(variables: Readonly<Record<string, unknown>>, platform: Platform): App {
  const config = parseEnvironment(variables);
  const db = openDatabase(platform.wire);
  const { clock, waitUntil } = platform;
  const outbox = 'outbox' in platform.mail ? platform.mail.outbox : null;
  return {
    config,
    clock,
    db,
    limits: postgresLimits({ db, clock, secrets: config.secrets }),
    jobs: localJobs({ db, clock, config }),
    mail: 'outbox' in platform.mail ? platform.mail.outbox : platform.mail,
    outbox,
    waitUntil,
  };
}
