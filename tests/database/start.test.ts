import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { readSettings } from '~/settings.node';
import { BOOKINGS_A_DAY, insertMentors, openForm, startOf } from '../support/booking-load';
import { isRoot, postmasterOf, query, temporaryFolder, until } from '../support/database-processes';
import { PROJECT, startServer } from '../support/server-process';

// Each starts whole servers, on a machine that has other work.
vi.setConfig({ testTimeout: 120_000 });

test('a first start says where visitors, mentors and mail go; a later one finds the same secrets and data', async () => {
  const dataDir = join(temporaryFolder(), 'data');
  const first = await startServer(dataDir);
  expect(first.terminal()).toMatch(/Mentors +http:\S+\/sign-in\n.+@/);
  expect(first.terminal()).toMatch(/Mail +http:\S+\/dev\/outbox/);
  expect(first.terminal()).toContain(join(dataDir, 'database/pg18'));
  expect((await fetch(first.url)).status).toBe(200);
  expect((await fetch(`${first.url}/dev/outbox`)).status).toBe(200);
  const secrets = join(dataDir, 'secrets.json');
  expect(statSync(secrets).mode & 0o777).toBe(0o600);
  const before = readFileSync(secrets, 'utf8');
  expect(await first.end('SIGTERM')).toBe(0);

  const second = await startServer(dataDir);
  expect(readFileSync(secrets, 'utf8')).toBe(before);
  expect(second.terminal()).not.toContain('@');
  expect((await fetch(second.url)).status).toBe(200);
});

test('a request that is under way when the server is stopped gets its answer; no new one is taken', async () => {
  const dataDir = join(temporaryFolder(), 'data');
  const server = await startServer(dataDir);
  const body = 'email=nobody%40example.com';
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    const request = httpRequest(`${server.url}/sign-in`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': body.length },
    });
    request.once('response', resolve).once('error', reject);
    request.write(body.slice(0, 5), () => {
      server.process.kill('SIGTERM');
      void until(
        () =>
          fetch(server.url).then(
            () => false,
            () => true,
          ),
        'no new request is taken',
      ).then(() => request.end(body.slice(5)), reject);
    });
  });
  // Without the form's token it is refused, but by the application.
  expect((await answered).statusCode).toBe(403);
  expect(await server.end('SIGCONT')).toBe(0);
  expect(existsSync(join(dataDir, 'database/pg18/postmaster.pid'))).toBe(false);
});

test('a second signal ends the server at once, and Postgres after it', async () => {
  const dataDir = join(temporaryFolder(), 'data');
  const server = await startServer(dataDir);
  const request = httpRequest(`${server.url}/sign-in`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': 100 },
  });
  request.on('error', () => undefined);
  await new Promise((resolve) => request.write('email=', resolve));
  server.process.kill('SIGINT');
  await until(() => server.terminal().includes('Stopping'), 'it stops');
  // At once another is taken for the same: npm passes on what the terminal has sent to all.
  await until(() => server.process.exitCode ?? !server.process.kill('SIGINT'), 'it is gone');
  expect(server.process.exitCode).toBe(130);
  await until(() => !existsSync(join(dataDir, 'database/pg18/postmaster.pid')), 'Postgres has stopped');
});

test('a port that is taken is named, and nothing is made', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  const dataDir = join(temporaryFolder(), 'data');
  await expect(startServer(dataDir, { PORT: String(port) })).rejects.toThrow(`Port ${port} is in use`);
  expect(existsSync(dataDir)).toBe(false);
});

test('wrong variables are named together, without their values, and nothing is made', async () => {
  const dataDir = join(temporaryFolder(), 'data');
  const wrong = {
    PORT: 'eighty',
    TRUSTED_PROXIES: '-1',
    DATABASE_URL: 'wrong db',
    SMTP_HOST: 'smtp.example.org',
    SMTP_PORT: 'wrong-port',
    SITE_URL: 'wrong-site',
    SESSION_SECRET: 'wrong-secret',
    ADMIN_EMAIL: 'wrong-admin',
    EMAIL_FROM: 'wrong-from',
  };
  const complaint = await startServer(dataDir, wrong).catch((error: Error) => error.message);
  const { SMTP_HOST: _, ...named } = wrong;
  for (const name of Object.keys(named)) expect(String(complaint).split(`\n${name}: `), name).toHaveLength(2);
  expect(complaint).not.toMatch(/eighty|wrong|^ +at /m);
  expect(existsSync(dataDir)).toBe(false);
});

test('numbers are digits, and a blank variable is an unset one', () => {
  expect(
    readSettings({ PORT: ' ', HOST: '  ', DATA_DIR: ' ', TRUSTED_PROXIES: '\t', DATABASE_URL: ' ' }),
  ).toMatchObject({
    port: 3000,
    host: '127.0.0.1',
    dataDir: './data',
    trustedProxies: 0,
    databaseUrl: undefined,
  });
  expect(readSettings({ PORT: ' 0 ', HOST: ' ::1 ' })).toMatchObject({ port: 0, host: '::1' });
  for (const PORT of ['0x50', '8e1', '-1', '80.0', '65536', '8 0'])
    expect(() => readSettings({ PORT }), PORT).toThrow('PORT: needs a whole number from 0 to 65535');
});

test.each([
  ['database.json', '{'],
  ['database.json', 'null'],
  ['database.json', '{"folder":1}'],
  ['secrets.json', '{'],
  ['secrets.json', 'null'],
  ['secrets.json', '[]'],
  ['secrets.json', '{"SESSION_SECRET":"short"}'],
])('a %s that says %s is named in a sentence', async (name, content) => {
  const dataDir = temporaryFolder();
  writeFileSync(join(dataDir, name), content);
  const complaint = await startServer(dataDir).catch((error: Error) => error.message);
  expect(complaint).toContain(`${join(dataDir, name)} cannot be read: `);
  expect(complaint).not.toMatch(/^ +at |short/m);
});

test('a terminal that is closed stops the server like a signal to stop', async () => {
  const dataDir = join(temporaryFolder(), 'data');
  const server = await startServer(dataDir);
  expect(await server.end('SIGHUP')).toBe(0);
  expect(existsSync(join(dataDir, 'database/pg18/postmaster.pid'))).toBe(false);
});

test.skipIf(!isRoot)('what root makes and finds in the folder of another user is theirs', async () => {
  const dataDir = join(temporaryFolder(), 'data');
  mkdirSync(join(dataDir, 'outbox'), { recursive: true });
  chmodSync(dataDir, 0o711);
  writeFileSync(join(dataDir, 'outbox/old.json'), '{}');
  chownSync(dataDir, 12_345, 12_345);
  await startServer(dataDir);
  for (const name of ['secrets.json', 'outbox', 'outbox/old.json'])
    expect(statSync(join(dataDir, name)), name).toMatchObject({ uid: 12_345, gid: 12_345 });
});

test('a second server on the same data is refused in words', async () => {
  const dataDir = join(temporaryFolder(), 'data');
  const server = await startServer(dataDir);
  await expect(startServer(dataDir)).rejects.toThrow(/already running/);
  expect((await fetch(server.url)).status).toBe(200);
});

test('while the database is away a calm page says so, and all is back by itself', async () => {
  const dataDir = join(temporaryFolder(), 'data');
  const server = await startServer(dataDir);
  const cluster = join(dataDir, 'database/pg18');
  const postmaster = postmasterOf(join(dataDir, 'database'));
  // Out of the way, so that it cannot be started again yet.
  renameSync(cluster, `${cluster}.away`);
  process.kill(postmaster, 'SIGKILL');
  const away = await until(async () => {
    const answer = await fetch(server.url);
    return answer.status === 200 ? undefined : answer;
  }, 'the database is missed');
  expect(away.status).toBe(503);
  expect(away.headers.get('retry-after')).not.toBeNull();
  expect(away.headers.get('content-type')).toContain('text/html');
  expect(await away.text()).toMatch(/<h1>/);
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
  renameSync(`${cluster}.away`, cluster);
  await until(async () => (await fetch(server.url)).status === 200, 'the page is back');
});

test('with the disk full bookings are refused calmly, none that was answered is lost, and all is back with space', async ({
  skip,
}) => {
  const folder = temporaryFolder();
  const dataDir = join(folder, 'data');
  if (!mountSmallDisk(folder)) return skip('needs root and the right to mount a tmpfs');
  const server = await startServer(dataDir, { SEED_DEMO: '0', TRUSTED_PROXIES: '1' });
  const socket = encodeURIComponent(join(dataDir, 'database/socket'));
  const url = `postgresql://owner@localhost:5432/postgres?host=${socket}`;
  await insertMentors(url, 40);
  const answers: number[] = [];
  const early = await openForm(server.url, 0);
  for (let n = 0; n < BOOKINGS_A_DAY; n += 1) answers.push((await early(startOf(n))).status);
  const ballast = join(folder, 'ballast');
  spawnSync('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=4k']);
  for (let mentor = 1; mentor < 40 && !answers.includes(503); mentor += 1) {
    const book = await openForm(server.url, mentor);
    for (let n = 0; n < BOOKINGS_A_DAY; n += 1) answers.push((await book(startOf(n))).status);
  }
  expect([...new Set(answers)].sort()).toEqual([303, 503]);
  rmSync(ballast);
  const book = await openForm(server.url, 39);
  // Whether the database only refused or had to restart: it is the same to visitors.
  await until(async () => (await book(startOf(100))).status === 303, 'bookings are taken again');
  const [{ count } = {}] = await query(url, 'select count(*)::int from bookings');
  expect(count).toBeGreaterThanOrEqual(answers.filter((status) => status === 303).length + 1);
});

/** A file system of its own that is soon full; given back when the test ends. */
function mountSmallDisk(folder: string): boolean {
  const options = 'size=120m,mode=711';
  if (!isRoot || spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]).status !== 0) return false;
  onTestFinished(async () => {
    await until(() => spawnSync('umount', [folder]).status === 0, 'the disk is given back');
  });
  return true;
}

describe('answers', () => {
  /** As it travels: fetch() would decode it. */
  async function raw(url: string, headers: Record<string, string>) {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      httpRequest(url, { headers }).once('response', resolve).once('error', reject).end();
    });
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    return { headers: answer.headers, body: Buffer.concat(chunks), status: answer.statusCode };
  }

  test('pages and files travel compressed, but for other sites pages do not', async () => {
    const { url } = await startServer(join(temporaryFolder(), 'data'));
    const plain = await raw(url, {});
    expect(plain.headers['content-encoding']).toBeUndefined();
    const br = await raw(url, { 'Accept-Encoding': 'gzip, br' });
    expect(br.headers).toMatchObject({ 'content-encoding': 'br', vary: expect.stringContaining('Accept-Encoding') });
    expect(brotliDecompressSync(br.body).toString()).toContain('</html>');
    const gzip = await raw(url, { 'Accept-Encoding': 'gzip, br;q=0' });
    expect(gzip.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(gzip.body).toString()).toContain('</html>');
    const foreign = await raw(url, { 'Accept-Encoding': 'gzip', 'Sec-Fetch-Site': 'cross-site' });
    expect(foreign.headers['content-encoding']).toBeUndefined();

    const stylesheet = /href="(\/assets\/[^"]+\.css)"/.exec(plain.body.toString())?.[1] ?? '';
    const file = await raw(url + stylesheet, { 'Accept-Encoding': 'br' });
    expect(file.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-encoding': 'br',
      'content-type': expect.stringContaining('text/css'),
    });
    const again = { 'Accept-Encoding': 'br', 'If-None-Match': file.headers.etag ?? '' };
    expect((await raw(url + stylesheet, again)).status).toBe(304);
  });

  test('what is not of the build is not served as a file; whole addresses, `*` and TRACE are answered as they should be', async () => {
    const { url } = await startServer(join(temporaryFolder(), 'data'));
    const { port, host } = new URL(url);
    const ask = (method: string, path: string) =>
      new Promise<IncomingMessage>((resolve, reject) => {
        httpRequest({ port, method, path, host: '127.0.0.1' }, resolve).once('error', reject).end();
      });
    expect((await ask('GET', `http://${host}/help`)).statusCode).toBe(200);
    expect((await ask('OPTIONS', '*')).statusCode).toBe(204);
    const traced = await ask('TRACE', '/help');
    expect([traced.statusCode, traced.headers.allow]).toEqual([405, 'GET, HEAD, POST, OPTIONS']);
    for (const path of ['/assets/../../server/index.js', '/.vite/manifest.json', '/assets/', '/%2e%2e/server/index.js'])
      expect((await raw(url + path, {})).status, path).toBeGreaterThanOrEqual(300);
  });
});

describe('a Postgres of the operator', () => {
  test('is migrated on demand, twice without harm, and then served', async () => {
    const server = inject('postgresUrl');
    await query(server, 'create database of_the_operator');
    onTestFinished(() => query(server, 'drop database of_the_operator with (force)').then(() => undefined));
    const DATABASE_URL = server.replace('/postgres?', '/of_the_operator?');
    const dataDir = join(temporaryFolder(), 'data');

    const early = await startServer(dataDir, { DATABASE_URL });
    expect(early.terminal().match(/npm run db:migrate/g)).toHaveLength(1);
    expect((await fetch(early.url)).status).toBe(503);
    await early.end('SIGTERM');

    for (let round = 0; round < 2; round += 1) {
      const migrated = spawnSync(process.execPath, [join(PROJECT, 'dist/migrate.js')], {
        env: { PATH: process.env.PATH, NODE_ENV: 'production', DATABASE_URL },
        encoding: 'utf8',
      });
      expect(migrated).toMatchObject({ status: 0, stdout: 'The database is up to date.\n' });
    }
    const later = await startServer(dataDir, { DATABASE_URL, SEED_DEMO: '1' });
    expect(later.terminal()).toContain('min-ji@slotwell.example');
    expect((await fetch(later.url)).status).toBe(200);
    expect(readdirSync(dataDir)).not.toContain('database');
    await later.end('SIGTERM');
    const again = await startServer(dataDir, { DATABASE_URL, SEED_DEMO: '1' });
    expect(again.terminal()).not.toContain('@');
  });

  test('that cannot be migrated is told why, and what to do; an address that is none is told so by each command', async () => {
    const server = inject('postgresUrl');
    for (const sql of ['create role plain login', 'create database of_plain owner plain']) await query(server, sql);
    onTestFinished(async () => {
      for (const sql of ['drop database of_plain with (force)', 'drop role plain']) await query(server, sql);
    });
    const run = (command: string, DATABASE_URL: string) =>
      spawnSync(process.execPath, [join(PROJECT, `dist/${command}.js`)], {
        env: { PATH: process.env.PATH, NODE_ENV: 'production', DATABASE_URL },
        encoding: 'utf8',
      });
    const refused = run('migrate', server.replace('//owner@', '//plain@').replace('/postgres?', '/of_plain?'));
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(/^permission denied /);
    expect(refused.stderr).toContain('  create role slotwell_runtime nologin;\n  grant slotwell_runtime to <owner>;');
    expect(refused.stderr).not.toContain('Failed query');
    expect(run('migrate', 'postgresql://x@127.0.0.1:1/x').stderr).toContain('ECONNREFUSED');
    for (const command of ['migrate', 'backup', 'restore'])
      expect(run(command, 'foo secret')).toMatchObject({
        status: 1,
        stderr: 'DATABASE_URL: needs postgresql://user:password@host/database\n',
      });
  });
});
