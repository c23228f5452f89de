import type { Config } from './config';
import type { Database } from './data/database';
import type { Instant } from './domain/time/instant';
import type { Passage } from './http/door';
import type { Jobs } from './services/jobs/jobs';
import type { Limits } from './services/limits/limits';
import type { Mail } from './services/mail/mail';
import type { Outbox } from './services/mail/outbox';

/** Everything the application works with, made once by `compose`. Only routes and use cases see it. */
export interface App {
  readonly config: Config;
  /** The injected clock: now, in epoch milliseconds. */
  readonly clock: () => Instant;
  readonly db: Database;
  readonly limits: Limits;
  readonly jobs: Jobs;
  readonly mail: Mail;
  /** What was "sent" on a machine without a mail service; null where a real one is configured. */
  readonly outbox: Outbox | null;
  /** Does what follows an answer, which does not wait for it. */
  readonly afterwards: (work: () => Promise<unknown>) => void;
}

declare module '@remix-run/server-runtime' {
  interface AppLoadContext extends Passage {
    readonly app: App;
    /** The caller's address, as the entry knows it (proxies counted from the right). */
    readonly clientAddress: string;
  }
}
