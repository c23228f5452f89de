import { spawnSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import pg from 'pg';
import { ask, startPostgres } from '../app/data/embedded/server.node';
import { EmbeddedDatabaseError, hasDatabase, MAJOR, settle, syncFolder } from '../app/data/embedded/place.node';

/** Made anew by Postgres, or of no use to another start (PostgreSQL manual, 25.3.4 "Backing Up The Data Directory"). */
const LEFT_EMPTY = [
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
];
const LEFT_OUT = /^(postmaster\.(pid|opts)|pg_internal\.init.*|pgsql_tmp.*|current_logfiles)$/;

/**
 * Copies the database of a DATA_DIR, and its secrets, into the new folder `target`, while it is in use or not. The copy
 * holds at least everything that was acknowledged when this began; it appears under its name only when it is whole and
 * on the disk. What is inside is as secret as DATA_DIR itself. Throws EmbeddedDatabaseError.
 */
export async function backUp(dataDir: string, target: string): Promise<void> {
  if (!hasDatabase(dataDir)) throw new EmbeddedDatabaseError(`There is no database in ${resolve(dataDir)}.`);
  if (existsSync(target)) throw new EmbeddedDatabaseError(`${target} is there already: name another place.`);
  const place = settle(dataDir);
  const own = (await ask(place.url)) === 'nobody' ? await startPostgres(dataDir) : undefined;
  const fresh = `${resolve(target)}.unfinished-${process.pid}`;
  try {
    mkdirSync(fresh, { recursive: true, mode: 0o700 });
    await copyCluster(place.url, place.data, join(fresh, 'database', `pg${MAJOR}`));
    const secrets = join(resolve(dataDir), 'secrets.json');
    if (existsSync(secrets)) copyFileSync(secrets, join(fresh, 'secrets.json'));
    syncAll(fresh);
    renameSync(fresh, target);
    syncFolder(dirname(resolve(target)));
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw error;
  } finally {
    await own?.stop();
  }
}

/** The manual's low-level backup (25.3.3): the same connection from beginning to end. */
async function copyCluster(url: string, data: string, copy: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // The slot keeps the log from being recycled meanwhile, and goes with the connection.
    await client.query(`select pg_create_physical_replication_slot('backup_' || pg_backend_pid(), true, true)`);
    const begun = await client.query<{ segment: string }>(
      `select pg_walfile_name(pg_backup_start('slotwell', fast => true)) as segment`,
    );
    copyFolder(data, copy, true);
    const ended = await client.query<{ segment: string; labelfile: string }>(
      `select pg_walfile_name(lsn) as segment, labelfile from pg_backup_stop(wait_for_archive => false)`,
    );
    const first = begun.rows[0]?.segment ?? '';
    const last = ended.rows[0]?.segment ?? '';
    for (const name of readdirSync(join(data, 'pg_wal'))) {
      const isNeeded = /^[0-9A-F]{24}$/.test(name) ? name >= first && name <= last : name.endsWith('.history');
      if (isNeeded) copyFileSync(join(data, 'pg_wal', name), join(copy, 'pg_wal', name));
    }
    // Says from where to recover; without it the copy would open torn.
    writeFileSync(join(copy, 'backup_label'), ended.rows[0]?.labelfile ?? '', { mode: 0o600 });
  } finally {
    await client.end();
  }
}

function copyFolder(from: string, to: string, isTop = false): void {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (LEFT_OUT.test(entry.name)) continue;
    const [source, copy] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      if (isTop && LEFT_EMPTY.includes(entry.name)) mkdirSync(copy, { mode: 0o700 });
      else copyFolder(source, copy);
    } else copyIfThere(source, copy);
  }
}

/** A table dropped meanwhile takes its files away; the log that comes with the copy knows of it. */
function copyIfThere(source: string, copy: string): void {
  try {
    copyFileSync(source, copy);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || existsSync(source)) throw error;
  }
}

/** Brings a folder and all that is in it onto the disk. */
export function syncAll(path: string): void {
  // One call for the whole file system takes a tenth of a second, one for each of a thousand files several.
  if (spawnSync('sync', ['-f', path]).status !== 0) syncEach(path);
}

function syncEach(path: string): void {
  if (statSync(path).isDirectory()) for (const name of readdirSync(path)) syncEach(join(path, name));
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
