import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';

/** A sentence for the operator: what the migration waited for in vain. The database is as it was. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/** How long is waited, in milliseconds. */
interface Patience {
  /** For the database to take the connection. */
  readonly connectMs: number;
  /** For another migration to end. */
  readonly otherMs: number;
  /** For what holds a table: whoever asks for it meanwhile queues behind the migration. */
  readonly tableMs: number;
}

const PATIENCE: Patience = { connectMs: 5_000, otherMs: 60_000, tableMs: 5_000 };

/**
 * Brings a database up to the newest migration, in one transaction; safe to run again and from two places at once. `say`
 * hears when it has to wait. Throws a MigrationError when it waited too long, and what the driver throws.
 */
export async function migrateDatabase(
  connectionString: string,
  migrationsFolder = fileURLToPath(new URL('../db/migrations', import.meta.url)),
  { say, patience = PATIENCE }: { say?: (line: string) => void; patience?: Patience } = {},
): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: patience.connectMs });
  // A connection that dies says so twice: the statement under way rejects, and this event would end the process.
  client.on('error', () => undefined);
  await client.connect().catch((error: unknown) => {
    // So `pg` (8) says that its time is over; it has no code.
    const isSilent = error instanceof Error && error.message === 'timeout expired';
    throw isSilent
      ? new MigrationError(`The database did not answer within ${patience.connectMs / 1000} s.`, { cause: error })
      : error;
  });
  try {
    const { rows } = await client.query<{ free: boolean }>(`select pg_try_advisory_lock(${LOCK}) as free`);
    if (rows[0]?.free !== true) {
      const seconds = patience.otherMs / 1000;
      say?.(`Another migration is under way: waiting for it, up to ${seconds} s.`);
      await client.query(`set lock_timeout = ${patience.otherMs}`);
      await client.query(`select pg_advisory_lock(${LOCK})`).catch((error: unknown) => {
        throw isLate(error)
          ? new MigrationError(`Another migration has not ended for ${seconds} s: try again when it has.`, {
              cause: error,
            })
          : error;
      });
    }
    await client.query(`set lock_timeout = ${patience.tableMs}`);
    await migrate(drizzle(client), { migrationsFolder }).catch((error: unknown) => {
      throw isLate(error) ? new MigrationError(HELD, { cause: error }) : error;
    });
  } finally {
    await client.end();
  }
}

const LOCK = `hashtext('slotwell migrations')`;

const HELD =
  'A long transaction holds a table that a migration changes: try again when it has ended (pg_stat_activity shows it).';

/** Whether it, or what caused it, is Postgres' `lock_not_available`. */
function isLate(error: unknown): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    if ((cause as { code?: unknown }).code === '55P03') return true;
  return false;
}
