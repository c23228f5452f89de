import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { migrateDatabase } from '../../db/migrate.node';
import { once, opened, type TestDatabase } from './database';

/**
 * A database whose owner is neither superuser nor past row level security, as on a hosted Postgres: made, migrated
 * and worked in as that role. Closed and dropped when the test ends.
 */
export async function plainlyOwnedDatabase(): Promise<TestDatabase> {
  const server = inject('postgresUrl');
  const name = `p_${randomUUID().replaceAll('-', '')}`;
  await once(
    server,
    `create role ${name} login nosuperuser nobypassrls createrole`,
    // Roles are the whole server's: another database of it has made this one already.
    `grant slotwell_runtime to ${name}`,
    `create database ${name} owner ${name}`,
  );
  const url = server.replace('//owner@', `//${name}@`).replace('/postgres?', `/${name}?`);
  await migrateDatabase(url);
  return opened(url, () => once(server, `drop database ${name} with (force)`, `drop role ${name}`));
}
