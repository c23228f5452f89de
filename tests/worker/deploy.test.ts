import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { constants, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { deploy } from '../../scripts/deployment/deploy';
import { query } from '../support/database-processes';
import { startCloudflareService } from '../support/cloudflare-service';
import { freshDatabase, once } from '../support/database';
import { edgeSurroundings } from '../support/edge-surroundings';
import { PROJECT } from '../support/server-process';

const SECRETS = {
  SESSION_SECRET: 'a-secret-of-more-than-32-characters-1',
  RESEND_API_KEY: 're_a_key_of_resend',
  QSTASH_TOKEN: 'a-token-of-qstash-for-all',
  QSTASH_CURRENT_SIGNING_KEY: 'sig_current_of_all',
  QSTASH_NEXT_SIGNING_KEY: 'sig_next_of_all',
  DATABASE_URL: 'postgresql://owner:a-password-of-neon@ep-quiet-river-pooler.eu-central-1.aws.neon.tech/slotwell',
};

/** Runs a built command in a folder with these variables for staging. */
function run(
  program: string,
  parameters: string[],
  variables: Record<string, string> | null,
  environment: Record<string, string> = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'slotwell-commands-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  if (variables !== null) {
    const file = join(folder, '.env.staging');
    writeFileSync(
      file,
      Object.entries(variables)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
    chmodSync(file, 0o600);
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(PROJECT, 'dist', program), ...parameters], {
    cwd: folder,
    encoding: 'utf8',
    env: { NODE_ENV: 'production', PATH: process.env.PATH, HOME: folder, CI: '1', TMPDIR: folder, ...environment },
  });
  return { status, told: stdout + stderr, left: readdirSync(folder).filter((name) => name.startsWith('slotwell-')) };
}

/** As `run`, beside which servers of this process go on answering. */
async function runBeside(program: string, parameters: string[], content: string) {
  const folder = mkdtempSync(join(tmpdir(), 'slotwell-commands-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, '.env.staging'), content, { mode: 0o600 });
  const child = spawn(process.execPath, [join(PROJECT, 'dist', program), ...parameters, '--env', 'staging'], {
    cwd: folder,
    env: { NODE_ENV: 'production', PATH: process.env.PATH, HOME: folder },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let told = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (told += String(text)));
  const status = await new Promise((resolve) => child.once('close', resolve));
  return { status, told };
}

/** A server that takes connections and never says a word; gives its port. */
async function startSilentService(): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

const EDGE = { ...SECRETS, SITE_URL: 'https://book.slotwell.invalid', EMAIL_FROM: 'bookings@slotwell.example' };
const linesOf = (variables: Record<string, string>) =>
  Object.entries(variables)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

/** Deploys to staging before stand-ins of everybody, Cloudflare included; wrangler is the real one. */
async function deployment(url: string) {
  const [cloudflare, surroundings] = await Promise.all([startCloudflareService(), edgeSurroundings(url)]);
  onTestFinished(() => cloudflare.close());
  let told = '';
  const parameters: string[] = [];
  const run = (changes: Record<string, string> = {}) =>
    deploy(
      {
        name: 'staging',
        say: (line) => (told += `${line}\n`),
        wrangler: (given) => {
          parameters.push(...given);
          const child = spawn(
            process.execPath,
            [join(PROJECT, 'node_modules/cloudflare-wrangler/bin/wrangler.js'), ...given],
            {
              cwd: PROJECT,
              env: {
                ...process.env,
                CLOUDFLARE_API_BASE_URL: cloudflare.url,
                CLOUDFLARE_API_TOKEN: 'a-token-of-cloudflare',
                CLOUDFLARE_ACCOUNT_ID: 'an-account',
                CI: '1',
                WRANGLER_SEND_METRICS: 'false',
              },
            },
          );
          for (const stream of [child.stdout, child.stderr])
            stream.on('data', (text: Buffer) => (told += String(text)));
          return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
        },
      },
      { variables: { ...surroundings.variables, ...changes }, findings: [] },
      surroundings.network,
      { times: 3, pauseMs: 1 },
    );
  return { ...surroundings, cloudflare, run, told: () => told, parameters };
}

/** A database that nothing was ever migrated in. */
async function emptyDatabase(): Promise<string> {
  const server = inject('postgresUrl');
  const name = `d_${crypto.randomUUID().replaceAll('-', '')}`;
  await once(server, `create database ${name}`);
  onTestFinished(() => once(server, `drop database ${name} with (force)`));
  return server.replace('/postgres?', `/${name}?`);
}

test('a deployment migrates, then uploads code and secrets as one version, and asks whether it is ready', async () => {
  const url = await emptyDatabase();
  const { cloudflare, parameters, run, told, variables } = await deployment(url);
  expect(await run({ SMTP_HOST: 'smtp.not-for-the-edge.example' }), told()).toBe(0);
  expect(await query(url, 'select count(*)::int as mentors from mentors')).toEqual([{ mentors: 0 }]);
  const [upload] = cloudflare.uploads;
  expect(upload?.worker).toBe('slotwell-staging');
  const brought = Object.fromEntries(upload?.metadata.bindings.map(({ name, text }) => [name, text]) ?? []);
  expect(brought).toEqual(variables);
  expect(new Set(upload?.metadata.bindings.map(({ type }) => type))).toEqual(new Set(['secret_text']));
  // Its lines would hold whole addresses.
  expect(upload?.metadata.observability.logs.invocation_logs).toBe(false);
  expect(cloudflare.calls).toContain('PUT /workers/scripts/slotwell-staging/schedules');
  expect(told()).toContain('https://book.slotwell.example is ready');
  const shown = told() + parameters.join(' ');
  for (const [name, value] of Object.entries(variables))
    if (!['SITE_URL', 'EMAIL_FROM', 'UPSTASH_REDIS_REST_URL'].includes(name)) expect(shown, name).not.toContain(value);
});

test.each([
  ['refuses the upload', 'refusesUploads', 0],
  ['refuses what comes after the upload', 'refusesSchedules', 1],
] as const)(
  'when Cloudflare %s, nothing is claimed of the upload: how to look and what to do is said; the database is migrated',
  async (_, refuses, uploads) => {
    const url = await emptyDatabase();
    const { cloudflare, run, told } = await deployment(url);
    cloudflare[refuses] = true;
    expect(await run()).not.toBe(0);
    expect(cloudflare.uploads).toHaveLength(uploads);
    expect(told()).not.toContain('Nothing was deployed');
    expect(told()).toContain('may have been uploaded');
    expect(told()).toContain('https://book.slotwell.example/health');
    expect(told()).toContain('npx wrangler deployments list --env staging');
    expect(told()).toContain('npm run deploy -- --env staging');
    expect(told()).toContain('The database is migrated');
    expect(await query(url, 'select count(*)::int as mentors from mentors')).toEqual([{ mentors: 0 }]);
  },
);

test.each([
  ['a parked page', () => new Response('<h1>S3CRET page</h1>'), 'it is answered 200, and not by Slotwell'],
  [
    'another program',
    () => Response.json({ status: 'ready', by: 'S3CRET' }),
    'it is answered 200, and not by Slotwell',
  ],
  [
    'a version that is not migrated',
    () => Response.json({ status: 'not ready', version: '0.1.0', database: 'ok', migrations: 'pending' }),
    'not ready, database ok, migrations pending',
  ],
])('not every 200 is taken for ready: %s', async (_, readiness, sentence) => {
  const { run, told, site } = await deployment(await emptyDatabase());
  site.readiness = readiness;
  expect(await run()).toBe(1);
  expect(told()).not.toContain('slotwell.example is ready');
  expect(told()).toContain(sentence);
  expect(told()).not.toContain('S3CRET');
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'the file of secrets is gone when a deployment is ended by %s, and so is wrangler',
  async (signal) => {
    const folder = mkdtempSync(join(tmpdir(), 'slotwell-commands-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    // A wrangler that writes its process id beside the secrets and uploads for ever.
    const program = join(folder, 'node_modules/cloudflare-wrangler/bin/wrangler.js');
    mkdirSync(dirname(program), { recursive: true });
    writeFileSync(program, `console.log('uploading', process.pid); setInterval(() => {}, 1000);`);
    const deployed = await build({
      stdin: {
        contents: `
          import { findWrangler, withSecrets } from './scripts/deployment/wrangler';
          const wrangler = findWrangler(${JSON.stringify(folder)});
          await withSecrets({ SESSION_SECRET: 'S3CRET' }, (file) => wrangler(['deploy', file]), {
            onInterrupted: (told) => console.log('interrupted', told),
          });`,
        resolveDir: PROJECT,
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      write: false,
    });
    const child = spawn(process.execPath, ['--input-type=module', '-e', deployed.outputFiles[0]?.text ?? ''], {
      env: { NODE_ENV: 'production', PATH: process.env.PATH, TMPDIR: folder },
    });
    let told = '';
    const uploading = new Promise<number>((resolve, reject) => {
      child.stdout.on('data', (text: Buffer) => {
        told += String(text);
        const pid = /uploading (\d+)/.exec(told)?.[1];
        if (pid !== undefined) resolve(Number(pid));
      });
      child.once('close', () => reject(new Error(told)));
    });
    const wrangler = await uploading;
    onTestFinished(() => {
      try {
        process.kill(wrangler, 'SIGKILL');
      } catch {
        // As it should be, it is gone.
      }
    });
    const secrets = () => readdirSync(folder).filter((name) => name.startsWith('slotwell-deploy-'));
    expect(secrets()).toHaveLength(1);
    child.kill(signal);
    // Closed: nobody has its output open any more, wrangler included.
    const status = await new Promise((resolve) => child.once('close', resolve));
    expect(secrets()).toEqual([]);
    expect(status).toBe(128 + constants.signals[signal]);
    expect(told).toContain(`interrupted ${signal}`);
  },
);

test('what the examination finds wrong keeps the database and Cloudflare as they are', async () => {
  const url = await emptyDatabase();
  const { cloudflare, run, told } = await deployment(url);
  expect(await run({ QSTASH_TOKEN: 'somebody-elses-token' })).toBe(1);
  expect(told()).toContain('Nothing was migrated and nothing was deployed.');
  expect(cloudflare.calls).toEqual([]);
  expect(await query(url, `select to_regclass('mentors') as mentors`)).toEqual([{ mentors: null }]);
});

test('a rehearsal of the deployment names what it would bring, bundles the Worker and shows no secret', () => {
  const site = { SITE_URL: 'https://book.slotwell.example', EMAIL_FROM: 'bookings@slotwell.example' };
  const cloudflare = { CLOUDFLARE_API_TOKEN: 'a-token-of-cloudflare' };
  const { status, told, left } = run('deploy.js', ['--env', 'staging', '--dry-run'], {
    ...SECRETS,
    ...site,
    ...cloudflare,
  });
  expect(status, told).toBe(0);
  expect(told).toMatch(/bring 8 variables: SITE_URL, SESSION_SECRET, DATABASE_URL/);
  expect(told).toMatch(/Total Upload: .* gzip: /);
  for (const secret of Object.values({ ...SECRETS, ...cloudflare })) expect(told).not.toContain(secret);
  expect(told).not.toContain('a-password-of-neon');
  expect(left).toEqual([]);
});

test('a deployment with something wrong in its environment ends before anything is changed', () => {
  const { status, told } = run('deploy.js', ['--env', 'staging'], { ...SECRETS, SITE_URL: 'nowhere' });
  expect(status).toBe(1);
  expect(told).toContain('SITE_URL');
  expect(told).toContain('EMAIL_FROM');
  expect(told).toContain('Nothing was migrated and nothing was deployed.');
  for (const secret of Object.values(SECRETS)) expect(told).not.toContain(secret);
});

test.each([
  [[], 'npm run deploy -- --env staging | production'],
  [['--env', 'live'], '--env takes staging or production'],
  [['--env', 'production'], '.env.production is not there'],
  [['--forced'], '--forced'],
])('called by %j it says how', (parameters, sentence) => {
  const { status, told } = run('deploy.js', parameters, {});
  expect(status).toBe(2);
  expect(told).toContain(sentence);
  expect(told).not.toContain('    at ');
});

test('migrating by hand over a pooled host is refused: its lock would be nobody’s', () => {
  const { status, told } = run('migrate.js', [], null, { DATABASE_URL: SECRETS.DATABASE_URL });
  expect(status).toBe(1);
  expect(told).toBe('DATABASE_URL names a pooled host: migrate over the direct one, without “-pooler”.\n');
});

test('a mentor is added by one command, once, and can be booked', async () => {
  const { url } = await freshDatabase();
  const wish = ['--email', 'Ada@Example.org', '--name', 'Ada Quill', '--zone', 'Asia/Kathmandu', '--env', 'staging'];
  const added = run('add-mentor.js', wish, { DATABASE_URL: url });
  expect(added.status, added.told).toBe(0);
  expect(added.told).toContain('/m/ada-quill');
  expect(
    await query(
      url,
      `select m.slug, a.email, count(h.id)::int as hours from mentors m
      join accounts a on a.id = m.account_id join session_types t on t.mentor_id = m.id
      join mentor_availability h on h.mentor_id = m.id group by 1, 2`,
    ),
  ).toEqual([{ slug: 'ada-quill', email: 'ada@example.org', hours: 5 }]);
  expect(run('add-mentor.js', wish, { DATABASE_URL: url })).toMatchObject({
    status: 1,
    told: 'There is somebody with this email already.\n',
  });
  const other = [...wish.slice(2), '--email', 'b@example.org'];
  expect(run('add-mentor.js', other, { DATABASE_URL: url }).told).toBe('There is somebody with this slug already.\n');
  const bad = run('add-mentor.js', ['--email', 'x', '--zone', 'Mars/Olympus'], { DATABASE_URL: url });
  expect(bad.status).toBe(2);
  for (const named of ['--email', '--name', '--zone', '--slug']) expect(bad.told).toContain(named);
});

const ADA = ['--email', 'ada@example.org', '--name', 'Ada Quill', '--zone', 'Europe/Berlin'];

describe.each([
  ['doctor.js', []],
  ['deploy.js', []],
  ['add-mentor.js', ADA],
] as const)('%s', (program, parameters) => {
  test.each([
    ['a # in the password', 'postgresql://user:S3CRET#R3ST@ep-x-1-pooler.eu-central-1.aws.neon.tech/db'],
    ['a / in the password', 'postgresql://user:S3CRET/R3ST@ep-x-1-pooler.eu-central-1.aws.neon.tech/db'],
    ['a port that is no number', 'postgresql://user:S3CRET@ep-x-1-pooler.eu-central-1.aws.neon.tech:R3ST/db'],
    ['a blank in the host', 'postgresql://user:S3CRET@ep-x-1 R3ST.eu-central-1.aws.neon.tech/db'],
  ])('does not print the password of an address that cannot be read: %s', async (_, url) => {
    const DATABASE_URL = `"${url}"`;
    const { status, told } = await runBeside(program, [...parameters], linesOf({ ...EDGE, DATABASE_URL }));
    expect(told).not.toMatch(/S3CRET|R3ST| {4}at |input:/);
    expect(told).toContain('DATABASE_URL: needs postgresql://user:password@host/database');
    expect(told).toContain('percent-encoded');
    expect(status).toBe(program === 'add-mentor.js' ? 2 : 1);
  });
});

test('a certificate that is not there is found, and no error is thrown', async () => {
  const DATABASE_URL = 'postgresql://user:S3CRET@db.slotwell.invalid/db?sslrootcert=/nonexist/S3CRET';
  const content = linesOf({ ...EDGE, DATABASE_URL });
  const { status, told } = await runBeside('doctor.js', [], content);
  expect(told).toMatch(/wrong +database +cannot be reached: ENOENT: a file that it names \(sslrootcert/);
  expect(told).not.toMatch(/S3CRET| {4}at /);
  expect(status).toBe(1);
  const added = await runBeside('add-mentor.js', ADA, content);
  expect(added.told).toBe('It ended by an error that was not foreseen: Error, ENOENT.\n');
  expect(added.status).toBe(1);
});

test('the doctor ends with its verdict while services hang, and says who was silent', async () => {
  const port = await startSilentService();
  const content = linesOf({
    ...EDGE,
    DATABASE_URL: `postgresql://user:S3CRET@127.0.0.1:${port}/db`,
    UPSTASH_REDIS_REST_URL: `http://127.0.0.1:${port}`,
    UPSTASH_REDIS_REST_TOKEN: 'a-token-of-redis',
    QSTASH_URL: `http://127.0.0.1:${port}`,
  });
  const began = performance.now();
  const { status, told } = await runBeside('doctor.js', [], content);
  expect(performance.now() - began).toBeLessThan(10_000);
  for (const part of ['database', 'Upstash', 'QStash'])
    expect(told).toMatch(new RegExp(`wrong +${part} +cannot be reached: it did not answer within 5 s`));
  expect(told).toMatch(/\d things are wrong\.\n$/);
  expect(status).toBe(1);
}, 30_000);
