import { migrateDatabase } from '../../db/migrate.node';
import { directUrl } from '../doctor/database';
import { fileOf, readEnvironmentFile, type EnvironmentName } from '../doctor/environment-file';
import { examine, WORLD, type Network } from '../doctor/examine';
import { reasonOf, tableOf, type Finding } from '../doctor/finding';
import { examineVariables, type Variables } from '../doctor/variables';
import { secretsOf, withSecrets, type Wrangler } from './wrangler';

export interface Deployment {
  readonly name: EnvironmentName;
  readonly wrangler: Wrangler;
  /** Hears what is done and what was found; no secret is in it. */
  readonly say: (line: string) => void;
}

/** How often the new version is asked whether it is ready, and with what pause: it needs some seconds to be everywhere. */
const QUESTIONS = 10;
const PAUSE_MS = 3_000;

/**
 * Examines the environment, migrates its database, and brings code and secrets to Cloudflare as one version; each step
 * only when the one before went well. Migrations come first because they only ever add (docs/deploy-cloudflare.md): the
 * version that still runs works on with what they made. Gives the exit code.
 */
export async function deploy(
  { name, wrangler, say }: Deployment,
  { variables, findings }: { readonly variables: Variables; readonly findings: readonly Finding[] },
  network: Network = WORLD,
): Promise<number> {
  say('— Examining the environment');
  const examined = await examine(variables, { home: 'edge', beforeDeployment: true, network });
  if (!isInOrder([...findings, ...examined], say)) return refuse(say);

  say('\n— Migrating the database');
  try {
    await migrateDatabase(network.postgresUrl(directUrl(variables.DATABASE_URL?.trim() ?? '')));
  } catch (error) {
    say(`The database could not be migrated: ${reasonOf(error)}. It is as it was, and nothing was deployed.`);
    return 1;
  }

  say('\n— Deploying code and secrets');
  const status = await withSecrets(variables, (file) => wrangler(['deploy', '--env', name, '--secrets-file', file]));
  if (status !== 0) {
    say('Nothing was deployed. The database is migrated, which the version that runs bears.');
    return status;
  }
  return confirm(variables.SITE_URL?.trim() ?? '', { say, network });
}

/** All that can be done without an account: nothing outside this machine is asked. Gives the exit code. */
export async function rehearse({ name, wrangler, say }: Deployment): Promise<number> {
  const read = readEnvironmentFile(fileOf(name));
  if (read === null) say(`— ${fileOf(name)} is not there: the environment is not examined`);
  else {
    say('— Examining the variables');
    if (!isInOrder([...read.findings, ...examineVariables(read.variables, 'edge').findings], say)) return refuse(say);
    const brought = Object.keys(secretsOf(read.variables));
    say(`\n— Would migrate the database of DATABASE_URL and bring ${brought.length} variables: ${brought.join(', ')}`);
  }
  say('\n— Bundling');
  return wrangler(['deploy', '--env', name, '--dry-run']);
}

/** Tells the findings; whether nothing is wrong. */
function isInOrder(findings: readonly Finding[], say: Deployment['say']): boolean {
  say(tableOf(findings));
  return findings.every(({ verdict }) => verdict !== 'wrong');
}

function refuse(say: Deployment['say']): number {
  say('\nNothing was migrated and nothing was deployed.');
  return 1;
}

async function confirm(
  siteUrl: string,
  { say, network }: { say: Deployment['say']; network: Network },
): Promise<number> {
  say('\n— Asking whether it is ready');
  let told = '';
  for (let question = 0; question < QUESTIONS; question += 1) {
    if (question > 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    try {
      const answer = await network.fetch(`${siteUrl}/health/ready`, { signal: AbortSignal.timeout(10_000) });
      told = `${answer.status} ${await answer.text()}`;
      if (answer.ok) {
        say(`${siteUrl} is ready: ${told}`);
        return 0;
      }
    } catch (error) {
      told = reasonOf(error);
    }
  }
  say(`It is deployed, but ${siteUrl}/health/ready says: ${told}`);
  return 1;
}
