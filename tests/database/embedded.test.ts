import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  clone,
  hold,
  holdUnready,
  isRoot,
  killPostgres,
  PLATFORM_PACKAGE,
  query,
  temporaryFolder,
  until,
} from '../support/database-processes';

// Each starts Postgres several times, on a machine that has other work.
vi.setConfig({ testTimeout: 120_000 });

test('a first start makes a database that only its own folder leads to', async () => {
  const dataDir = join(temporaryFolder(), 'data');
  const held = await hold(dataDir);
  expect(statSync(held.folder).mode & 0o777).toBe(0o700);
  expect(statSync(join(held.folder, 'socket')).mode & 0o777).toBe(0o700);
  const settings = await held.query(
    `select name, setting from pg_settings where name in ('listen_addresses', 'fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums') order by name`,
  );
  expect(Object.fromEntries(settings.map((row) => [row['name'], row['setting']]))).toEqual({
    data_checksums: 'on',
    fsync: 'on',
    full_page_writes: 'on',
    listen_addresses: '',
    synchronous_commit: 'on',
  });
});

test('a stop leaves nothing running, and the next start finds every row', async () => {
  const dataDir = join(temporaryFolder(), 'data');
  const first = await hold(dataDir);
  await first.query('create table kept as select 7 as n');
  await first.kill('SIGTERM');
  expect(first.process.exitCode).toBe(0);
  expect(existsSync(join(first.folder, 'pg18/postmaster.pid'))).toBe(false);
  const second = await hold(dataDir);
  expect(await second.query('select n from kept')).toEqual([{ n: 7 }]);
});

test('PG variables of the shell have no say', async () => {
  const before = { ...process.env };
  onTestFinished(() => {
    process.env = before;
  });
  Object.assign(process.env, { PGPORT: '1', PGHOST: 'nowhere.invalid', PGDATA: '/nowhere', PGSSLMODE: 'require' });
  const held = await hold(join(temporaryFolder(), 'data'));
  expect(await held.query('select 1 as n')).toEqual([{ n: 1 }]);
});

test('a second process on the same data is refused in words, and the first goes on', async () => {
  const dataDir = join(temporaryFolder(), 'data');
  const held = await hold(dataDir);
  await expect(hold(dataDir)).rejects.toThrow(/already running on .*data\. Stop the other one first/);
  expect(await held.query('select 1 as n')).toEqual([{ n: 1 }]);
});

describe('killed', () => {
  test('only the app: the next start adopts the running Postgres', async () => {
    const dataDir = join(temporaryFolder(), 'data');
    const first = await hold(dataDir);
    await first.query('create table kept as select 7 as n');
    const postmaster = first.postmaster();
    await first.kill('SIGKILL');
    const second = await hold(dataDir);
    expect(second.postmaster()).toBe(postmaster);
    expect(await second.query('select n from kept')).toEqual([{ n: 7 }]);
    await second.kill('SIGTERM');
    expect(existsSync(join(second.folder, 'pg18/postmaster.pid'))).toBe(false);
  });

  test('everything: the next start recovers', async () => {
    const dataDir = join(temporaryFolder(), 'data');
    const first = await hold(dataDir);
    await first.query('create table kept as select 7 as n');
    await first.kill('SIGKILL');
    killPostgres(first.folder);
    const second = await hold(dataDir);
    expect(await second.query('select n from kept')).toEqual([{ n: 7 }]);
  });

  test('the postmaster alone: it is started again, also when it was an adopted one', async () => {
    const dataDir = join(temporaryFolder(), 'data');
    const first = await hold(dataDir);
    await first.query('create table kept as select 7 as n');
    await first.kill('SIGKILL');
    const second = await hold(dataDir);
    for (let round = 1; round <= 2; round += 1) {
      process.kill(second.postmaster(), 'SIGKILL');
      await until(() => second.complaints().split('The database is back.').length > round, 'the database is back');
      expect(await second.query('select n from kept')).toEqual([{ n: 7 }]);
    }
  });

  test('a single backend: Postgres mends itself, and the app holds on', async () => {
    const held = await hold(join(temporaryFolder(), 'data'));
    const postmaster = held.postmaster();
    await held.query('create table kept as select 7 as n');
    await expect(
      held.query(`select pg_backend_pid() as pid`).then(async ([row]) => {
        const victim = held.query('select pg_sleep(60)');
        const pid = await until(
          async () =>
            (await held.query(`select pid from pg_stat_activity where query like 'select pg_sleep(60)%'`))[0]?.['pid'],
          'the victim works',
        );
        expect(pid).not.toBe(row?.['pid']);
        process.kill(Number(pid), 'SIGKILL');
        await victim;
      }),
    ).rejects.toThrow();
    await until(() => held.complaints().includes('The database is back.'), 'the database is back');
    expect(held.postmaster()).toBe(postmaster);
    expect(await held.query('select n from kept')).toEqual([{ n: 7 }]);
  });

  test.each([1, 100, 400, 900])('in the first start, with %i files made: the next start succeeds', async (files) => {
    const dataDir = join(temporaryFolder(), 'data');
    const folder = join(dataDir, 'database');
    const first = await holdUnready(dataDir);
    const made = () =>
      existsSync(folder)
        ? readdirSync(folder)
            .filter((name) => name.startsWith('pg18'))
            .flatMap((name) => entriesIn(join(folder, name))).length
        : 0;
    await until(() => made() >= files, `${files} files are made`);
    for (const child of childrenOf(Number(first.process.pid))) process.kill(child, 'SIGKILL');
    await first.kill('SIGKILL');
    killPostgres(folder);
    const second = await hold(dataDir);
    await second.query('create extension btree_gist');
    expect(readdirSync(folder).filter((name) => name.includes('new-'))).toEqual([]);
  });
});

function entriesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    // Renamed meanwhile.
    return [];
  }
}

const childrenOf = (pid: number) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

describe('left over', () => {
  test('an empty pid file does not stop a start', async () => {
    const dataDir = await stoppedDatabase();
    writeFileSync(join(dataDir, 'database/pg18/postmaster.pid'), '');
    expect(await (await hold(dataDir)).query('select n from kept')).toEqual([{ n: 7 }]);
  });

  test('pid files that name another living process of the same user do not stop a start', async () => {
    const dataDir = await stoppedDatabase();
    const { uid, gid } = statSync(join(dataDir, 'database/pg18'));
    const stranger = spawn('sleep', ['600'], isRoot ? { uid, gid } : {});
    onTestFinished(() => void stranger.kill('SIGKILL'));
    await until(() => stranger.pid, 'the stranger lives');
    for (const file of ['pg18/postmaster.pid', 'socket/.s.PGSQL.5432.lock'])
      writeFileSync(join(dataDir, 'database', file), `${stranger.pid}\n/nowhere\n1\n5432\n\n`);
    expect(await (await hold(dataDir)).query('select n from kept')).toEqual([{ n: 7 }]);
  });

  test('an abandoned first attempt is swept away, and a lock that nobody holds too', async () => {
    const dataDir = await stoppedDatabase();
    rmSync(join(dataDir, 'database/pg18'), { recursive: true });
    mkdirSync(join(dataDir, 'database/pg18.new-broken'));
    writeFileSync(join(dataDir, 'database/socket/app.sock'), '');
    const held = await hold(dataDir);
    expect(readdirSync(held.folder).filter((name) => name.startsWith('pg18'))).toEqual(['pg18']);
  });
});

async function stoppedDatabase(): Promise<string> {
  const dataDir = join(temporaryFolder(), 'data');
  const held = await hold(dataDir);
  await held.query('create table kept as select 7 as n');
  await held.kill('SIGTERM');
  return dataDir;
}

describe('places', () => {
  test('a path too long for a socket is no hindrance', async () => {
    const dataDir = join(temporaryFolder(), 'a-long-name-'.repeat(8), 'another-long-name-'.repeat(8));
    const held = await hold(dataDir);
    expect(await held.query('select 1 as n')).toEqual([{ n: 1 }]);
    await expect(hold(dataDir)).rejects.toThrow(/already running/);
    const socketFolder = new URL(held.url).searchParams.get('host') ?? '';
    expect(socketFolder).toMatch(/^\/tmp\/slotwell-/);
    expect(statSync(socketFolder).mode & 0o777).toBe(0o700);
    await held.kill('SIGTERM');
    rmSync(socketFolder, { recursive: true });
  });

  test('a clone installed without scripts gets its links made', async () => {
    const folder = temporaryFolder();
    const program = await clone(folder);
    const library = join(folder, 'node_modules', PLATFORM_PACKAGE, 'native/lib');
    for (const entry of readdirSync(library, { withFileTypes: true }))
      if (entry.isSymbolicLink()) rmSync(join(library, entry.name));
    const held = await hold(join(folder, 'data'), program);
    expect(await held.query('select 1 as n')).toEqual([{ n: 1 }]);
  });

  test.skipIf(!isRoot)(
    'started as root in a closed folder: data and programs are elsewhere, and found again',
    async () => {
      const folder = temporaryFolder();
      const program = await clone(folder);
      chmodSync(folder, 0o700);
      const first = await hold(join(folder, 'data'), program);
      onTestFinished(() => rmSync(first.folder, { recursive: true, force: true }));
      expect(first.folder).toMatch(/^\/var\/lib\/slotwell\/data-/);
      expect(first.note).toContain(first.folder);
      expect(statSync(first.folder).mode & 0o777).toBe(0o700);
      await first.query('create table kept as select 7 as n');
      await first.kill('SIGTERM');
      const second = await hold(join(folder, 'data'), program);
      expect(second.folder).toBe(first.folder);
      expect(await second.query('select n from kept')).toEqual([{ n: 7 }]);
      await expect(hold(join(folder, 'data'), program)).rejects.toThrow(/already running/);
      await second.kill('SIGTERM');
      rmSync(first.folder, { recursive: true });
      await expect(hold(join(folder, 'data'), program)).rejects.toThrow(/is not there\. Bring that folder back/);
    },
  );

  test.skipIf(!isRoot)('started as root, the data of another user are served as that user', async () => {
    const dataDir = await stoppedDatabase();
    const daemon = spawnSync('id', ['-u', 'daemon'], { encoding: 'utf8' }).stdout.trim();
    spawnSync('chown', ['-R', 'daemon:', join(dataDir, 'database')]);
    const held = await hold(dataDir);
    expect(await held.query('select n from kept')).toEqual([{ n: 7 }]);
    expect(readFileSync(`/proc/${held.postmaster()}/status`, 'utf8')).toMatch(new RegExp(`^Uid:\\s+${daemon}\\s`, 'm'));
  });

  test('without a Postgres for this platform the message asks for DATABASE_URL', async () => {
    const folder = temporaryFolder();
    const program = await clone(folder, { postgres: false });
    await expect(hold(join(folder, 'data'), program)).rejects.toThrow(
      /does not run on this machine .*npm has not installed .*Set DATABASE_URL/,
    );
  });

  test('where the C library is another the message says so', async () => {
    const folder = temporaryFolder();
    const program = await clone(folder);
    // What exec() answers where the loader that a program asks for is missing.
    writeFileSync(join(folder, 'node_modules', PLATFORM_PACKAGE, 'native/bin/postgres'), '#!/no/such/loader\n');
    await expect(hold(join(folder, 'data'), program)).rejects.toThrow(/it needs glibc, .*Set DATABASE_URL/);
  });
});

describe('disk full', () => {
  test('writes fail, nothing acknowledged is lost, and it goes on when there is space', async ({ skip }) => {
    const folder = temporaryFolder();
    const mounted =
      isRoot && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=120m,mode=711', 'tmpfs', folder]).status === 0;
    if (!mounted) return skip('needs root and the right to mount a tmpfs');
    onTestFinished(async () => {
      await until(() => spawnSync('umount', [folder]).status === 0, 'the disk is given back');
    });
    const held = await hold(join(folder, 'data'));
    await held.query('create table kept (n int, filling text)');
    let acknowledged = 0;
    const write = async () => {
      await held.query(`insert into kept values (${acknowledged}, repeat('x', 1))`);
      acknowledged += 1;
    };
    await write();
    const ballast = join(folder, 'ballast');
    spawnSync('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=64k']);
    await expect(
      (async () => {
        // Until the write-ahead log needs another segment.
        for (let round = 0; round < 100; round += 1) {
          await held.query(`insert into kept select -1, md5(random()::text) from generate_series(1, 20000)`);
          await write();
        }
      })(),
    ).rejects.toThrow();
    rmSync(ballast);
    const rows = await until(
      () => query(held.url, 'select n from kept where n >= 0 order by n').catch(() => undefined),
      'the database answers again',
    );
    expect(rows.slice(0, acknowledged)).toEqual(Array.from({ length: acknowledged }, (_, n) => ({ n })));
    await until(
      () =>
        write().then(
          () => true,
          () => false,
        ),
      'writes succeed again',
    );
  });
});
