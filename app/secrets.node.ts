import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDataDir, writeDurably } from './data/embedded/place.node';

/** 256 random bits each, as hex. */
const MADE_HERE = ['SESSION_SECRET'] as const;

type Secrets = Partial<Record<(typeof MADE_HERE)[number], string>>;

/**
 * The secrets of one machine: what the environment gives counts; what it leaves out is made once and kept in
 * `secrets.json` of DATA_DIR, mode 600. Throws when that file cannot be read: making new secrets would end every
 * sign-in and make what is sealed unreadable.
 */
export function keepSecrets(dataDir: string, given: Readonly<Record<string, string | undefined>>): Secrets {
  const file = join(makeDataDir(dataDir), 'secrets.json');
  const kept: Secrets = existsSync(file) ? read(file) : {};
  const missing = MADE_HERE.filter((name) => !given[name] && kept[name] === undefined);
  const secrets = { ...kept, ...Object.fromEntries(missing.map((name) => [name, randomBytes(32).toString('hex')])) };
  if (missing.length > 0) writeDurably(file, `${JSON.stringify(secrets, undefined, 2)}\n`, 0o600);
  return Object.fromEntries(MADE_HERE.filter((name) => !given[name]).map((name) => [name, secrets[name]]));
}

function read(file: string): Secrets {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Secrets;
  } catch (cause) {
    throw new Error(`${file} cannot be read: put it back from a backup, or set its variables in the environment.`, {
      cause,
    });
  }
}
