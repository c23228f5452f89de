import { inject, onTestFinished, test, expect } from 'vitest';
import { SMTPServer } from 'smtp-server';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvironmentFile } from '../../scripts/doctor/environment-file';
import { examineVariables } from '../../scripts/doctor/variables';
import { examine } from '../../scripts/doctor/examine';
import { tableOf, type Finding } from '../../scripts/doctor/finding';
import { directUrl } from '../../scripts/doctor/database';
import { freshDatabase, once } from '../support/database';
import { edgeSurroundings, PASSWORD, POOLED } from '../support/edge-surroundings';
import { plainlyOwnedDatabase } from '../support/plain-owner';

/** An edge in order, and what the doctor says of it, or of what is changed in it; never with a secret. */
async function edge(url: string) {
  const surroundings = await edgeSurroundings(url);
  const { network, variables } = surroundings;
  const ask = async (changes: Record<string, string> = {}, beforeDeployment = false) => {
    const asked = { ...variables, ...changes };
    const findings = await examine(asked, { home: 'edge', network, beforeDeployment });
    const told = tableOf(findings);
    for (const [name, value] of Object.entries(asked))
      if (!['SITE_URL', 'EMAIL_FROM', 'UPSTASH_REDIS_REST_URL', 'QSTASH_URL'].includes(name) && value !== '')
        expect(told, name).not.toContain(value);
    expect(told).not.toContain(PASSWORD);
    return findings;
  };
  return { ...surroundings, ask };
}

const told = (findings: readonly Finding[], verdict: Finding['verdict']) =>
  findings.filter((one) => one.verdict === verdict).map((one) => `${one.part}: ${one.told}`);

test('of an environment in order nothing is wrong, and each service has been asked', async () => {
  const { ask, neon, qstash, upstash } = await edge((await plainlyOwnedDatabase()).url);
  const findings = await ask();
  expect(told(findings, 'wrong')).toEqual([]);
  expect(told(findings, 'ok')).toEqual([
    'variables: all that are needed are there and can be read',
    'database: can be reached',
    expect.stringMatching(/^database: Postgres \d\d$/),
    'database: migrated',
    'database: works as slotwell_runtime, held by row level security',
    'database: answers the Worker’s way (HTTPS)',
    'Upstash: answers',
    'QStash: takes the token and signs by the keys that are set',
    'Resend: takes the key',
    'Resend: slotwell.example is verified',
    'site: version 0.1.0 answers',
  ]);
  expect(told(findings, 'warn')).toEqual([
    'Resend: the key may do more than send: one with “sending access” is enough',
  ]);
  expect([neon.uses.batches, upstash.journeys]).toEqual([1, [['PING']]]);
  expect(qstash.isAway).toBe(false);
});

test('variables that are missing or cannot be read are all named, and nobody is asked', async () => {
  const { ask, upstash } = await edge((await freshDatabase()).url);
  const findings = await ask({
    SESSION_SECRET: 'too-short',
    RESEND_API_KEY: '',
    QSTASH_TOKEN: '',
    DATABASE_URL: 'mysql://x',
  });
  const wrong = told(findings, 'wrong').join('\n');
  for (const name of ['SESSION_SECRET', 'RESEND_API_KEY', 'QSTASH_TOKEN', 'DATABASE_URL'])
    expect(wrong).toContain(name);
  expect(upstash.journeys).toEqual([]);
});

test('tokens and keys that are refused are named by their variables', async () => {
  const { ask } = await edge((await freshDatabase()).url);
  const findings = await ask({
    RESEND_API_KEY: 're_somebody_elses',
    QSTASH_TOKEN: 'somebody-elses-token',
    UPSTASH_REDIS_REST_TOKEN: 'somebody-elses-redis',
    DATABASE_URL: `postgresql://owner:another-password@${POOLED}/postgres`,
  });
  expect(told(findings, 'wrong')).toEqual([
    'database: the Worker’s way is answered 400',
    'Upstash: UPSTASH_REDIS_REST_TOKEN is not of this database',
    'QStash: QSTASH_TOKEN is not of this region’s account (QSTASH_URL)',
    'Resend: RESEND_API_KEY is refused',
  ]);
});

test('services that are away are each told as such', async () => {
  const { ask, neon, qstash, resend, site, upstash } = await edge(
    (await freshDatabase()).url.replace('/t_', '/nobody_'),
  );
  for (const service of [neon, qstash, resend, site, upstash]) service.isAway = true;
  const findings = await ask();
  expect(told(findings, 'wrong')).toEqual([
    'database: cannot be reached: 3D000: there is no database of this name',
    'database: the Worker’s way is answered 500',
    'Upstash: answers 503, and not as Redis does',
    'QStash: answers 503, and no signing keys',
    'Resend: answers 503, and no domains',
  ]);
  expect(told(findings, 'warn')).toEqual(['site: nobody answers at https://book.slotwell.example yet: ENOTFOUND']);
});

test('a database that was never migrated is wrong, but not to whoever is about to deploy', async () => {
  const server = inject('postgresUrl');
  await once(server, 'drop database if exists never_migrated', 'create database never_migrated');
  onTestFinished(() => once(server, 'drop database never_migrated with (force)'));
  const { ask } = await edge(server.replace('/postgres?', '/never_migrated?'));
  expect(told(await ask(), 'wrong')).toEqual([
    expect.stringMatching(/^database: (\d+) of \1 migrations are still to be made: npm run deploy/),
  ]);
  const before = await ask({}, true);
  expect(told(before, 'wrong')).toEqual([]);
  expect(told(before, 'ok').join()).toMatch(/migrations are still to be made, as deploying does/);
});

test('a runtime role that is past row level security is found', async () => {
  const { url, owner } = await freshDatabase();
  await owner('alter table bookings disable row level security');
  const { ask } = await edge(url);
  expect(told(await ask(), 'wrong')).toEqual([expect.stringContaining('slotwell_runtime is past row level security')]);
});

test('rolled signing keys are a warning, foreign ones are wrong', async () => {
  const { ask, qstash } = await edge((await freshDatabase()).url);
  const rolled = await ask({ QSTASH_CURRENT_SIGNING_KEY: 'sig_before', QSTASH_NEXT_SIGNING_KEY: qstash.keys.current });
  expect(told(rolled, 'warn').join()).toContain('QStash: its keys were rolled');
  const foreign = await ask({ QSTASH_CURRENT_SIGNING_KEY: 'sig_one', QSTASH_NEXT_SIGNING_KEY: 'sig_two' });
  expect(told(foreign, 'wrong')).toEqual([expect.stringContaining('QStash: the signing keys are not its own')]);
});

test('a key that may only send counts as working; a domain that is not verified does not', async () => {
  const { ask, resend } = await edge((await freshDatabase()).url);
  resend.domains = null;
  const restricted = await ask();
  expect(told(restricted, 'wrong')).toEqual([]);
  expect(told(restricted, 'ok').join()).toContain('Resend: takes the key, which may only send');
  resend.domains = [{ name: 'slotwell.example', status: 'pending' }];
  expect(told(await ask(), 'wrong')).toEqual([
    expect.stringContaining('Resend: slotwell.example (of EMAIL_FROM) is not verified'),
  ]);
});

test('the pooled host is for the Worker, the direct one for migrations; what the Worker does not read is named', async () => {
  const { ask, site } = await edge((await freshDatabase()).url);
  const findings = await ask({
    DATABASE_URL: `postgresql://owner:${PASSWORD}@${POOLED.replace('-pooler', '')}/postgres`,
    SITE_URL: 'http://book.slotwell.example',
    SMTP_HOST: 'smtp.slotwell.example-not-shown',
  });
  expect(told(findings, 'warn').join('\n')).toMatch(/direct host: take the pooled one/);
  expect(told(findings, 'warn').join('\n')).toMatch(/SMTP_HOST is nothing that the Worker reads/);
  expect(told(findings, 'wrong')).toContainEqual(expect.stringContaining('site: SITE_URL is not https://'));
  site.version = '0.0.9';
  expect(told(await ask(), 'warn').join()).toContain('site: version 0.0.9 answers, here is 0.1.0');
  expect(directUrl(`postgresql://u:p@${POOLED}/d?sslmode=require&channel_binding=require`)).toBe(
    `postgresql://u:p@${POOLED.replace('-pooler', '')}/d?sslmode=verify-full`,
  );
  expect(directUrl('postgresql://u:p@db.example.org/d')).toBe('postgresql://u:p@db.example.org/d');
});

test('one machine: its mail server is asked, its own database is named, secrets that it makes are not missed', async () => {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ password }, _, done) => done(password === 'right-password' ? null : new Error('no'), { user: 'x' }),
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const smtp = {
    SITE_URL: 'http://127.0.0.1:1',
    EMAIL_FROM: 'bookings@slotwell.example',
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String((server.server.address() as AddressInfo).port),
    SMTP_USER: 'slotwell',
  };
  const ask = (SMTP_PASS: string) => examine({ ...smtp, SMTP_PASS }, { home: 'machine' });
  const right = await ask('right-password');
  expect(told(right, 'wrong')).toEqual([]);
  expect(told(right, 'ok')).toEqual(
    expect.arrayContaining([expect.stringContaining('database: the own one'), 'SMTP: answers and takes the login']),
  );
  const refused = await ask('wrong-password');
  expect(told(refused, 'wrong')).toEqual(['SMTP: refuses the login']);
  expect(tableOf(refused)).not.toContain('wrong-password');
  expect(told(await examine({ ...smtp, SMTP_PORT: 'x', PORT: 'y' }, { home: 'machine' }), 'wrong')).toHaveLength(2);
});

/** What is found in a file of these lines, and the variables in it. */
function reading(content: string) {
  const folder = mkdtempSync(join(tmpdir(), 'slotwell-doctor-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, '.env.staging');
  writeFileSync(file, content, { mode: 0o600 });
  const read = readEnvironmentFile(file);
  return { variables: read?.variables, told: told(read?.findings ?? [], 'warn'), findings: read?.findings ?? [] };
}

test('a secret that is wrapped onto a line of its own is not printed as the name of a variable', async () => {
  const { variables, told: warned } = reading(
    'QSTASH_TOKEN=eyJVc2VySUQiOiJ\nzZWNyZXQtd29yZA==\n# a remark\n\nsecret-word\nSECRET WORD=x\nexport PORT=80\n',
  );
  expect(variables).toEqual({ QSTASH_TOKEN: 'eyJVc2VySUQiOiJ', PORT: '80' });
  expect(warned).toEqual([2, 5, 6].map((line) => `variables: line ${line} is no variable: it is passed over`));
  const { findings } = examineVariables(
    { ...(await edgeSurroundings((await freshDatabase()).url)).variables, 'zZWNy-d29yZA': 'x' },
    'edge',
  );
  expect(tableOf(findings)).not.toContain('zZWNy');
});

test('lines of a value in quotes are no lines of their own', () => {
  const { variables, told: warned } = reading('SESSION_SECRET="one\ntwo # three\nfour"\nSITE_URL=https://x.example\n');
  expect(variables).toEqual({ SESSION_SECRET: 'one\ntwo # three\nfour', SITE_URL: 'https://x.example' });
  expect(warned).toEqual([]);
});

test('a mark at the beginning of the file, as editors of Windows set it, does not hide the first variable', () => {
  expect(reading('\uFEFFSITE_URL=https://x.example\r\nPORT=80\r\n')).toMatchObject({
    variables: { SITE_URL: 'https://x.example', PORT: '80' },
    told: [],
  });
});

test('a # outside of quotes, at which a value is cut, is told by its line; a remark behind a value is none', () => {
  const { told: warned } = reading(
    'QSTASH_TOKEN=abc#secret-word\nRESEND_API_KEY="abc#def"\nPORT=80 # of the server\nDATABASE_URL=#x\nA_B= # empty\n',
  );
  expect(warned).toEqual(
    [
      [1, 'QSTASH_TOKEN'],
      [4, 'DATABASE_URL'],
    ].map(([line, name]) => `variables: line ${line}: ${name} is cut at its #: put the value in quotes`),
  );
  expect(warned.join()).not.toContain('secret-word');
});
