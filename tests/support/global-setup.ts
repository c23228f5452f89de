import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startPostgres } from '../../app/data/embedded/server.node';
import { migrateDatabase } from '../../db/migrate.node';

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
  }
}

export const TEMPLATE = 'slotwell_template';

/** One Postgres for the run, with a migrated template that each test copies. */
export default async function setup(project: TestProject) {
  const folder = mkdtempSync(join(tmpdir(), 'slotwell-test-'));
  // Started as root, Postgres runs as somebody else, who has to get in.
  chmodSync(folder, 0o711);
  const postgres = await startPostgres(folder, { durable: false, maxConnections: 200 });
  // A run that is broken off does not get to the end of this file.
  const abandon = () => postgres.abandon();
  process.once('exit', abandon);
  const admin = new pg.Client({ connectionString: postgres.url });
  await admin.connect();
  await admin.query(`create database ${TEMPLATE}`);
  await admin.end();
  await migrateDatabase(postgres.url.replace('/postgres?', `/${TEMPLATE}?`));
  project.provide('postgresUrl', postgres.url);
  return async () => {
    process.off('exit', abandon);
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
