import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { expect, test, vi } from 'vitest';
import { backUp } from '~db/backup.node';
import { restore } from '~db/restore.node';
import { hold, query, temporaryFolder, type Holder } from '../support/database-processes';
import { PROJECT } from '../support/server-process';

// Servers are started and folders synced to a disk that others use too.
vi.setConfig({ testTimeout: 120_000 });

test('a backup made while bookings come in opens, and holds everything acknowledged before it began', async () => {
  const folder = temporaryFolder();
  const held = await hold(join(folder, 'data'));
  await held.query(`create table kept (n int primary key, pair int, filling text)`);
  writeFileSync(join(folder, 'data/secrets.json'), '{"SESSION_SECRET":"of the first"}', { mode: 0o600 });
  const load = beginLoad(held);
  await load.until(200);
  const before = load.acknowledged();
  await backUp(join(folder, 'data'), join(folder, 'backup'));
  const during = load.acknowledged() - before;
  await load.stop();
  expect(during).toBeGreaterThan(0);
  await held.kill('SIGTERM');

  expect(statSync(join(folder, 'backup')).mode & 0o777).toBe(0o700);
  expect(await restore(join(folder, 'backup'), join(folder, 'restored'))).toEqual({ setAside: [] });
  expect(readFileSync(join(folder, 'restored/secrets.json'), 'utf8')).toContain('of the first');
  const restored = await hold(join(folder, 'restored'));
  const [sums] = await restored.query(
    `select count(*)::int as rows, max(n) + 1 as through, count(*) filter (where pair is distinct from -n)::int as torn from kept`,
  );
  expect(sums).toMatchObject({ torn: 0 });
  expect(sums?.['rows']).toBe(sums?.['through']);
  expect(sums?.['rows']).toBeGreaterThanOrEqual(before);
});

/** Writes pairs of statements in transactions, one after another: what is acknowledged is a prefix of all numbers. */
function beginLoad(held: Holder) {
  let next = 0;
  let acknowledged = 0;
  let isOver = false;
  const writer = async () => {
    const client = new pg.Client({ connectionString: held.url });
    await client.connect();
    client.on('error', () => undefined);
    while (!isOver) {
      const n = next;
      next += 1;
      await client.query('begin');
      await client.query(`insert into kept values ($1::int, null, repeat(md5($1::int::text), 20))`, [n]);
      await client.query(`update kept set pair = -n where n = $1::int`, [n]);
      await client.query('commit');
      acknowledged += 1;
    }
    await client.end();
  };
  const over = writer();
  return {
    acknowledged: () => acknowledged,
    async until(count: number) {
      while (acknowledged < count) await query(held.url, 'select 1');
    },
    async stop() {
      isOver = true;
      await over;
    },
  };
}

test('the commands back up and restore a stopped machine through one file, and keep what was there', async () => {
  const folder = temporaryFolder();
  const dataDir = join(folder, 'data');
  const first = await hold(dataDir);
  await first.query('create table kept as select 7 as n');
  await first.kill('SIGTERM');
  const file = join(folder, 'all.tar.gz');
  expect(run('backup', dataDir, file)).toMatchObject({ status: 0, stdout: `Backed up into ${file}\n` });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(run('backup', dataDir, file)).toMatchObject({ status: 1, stderr: expect.stringContaining('there already') });

  const second = await hold(dataDir);
  await second.query('update kept set n = 8');
  expect(run('restore', dataDir, file)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('already running'),
  });
  await second.kill('SIGTERM');
  const restored = run('restore', dataDir, file);
  expect(restored).toMatchObject({ status: 0 });
  const aside = /before: (.*pg18\.before-.*)/.exec(restored.stdout)?.[1] ?? '';
  expect(existsSync(join(aside, 'PG_VERSION'))).toBe(true);
  expect(await (await hold(dataDir)).query('select n from kept')).toEqual([{ n: 7 }]);
  expect(readdirSync(folder).sort()).toEqual(['all.tar.gz', 'data']);
});

test('without a name a backup goes into DATA_DIR, and into a folder that is there', async () => {
  const folder = temporaryFolder();
  const dataDir = join(folder, 'data');
  await (await hold(dataDir)).kill('SIGTERM');
  mkdirSync(join(folder, 'many'));
  for (const [given, parent] of [
    [[], join(dataDir, 'backups')],
    [[join(folder, 'many')], join(folder, 'many')],
  ] as const) {
    expect(run('backup', dataDir, ...given)).toMatchObject({ status: 0 });
    const [name = ''] = readdirSync(parent);
    expect(existsSync(join(parent, name, 'database/pg18/backup_label'))).toBe(true);
  }
});

test('a backup that does not open leaves everything as it was', async () => {
  const folder = temporaryFolder();
  const dataDir = join(folder, 'data');
  const held = await hold(dataDir);
  await held.query('create table kept as select 7 as n');
  await backUp(dataDir, join(folder, 'backup'));
  await held.kill('SIGTERM');
  rmSync(join(folder, 'backup/database/pg18/global/pg_control'));
  await expect(restore(join(folder, 'backup'), dataDir)).rejects.toThrow(/does not start/);
  expect(await (await hold(dataDir)).query('select n from kept')).toEqual([{ n: 7 }]);
});

test('what is no backup, and a place without data, are named', async () => {
  const folder = temporaryFolder();
  await expect(restore(folder, join(folder, 'data'))).rejects.toThrow(/is no backup of Slotwell/);
  await expect(backUp(join(folder, 'none'), join(folder, 'backup'))).rejects.toThrow(/There is no database/);
  expect(readdirSync(folder)).toEqual([]);
});

function run(command: 'backup' | 'restore', dataDir: string, ...given: readonly string[]) {
  return spawnSync(process.execPath, [join(PROJECT, `dist/${command}.js`), ...given], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', DATA_DIR: dataDir },
    encoding: 'utf8',
  });
}
