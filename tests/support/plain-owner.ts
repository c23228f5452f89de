import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject, onTestFinished } from 'vitest';
import { openDatabase } from '~/data/database';
import { openPgWire } from '~/data/pg-wire.node';
import { migrateDatabase } from '../../db/migrate.node';
import type { TestDatabase } from './database';

/**
 * A database whose owner is neither superuser nor past row level security, as on a hosted Postgres: made, migrated
 * and worked in as that role. Closed and dropped when the test ends.
 */
export async function plainlyOwnedDatabase(): Promise<TestDatabase> {
  const server = inject('postgresUrl');
  const name = `p_${randomUUID().replaceAll('-', '')}`;
  await asSuperuser(server, [
    `create role ${name} login nosuperuser nobypassrls createrole`,
    // Roles are the whole server's: another database of it has made this one already.
    `grant slotwell_runtime to ${name}`,
    `create database ${name} owner ${name}`,
  ]);
  const url = server.replace('//owner@', `//${name}@`).replace('/postgres?', `/${name}?`);
  await migrateDatabase(url);
  let trips = 0;
  const wire = openPgWire(url, { onRoundTrip: () => (trips += 1), onIdleError: () => undefined });
  const owner = new pg.Pool({ connectionString: url, max: 1 });
  owner.on('error', () => undefined);
  onTestFinished(async () => {
    await wire.end();
    await owner.end();
    await asSuperuser(server, [`drop database ${name} with (force)`, `drop role ${name}`]);
  });
  return {
    url,
    wire,
    db: openDatabase(wire),
    roundTrips: () => trips,
    owner: async (sql, params) => (await owner.query(sql, params)).rows as Record<string, unknown>[],
  };
}

async function asSuperuser(connectionString: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
