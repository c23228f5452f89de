import { existsSync, readFileSync, statSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { about, type Finding } from './finding';
import type { Variables } from './variables';

export const ENVIRONMENTS = ['staging', 'production'] as const;
export type EnvironmentName = (typeof ENVIRONMENTS)[number];

/** Where the variables of a deployment are: beside wrangler.toml, kept out of git. */
export const fileOf = (name: EnvironmentName) => `.env.${name}`;

/** Reads them; `CLOUDFLARE_…` are wrangler's own and no business of the Worker. Null when the file is not there. */
export function readEnvironmentFile(file: string): { variables: Variables; findings: Finding[] } | null {
  if (!existsSync(file)) return null;
  const given = Object.entries(parseEnv(readFileSync(file, 'utf8')));
  const isOpen = process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0;
  return {
    variables: Object.fromEntries(given.filter(([name]) => !name.startsWith('CLOUDFLARE_'))),
    findings: isOpen ? [about('variables').warn(`others on this machine can read ${file}: chmod 600 ${file}`)] : [],
  };
}
