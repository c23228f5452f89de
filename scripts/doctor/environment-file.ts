import { existsSync, readFileSync, statSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { about, type Finding } from './finding';
import { isVariableName, type Variables } from './variables';

export const ENVIRONMENTS = ['staging', 'production'] as const;
export type EnvironmentName = (typeof ENVIRONMENTS)[number];

/** Where the variables of a deployment are: beside wrangler.toml, kept out of git. */
export const fileOf = (name: EnvironmentName) => `.env.${name}`;

/** Reads them; `CLOUDFLARE_…` are wrangler's own and no business of the Worker. Null when the file is not there. */
export function readEnvironmentFile(file: string): { variables: Variables; findings: Finding[] } | null {
  if (!existsSync(file)) return null;
  // Editors of Windows begin a file with this mark, which Node takes for a part of the first name.
  const content = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  const given = Object.entries(parseEnv(content)).filter(([name]) => isVariableName(name));
  const { warn } = about('variables');
  const isOpen = process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0;
  return {
    variables: Object.fromEntries(given.filter(([name]) => !name.startsWith('CLOUDFLARE_'))),
    findings: [
      ...(isOpen ? [warn(`others on this machine can read ${file}: chmod 600 ${file}`)] : []),
      ...oddLines(content).map(warn),
    ],
  };
}

/** What Node's parser passes over or cuts without a word, told by line; never with what stands there. */
function oddLines(content: string): string[] {
  const lines = content.split(/\r?\n/);
  const odd: string[] = [];
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i] ?? '';
    if (/^\s*(#|$)/.test(line)) continue;
    const [, name, value = ''] = /^\s*(?:export\s+)?([^=]*?)\s*=(.*)$/.exec(line) ?? [];
    if (name === undefined || !isVariableName(name)) {
      odd.push(`line ${i + 1} is no variable: it is passed over`);
      continue;
    }
    const quote = /^\s*(["'`])/.exec(value)?.[1];
    if (quote === undefined) {
      if (/(^|\S)#/.test(value)) odd.push(`line ${i + 1}: ${name} is cut at its #: put the value in quotes`);
      continue;
    }
    // A value in quotes goes on to the line that closes them; unclosed, it ends with its own.
    const closes = (text: string) => text.includes(quote);
    if (closes(value.trimStart().slice(1))) continue;
    const end = lines.findIndex((other, at) => at > i && closes(other));
    if (end > i) i = end;
  }
  return odd;
}
