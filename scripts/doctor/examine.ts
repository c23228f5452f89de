import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findSmtpSettings } from '../../app/services/mail/smtp.node';
import { directUrl, examineDatabase, examineNeon } from './database';
import { about, type Finding } from './finding';
import { examineQstash, examineResend, examineSite, examineSmtp, examineUpstash } from './services';
import { examineVariables, type Home, type Variables } from './variables';

export interface Examination {
  readonly home: Home;
  /** What a deployment is about to do is not missed. */
  readonly beforeDeployment?: boolean;
  readonly network?: Network;
}

/** How the world is reached: tests lead its names to stand-ins. */
export interface Network {
  readonly fetch: typeof fetch;
  readonly postgresUrl: (url: string) => string;
}

export const WORLD: Network = { fetch: globalThis.fetch, postgresUrl: (url: string) => url };

/** What is missing or wrong, service by service; those that are not set are not asked. Asks all of them at once. */
export async function examine(
  variables: Variables,
  { home, beforeDeployment = false, network = WORLD }: Examination,
): Promise<Finding[]> {
  const { findings, config } = examineVariables(variables, home);
  if (config === null) return findings;
  const { fetch } = network;
  const { databaseUrl, resend, upstash, qstash } = config;
  const smtp = home === 'machine' ? findSmtpSettings(variables) : null;
  const asked = await Promise.all([
    ...(databaseUrl === undefined
      ? []
      : [examineDatabase(network.postgresUrl(directUrl(databaseUrl)), { beforeMigration: beforeDeployment })]),
    ...(home === 'edge' && databaseUrl !== undefined ? [examineNeon(databaseUrl, fetch)] : []),
    ...(upstash === null ? [] : [examineUpstash(upstash, fetch)]),
    ...(qstash === null ? [] : [examineQstash(qstash, fetch)]),
    ...(resend === null || smtp !== null ? [] : [examineResend(resend, config.emailFrom, fetch)]),
    ...(smtp === null ? [] : [examineSmtp(smtp)]),
    examineSite(config, { mustBeSecure: home === 'edge', fetch }),
  ]);
  const here =
    home === 'edge'
      ? []
      : examineMachine(variables, {
          hasMail: smtp !== null || resend !== null,
          hasDatabase: databaseUrl === undefined,
        });
  return [...findings, ...here, ...asked.flat()];
}

/** What a machine has of its own: a database that the server alone starts, and the outbox. */
function examineMachine(
  variables: Variables,
  { hasMail, hasDatabase }: { hasMail: boolean; hasDatabase: boolean },
): Finding[] {
  const folder = variables.DATA_DIR?.trim() || './data';
  const isThere = existsSync(join(folder, 'database')) || existsSync(join(folder, 'database.json'));
  const { ok } = about('database');
  return [
    ...(hasDatabase
      ? [ok(isThere ? `the own one, in ${folder}` : `the own one; the first start makes it in ${folder}`)]
      : []),
    ...(hasMail ? [] : [about('mail').warn('no mail service is set: messages go to the outbox, /dev/outbox')]),
  ];
}
