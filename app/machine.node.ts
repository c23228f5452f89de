import { join } from 'node:path';
import { migrateDatabase } from '../db/migrate.node';
import { openBackground } from './background.node';
import type { Platform, schedulingOf } from './compose';
import { giveToFoldersOwner } from './data/embedded/place.node';
import { startPostgres } from './data/embedded/server.node';
import { openPgWire } from './data/pg-wire.node';
import { keepSecrets } from './secrets.node';
import { startScheduler, type Scheduler } from './services/jobs/scheduler.node';
import { localOutbox } from './services/mail/outbox.node';
import { findSmtpSettings, smtpMail } from './services/mail/smtp.node';
import type { Settings } from './settings.node';

type Variables = Readonly<Record<string, string | undefined>>;

/** What one machine gives to the application. */
export interface Machine {
  /** The environment, with what it left out. */
  readonly variables: Variables;
  readonly platform: Platform;
  /** Where the data are, and why there when that is not DATA_DIR; undefined with DATABASE_URL. */
  readonly database: { readonly folder: string; readonly note: string | undefined } | undefined;
  /** Begins to make the delayed calls, to the server that listens at `baseUrl`. */
  startScheduler(scheduling: ReturnType<typeof schedulingOf>, baseUrl: string): void;
  /** To be awaited while the server still answers: calls under way are finished. */
  stopScheduler(): Promise<void>;
  /** Waits for work after answers, ends connections and stops Postgres. */
  close(): Promise<void>;
  /** Asks Postgres to stop and does not wait: for a process that is about to be gone. */
  abandon(): void;
}

/**
 * Starts Postgres, migrates it and opens what the application works with. A database of DATABASE_URL is taken as it is:
 * `npm run db:migrate` is its operator's decision. Throws EmbeddedDatabaseError and others in words for the operator.
 */
export async function openMachine(
  environment: Variables,
  settings: Settings,
  { siteUrl, log }: { siteUrl: string; log: (line: string) => void },
): Promise<Machine> {
  const postgres = settings.databaseUrl === undefined ? await startPostgres(settings.dataDir, { log }) : undefined;
  try {
    const url = postgres?.url ?? settings.databaseUrl ?? '';
    const variables = { ...environment, SITE_URL: siteUrl, ...keepSecrets(settings.dataDir, environment) };
    const smtp = findSmtpSettings(variables);
    const clock = () => Date.now();
    const mail =
      smtp === null
        ? {
            outbox: localOutbox({
              folder: join(settings.dataDir, 'outbox'),
              clock,
              print: log,
              onMade: giveToFoldersOwner,
            }),
          }
        : smtpMail(smtp);
    if (postgres !== undefined) await migrateDatabase(url);
    // An idle connection that breaks is replaced by the next; whoever used it says what failed.
    const wire = openPgWire(url, { onIdleError: () => undefined });
    let scheduler: Scheduler | undefined;
    const background = openBackground((error) => log(`Work after an answer failed: ${nameOf(error)}`));
    return {
      variables,
      platform: {
        wire,
        clock,
        mail,
        waitUntil: background.waitUntil,
        scheduler: { onEnqueued: (runAt) => scheduler?.wake(runAt) },
      },
      database: postgres && { folder: postgres.place.data, note: postgres.place.note },
      startScheduler(scheduling, baseUrl) {
        const report = (error: unknown) => log(`Delayed calls have to wait: ${nameOf(error)}`);
        scheduler = startScheduler({ ...scheduling, baseUrl, report });
      },
      async stopScheduler() {
        await scheduler?.stop();
      },
      async close() {
        await background.drain();
        await wire.end();
        await postgres?.stop();
      },
      abandon: () => postgres?.abandon(),
    };
  } catch (error) {
    await postgres?.stop();
    throw error;
  }
}

/** What an error is, by the code of it or of what caused it, without what somebody may have typed. */
export function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as { code?: unknown };
    if (typeof code === 'string') return `${error.name} ${code}`;
  }
  return error.name;
}
