import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { query } from '../support/database-processes';
import { freshDatabase } from '../support/database';
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
function run(program: string, parameters: string[], variables: Record<string, string> | null) {
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
    env: { NODE_ENV: 'production', PATH: process.env.PATH, HOME: folder, CI: '1', TMPDIR: folder },
  });
  return { status, told: stdout + stderr, left: readdirSync(folder).filter((name) => name.startsWith('slotwell-')) };
}

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
