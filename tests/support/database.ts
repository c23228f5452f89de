import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject, onTestFinished } from 'vitest';
import { openDatabase, type Database, type Wire } from '~/data/database';
import { openPgWire } from '~/data/pg-wire.node';

export interface TestDatabase {
  readonly url: string;
  readonly wire: Wire;
  readonly db: Database;
  /** Journeys to Postgres so far. */
  roundTrips(): number;
  /** Straight to the tables as owner, past every policy. */
  owner(sql: string, params?: unknown[]): Promise<Record<string, unknown>[]>;
}

/** A database of its own, copied from the migrated template; closed and dropped when the test ends. */
export async function freshDatabase(): Promise<TestDatabase> {
  const server = inject('postgresUrl');
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  // Copied as files: by way of the log it takes five times as long.
  await once(server, `create database ${name} template slotwell_template strategy file_copy`);
  const url = server.replace('/postgres?', `/${name}?`);
  return opened(url, () => once(server, `drop database ${name} with (force)`));
}

/** Opens a database for one test; closed, and dropped by `drop`, when the test ends. */
export function opened(url: string, drop: () => Promise<void>): TestDatabase {
  let trips = 0;
  const wire = openPgWire(url, { onRoundTrip: () => (trips += 1), onIdleError: () => undefined });
  const owner = new pg.Pool({ connectionString: url, max: 1 });
  owner.on('error', () => undefined);
  onTestFinished(async () => {
    await wire.end();
    await owner.end();
    await drop();
  });
  return {
    url,
    wire,
    db: openDatabase(wire),
    roundTrips: () => trips,
    owner: async (sql, params) => (await owner.query(sql, params)).rows as Record<string, unknown>[],
  };
}

/** Statements on a connection of their own, one after the other. */
export async function once(connectionString: string, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
