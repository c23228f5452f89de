import { z } from 'zod';
import { migrateDatabase, MigrationError } from '../../db/migrate.node';
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
export interface Questions {
  readonly times: number;
  readonly pauseMs: number;
}

const QUESTIONS: Questions = { times: 10, pauseMs: 3_000 };

/**
 * Examines the environment, migrates its database, and brings code and secrets to Cloudflare as one version; each step
 * only when the one before went well. Migrations come first because they only ever add (docs/deploy-cloudflare.md): the
 * version that still runs works on with what they made. Gives the exit code.
 */
export async function deploy(
  { name, wrangler, say }: Deployment,
  { variables, findings }: { readonly variables: Variables; readonly findings: readonly Finding[] },
  network: Network = WORLD,
  questions: Questions = QUESTIONS,
): Promise<number> {
  say('— Examining the environment');
  const examined = await examine(variables, { home: 'edge', beforeDeployment: true, network });
  if (!isInOrder([...findings, ...examined], say)) return refuse(say);

  say('\n— Migrating the database');
  try {
    await migrateDatabase(network.postgresUrl(directUrl(variables.DATABASE_URL?.trim() ?? '')), undefined, { say });
  } catch (error) {
    const reason = error instanceof MigrationError ? error.message : `${reasonOf(error)}.`;
    say(`The database could not be migrated: ${reason}\nIt is as it was, and nothing was deployed.`);
    return 1;
  }

  say('\n— Deploying code and secrets');
  const siteUrl = new URL(variables.SITE_URL?.trim() ?? '').origin;
  const status = await withSecrets(variables, (file) => wrangler(['deploy', '--env', name, '--secrets-file', file]), {
    onInterrupted: (signal) => say(`\nEnded by ${signal}. ${whatIsKnown(name, siteUrl)}`),
  });
  if (status !== 0) {
    say(`\nwrangler ended with ${status}; what it said stands above. ${whatIsKnown(name, siteUrl)}`);
    return status;
  }
  return confirm(siteUrl, { say, network, questions });
}

/** wrangler uploads first and sets up cron and addresses afterwards; its exit code does not tell how far it came. */
const whatIsKnown = (name: EnvironmentName, siteUrl: string) => `The new version may have been uploaded.
  The database is migrated, which the version before bears too.
  To see what runs: npx wrangler deployments list --env ${name}, and ${siteUrl}/health
  Then, with the cause mended: npm run deploy -- --env ${name} (it may be repeated)
  or, if it was uploaded and should not run: npx wrangler rollback --env ${name}`;

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

/** What `/health/ready` tells of itself. */
const readiness = z.object({
  status: z.enum(['ready', 'not ready']),
  version: z.string(),
  database: z.string(),
  migrations: z.string().optional(),
});

/** A page of somebody else’s at the address (a parked domain, a login) is answered 200 too. */
async function confirm(
  siteUrl: string,
  { say, network, questions }: { say: Deployment['say']; network: Network; questions: Questions },
): Promise<number> {
  say('\n— Asking whether it is ready');
  let told = '';
  for (let question = 0; question < questions.times; question += 1) {
    if (question > 0) await new Promise((resolve) => setTimeout(resolve, questions.pauseMs));
    try {
      const answer = await network.fetch(`${siteUrl}/health/ready`, { signal: AbortSignal.timeout(10_000) });
      const read = readiness.safeParse(await answer.json().catch(() => undefined));
      if (!read.success) {
        told = `it is answered ${answer.status}, and not by Slotwell`;
        continue;
      }
      const { status, version, database, migrations = 'unknown' } = read.data;
      told = `version ${version} is ${status}, database ${database}, migrations ${migrations}`;
      if (answer.ok && status === 'ready' && ['current', 'newer'].includes(migrations)) {
        say(`${siteUrl} is ready: ${told}`);
        return 0;
      }
    } catch (error) {
      told = reasonOf(error);
    }
  }
  say(`It was uploaded, but of ${siteUrl}/health/ready is known: ${told}`);
  return 1;
}
