import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { holdLock } from '../app/data/embedded/lock.node';
import {
  EmbeddedDatabaseError,
  giveTo,
  giveToFoldersOwner,
  hasDatabase,
  MAJOR,
  settle,
  syncFolder,
} from '../app/data/embedded/place.node';
import { ask, startPostgres } from '../app/data/embedded/server.node';
import { syncAll } from './backup.node';

/**
 * Puts a backup made by `backUp` in the place of a DATA_DIR's database and secrets. What was there is kept beside it,
 * under the names that are given back. The database opens the backup before this returns; when it cannot, what was there
 * before is back. Throws EmbeddedDatabaseError.
 */
export async function restore(source: string, dataDir: string): Promise<{ readonly setAside: readonly string[] }> {
  const copy = join(resolve(source), 'database', `pg${MAJOR}`);
  if (!existsSync(join(copy, 'backup_label')))
    throw new EmbeddedDatabaseError(`${source} is no backup of Slotwell: it has no database/pg${MAJOR}/backup_label.`);
  const version = readFileSync(join(copy, 'PG_VERSION'), 'utf8').trim();
  if (version !== String(MAJOR))
    throw new EmbeddedDatabaseError(`${source} is of PostgreSQL ${version}; this Slotwell brings ${MAJOR}.`);

  const place = settle(dataDir);
  await stopWhatRuns(dataDir, place.url);
  const stamp = new Date().toISOString().replace(/[:.]/g, '-');
  const moved: { path: string; aside: string | undefined }[] = [];
  const putIn = (fresh: string, path: string) => {
    const aside = existsSync(path) ? `${path}.before-${stamp}` : undefined;
    if (aside !== undefined) renameSync(path, aside);
    moved.push({ path, aside });
    renameSync(fresh, path);
  };
  try {
    const unlock = await holdLock(join(place.socketFolder, 'app.sock'), dataDir);
    try {
      const fresh = mkdtempSync(join(place.folder, `pg${MAJOR}.new-`));
      cpSync(copy, fresh, { recursive: true });
      if (place.runAs !== undefined) giveTo(fresh, place.runAs);
      syncAll(fresh);
      putIn(fresh, place.data);
      const secrets = join(resolve(dataDir), 'secrets.json');
      if (existsSync(join(source, 'secrets.json'))) {
        cpSync(join(source, 'secrets.json'), `${secrets}.new`);
        giveToFoldersOwner(`${secrets}.new`);
        putIn(`${secrets}.new`, secrets);
      }
      syncFolder(place.folder);
    } finally {
      await unlock();
    }
    const postgres = await startPostgres(dataDir);
    await postgres.stop();
  } catch (error) {
    for (const { path, aside } of moved.reverse()) {
      rmSync(path, { recursive: true, force: true });
      if (aside !== undefined) renameSync(aside, path);
    }
    throw error;
  }
  return { setAside: moved.flatMap(({ aside }) => aside ?? []) };
}

/** Ends a Postgres that a killed app has left. Data that do not open any more are no hindrance: they are why one restores. */
async function stopWhatRuns(dataDir: string, url: string): Promise<void> {
  if (!hasDatabase(dataDir)) return;
  try {
    const postgres = await startPostgres(dataDir);
    await postgres.stop();
  } catch (error) {
    if ((await ask(url)) !== 'nobody') throw error;
  }
}
