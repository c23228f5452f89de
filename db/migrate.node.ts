import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';

/** Brings a database up to the newest migration, in one transaction; safe to run again and from two places at once. */
export async function migrateDatabase(
  connectionString: string,
  migrationsFolder = fileURLToPath(new URL('../db/migrations', import.meta.url)),
): Promise<void> {
  const client = new pg.Client({ connectionString });
  // A connection that dies says so twice: the statement under way rejects, and this event would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(`select pg_advisory_lock(hashtext('slotwell migrations'))`);
    await migrate(drizzle(client), { migrationsFolder });
  } finally {
    await client.end();
  }
}
