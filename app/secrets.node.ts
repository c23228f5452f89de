import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { giveToFoldersOwner, makeDataDir, writeDurably } from './data/embedded/place.node';

/** 256 random bits each, as hex. */
const MADE_HERE = ['SESSION_SECRET'] as const;

const secrets = z.looseObject({ SESSION_SECRET: z.string().min(32).optional() });

type Secrets = z.infer<typeof secrets>;
type Made = Partial<Record<(typeof MADE_HERE)[number], string>>;

/**
 * The secrets of one machine: what the environment gives counts; what it leaves out is made once and kept in
 * `secrets.json` of DATA_DIR, mode 600. Throws when that file cannot be read: making new secrets would end every
 * sign-in and make what is sealed unreadable.
 */
export function keepSecrets(dataDir: string, given: Readonly<Record<string, string | undefined>>): Made {
  const file = join(makeDataDir(dataDir), 'secrets.json');
  const kept: Secrets = existsSync(file) ? read(file) : {};
  if (existsSync(file)) giveToFoldersOwner(file);
  const missing = MADE_HERE.filter((name) => !given[name] && kept[name] === undefined);
  const all = { ...kept, ...Object.fromEntries(missing.map((name) => [name, randomBytes(32).toString('hex')])) };
  if (missing.length > 0) writeDurably(file, `${JSON.stringify(all, undefined, 2)}\n`, 0o600);
  return Object.fromEntries(MADE_HERE.filter((name) => !given[name]).map((name) => [name, all[name]]));
}

function read(file: string): Secrets {
  try {
    return secrets.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const isClosed = (error as NodeJS.ErrnoException).code === 'EACCES';
    throw new Error(
      isClosed
        ? `${file} belongs to another user: give it to the one who runs the server.`
        : `${file} cannot be read: put it back from a backup. Only when there is none, move it away: ` +
            'everybody is then signed out, and the private links in mail that has not left yet are lost.',
      { cause: error },
    );
  }
}
