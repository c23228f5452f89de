import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrateDatabase } from '../../db/migrate.node';
import { directUrl } from '../doctor/database';
import { ENVIRONMENTS, fileOf, readEnvironmentFile } from '../doctor/environment-file';
import { examine } from '../doctor/examine';
import { reasonOf, tableOf, type Finding } from '../doctor/finding';
import { EDGE_VARIABLES, examineVariables, type Variables } from '../doctor/variables';
import { CallError, command, environmentName, readOptions, variablesFor } from './arguments';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const WRANGLER = join(ROOT, 'node_modules/cloudflare-wrangler/bin/wrangler.js');

/*
 * npm run deploy -- --env staging | production [--dry-run]
 *
 * The build is fresh already (package.json). Then: the environment is examined, the database is migrated, and code and
 * secrets go to Cloudflare as one version. Migrations come first because they only ever add (docs/deploy-cloudflare.md):
 * the version that still runs works on with what they made.
 */
await command(async () => {
  const options = readOptions({ env: { type: 'string' }, 'dry-run': { type: 'boolean' } });
  const name = environmentName(options.env);
  if (name === undefined) throw new CallError(`Say where: npm run deploy -- --env ${ENVIRONMENTS.join(' | ')}`);
  if (!existsSync(WRANGLER)) throw new CallError('wrangler is not installed: npm ci, with development packages.');
  if (options['dry-run']) return rehearse(name);

  const { variables, findings } = variablesFor(name);
  say('Examining the environment');
  const all = [...findings, ...(await examine(variables, { home: 'edge', beforeDeployment: true }))];
  if (!show(all)) return refuse();

  say('Migrating the database');
  try {
    await migrateDatabase(directUrl(variables.DATABASE_URL ?? ''));
  } catch (error) {
    console.error(
      `The database could not be migrated: ${reasonOf(error)}. Nothing was deployed; nothing is half done.`,
    );
    return 1;
  }

  say('Deploying code and secrets');
  const status = withSecrets(variables, (file) => wrangler(['deploy', '--env', name, '--secrets-file', file]));
  if (status !== 0) {
    console.error('Nothing was deployed. The database is migrated, which the version that runs bears.');
    return status;
  }
  return confirm(variables.SITE_URL ?? '');
});

/** All that can be done without an account: nothing outside this machine is asked. */
function rehearse(name: (typeof ENVIRONMENTS)[number]): number {
  const read = readEnvironmentFile(fileOf(name));
  if (read === null) say(`${fileOf(name)} is not there: the environment is not examined`);
  else {
    say('Examining the variables');
    if (!show([...read.findings, ...examineVariables(read.variables, 'edge').findings])) return refuse();
    const brought = Object.keys(secretsOf(read.variables));
    say(`Would migrate the database of DATABASE_URL and bring ${brought.length} variables: ${brought.join(', ')}`);
  }
  say('Bundling');
  return wrangler(['deploy', '--env', name, '--dry-run']);
}

function say(what: string): void {
  console.log(`\n— ${what}`);
}

/** Whether nothing is wrong. */
function show(findings: readonly Finding[]): boolean {
  console.log(tableOf(findings));
  return findings.every(({ verdict }) => verdict !== 'wrong');
}

function refuse(): number {
  console.error('\nNothing was migrated and nothing was deployed.');
  return 1;
}

function secretsOf(variables: Variables): Record<string, string> {
  const known = [...EDGE_VARIABLES.needed, ...EDGE_VARIABLES.optional];
  return Object.fromEntries(
    known.flatMap((name) => {
      const value = variables[name]?.trim();
      return value ? [[name, value]] : [];
    }),
  );
}

/** Hands the secrets over in a file that only this user can read and that is gone afterwards: arguments can be seen by all. */
function withSecrets(variables: Variables, work: (file: string) => number): number {
  const folder = mkdtempSync(join(tmpdir(), 'slotwell-deploy-'));
  try {
    const file = join(folder, 'secrets.json');
    writeFileSync(file, JSON.stringify(secretsOf(variables)), { mode: 0o600 });
    return work(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function wrangler(parameters: readonly string[]): number {
  const { status } = spawnSync(process.execPath, [WRANGLER, ...parameters], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
  });
  return status ?? 1;
}

/** The new version needs some seconds to be everywhere. */
async function confirm(siteUrl: string): Promise<number> {
  say('Asking whether it is ready');
  let told = '';
  for (let attempt = 0; attempt < 10; attempt += 1) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, 3_000));
    try {
      const answer = await fetch(`${siteUrl}/health/ready`, { signal: AbortSignal.timeout(10_000) });
      told = `${answer.status} ${await answer.text()}`;
      if (answer.ok) {
        console.log(`${siteUrl} is ready: ${told}`);
        return 0;
      }
    } catch (error) {
      told = reasonOf(error);
    }
  }
  console.error(`It is deployed, but ${siteUrl}/health/ready says: ${told}`);
  return 1;
}
