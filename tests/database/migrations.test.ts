import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { visitor } from '~/data/actor';
import { openDatabase } from '~/data/database';
import { startPostgres } from '~/data/embedded/server.node';
import { openPgWire } from '~/data/pg-wire.node';
import { mentors } from '~db/schema';
import { migrateDatabase } from '../../db/migrate.node';

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** An empty database and a connection to it; dropped when the test ends. */
async function emptyDatabase() {
  const server = await connected(inject('postgresUrl'));
  const name = `m_${randomUUID().replaceAll('-', '')}`;
  await server.query(`create database ${name}`);
  const url = inject('postgresUrl').replace('/postgres?', `/${name}?`);
  const client = await connected(url);
  onTestFinished(async () => {
    await client.end();
    await server.query(`drop database ${name} with (force)`);
    await server.end();
  });
  const tables = async () =>
    (await client.query(`select tablename from pg_tables where schemaname = 'public' order by 1`)).rowCount;
  const applied = async () => (await client.query('select hash from drizzle.__drizzle_migrations')).rowCount;
  return { url, client, tables, applied };
}

/** As many as there are files. */
const MIGRATIONS = readdirSync('db/migrations').filter((name) => name.endsWith('.sql')).length;

test('migrating again changes nothing', async () => {
  const { url, client, tables, applied } = await emptyDatabase();
  await migrateDatabase(url);
  const [before, policies] = [await tables(), (await client.query('select 1 from pg_policies')).rowCount];
  await migrateDatabase(url);
  expect(await applied()).toBe(MIGRATIONS);
  expect(await tables()).toBe(before);
  expect((await client.query('select 1 from pg_policies')).rowCount).toBe(policies);
});

test('servers that start at once migrate once, and all of them go on', async () => {
  const { url, tables, applied } = await emptyDatabase();
  await Promise.all([1, 2, 3, 4].map(() => migrateDatabase(url)));
  expect(await applied()).toBe(MIGRATIONS);
  expect(await tables()).toBeGreaterThan(10);
});

const hurried = { connectMs: 5_000, otherMs: 300, tableMs: 300 };

test('a migration that waits for another one says so, and goes on when that has ended', async () => {
  const { url, client, applied } = await emptyDatabase();
  await client.query(`select pg_advisory_lock(hashtext('slotwell migrations'))`);
  const said: string[] = [];
  const migrated = migrateDatabase(url, undefined, { say: (line) => void said.push(line) });
  await vi.waitFor(() => expect(said).toHaveLength(1));
  expect(said[0]).toBe('Another migration is under way: waiting for it, up to 60 s.');
  await client.query('select pg_advisory_unlock_all()');
  await migrated;
  expect(await applied()).toBe(MIGRATIONS);
});

test('a migration does not wait for ever: not for another one, and not for a table that somebody holds', async () => {
  const { url, client, tables } = await emptyDatabase();
  await client.query(`select pg_advisory_lock(hashtext('slotwell migrations'))`);
  await expect(migrateDatabase(url, undefined, { patience: hurried })).rejects.toThrow(
    'Another migration has not ended for 0.3 s: try again when it has.',
  );
  await client.query('select pg_advisory_unlock_all()');
  await client.query('begin; create table sign_in_codes ()');
  await expect(migrateDatabase(url, undefined, { patience: hurried })).rejects.toThrow(
    /^A long transaction holds a table that a migration changes: try again when it has ended/,
  );
  await client.query('rollback');
  expect(await tables()).toBe(0);
  await migrateDatabase(url, undefined, { patience: hurried });
  expect(await tables()).toBeGreaterThan(10);
});

test('a database that takes connections and says nothing is not waited for for ever', async () => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const url = `postgresql://owner:x@127.0.0.1:${(server.address() as AddressInfo).port}/x`;
  await expect(migrateDatabase(url, undefined, { patience: { ...hurried, connectMs: 300 } })).rejects.toThrow(
    'The database did not answer within 0.3 s.',
  );
});

test('a migration killed in the middle leaves nothing behind, and the next one finishes', async () => {
  const { url, client, tables } = await emptyDatabase();
  // Somebody who is just making a table of that name holds the migration up half-way.
  await client.query('begin; create table sign_in_codes ()');
  const killed = migrateDatabase(url).catch((error: unknown) => error);
  const watch = await connected(url);
  onTestFinished(() => watch.end());
  const backend = await vi.waitFor(async () => {
    const { rows } = await watch.query(
      `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
        and query ilike '%create table "sign_in_codes"%'`,
    );
    expect(rows).toHaveLength(1);
    return Number(rows[0].pid);
  }, 10_000);
  await watch.query('select pg_terminate_backend($1)', [backend]);
  expect(await killed).toBeInstanceOf(Error);
  await client.query('rollback');
  expect(await tables()).toBe(0);
  await migrateDatabase(url);
  expect(await tables()).toBeGreaterThan(10);
});

test('on a server that has nothing of ours yet, a role without special powers migrates and works', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'slotwell-test-'));
  chmodSync(folder, 0o711);
  const postgres = await startPostgres(folder, { durable: false });
  onTestFinished(async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const superuser = await connected(postgres.url);
  await superuser.query('create role plain login nosuperuser nobypassrls createrole');
  await superuser.query('create database plain owner plain');
  const url = postgres.url.replace('//owner@', '//plain@').replace('/postgres?', '/plain?');
  await migrateDatabase(url);
  const wire = openPgWire(url);
  expect(await openDatabase(wire).read(visitor, (tx) => tx.select().from(mentors))).toEqual([]);
  await wire.end();

  // A second database of that server, by a role that may use the runtime role and has not made it.
  await superuser.query('create role second login nosuperuser nobypassrls');
  await superuser.query('create database second owner second');
  const secondUrl = url.replace('//plain@', '//second@').replace('/plain?', '/second?');
  await expect(migrateDatabase(secondUrl)).rejects.toMatchObject({ cause: { code: '42501' } });
  await superuser.query('grant slotwell_runtime to second');
  await migrateDatabase(secondUrl);
  await superuser.end();
});
