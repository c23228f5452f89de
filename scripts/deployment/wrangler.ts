import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { EDGE_VARIABLES, type Variables } from '../doctor/variables';

/** Runs wrangler of this project with these parameters; gives its exit code. */
export type Wrangler = (parameters: readonly string[]) => Promise<number>;

/** Null where it is not installed. Its output goes where this process's goes. */
export function findWrangler(root: string): Wrangler | null {
  const program = join(root, 'node_modules/cloudflare-wrangler/bin/wrangler.js');
  if (!existsSync(program)) return null;
  return (parameters) =>
    new Promise((resolve, reject) => {
      const environment = { ...process.env, WRANGLER_SEND_METRICS: 'false' };
      const child = spawn(process.execPath, [program, ...parameters], {
        cwd: root,
        stdio: 'inherit',
        env: environment,
      });
      // It does not go on uploading when nobody waits for it any more.
      const end = () => void child.kill();
      process.once('exit', end);
      child.once('error', reject).once('close', (code) => {
        process.off('exit', end);
        resolve(code ?? 1);
      });
    });
}

/** What of the variables is brought to Cloudflare: all that the Worker reads, and nothing else. */
export function secretsOf(variables: Variables): Record<string, string> {
  const known = [...EDGE_VARIABLES.needed, ...EDGE_VARIABLES.optional];
  return Object.fromEntries(
    known.flatMap((name) => {
      const value = variables[name]?.trim();
      return value ? [[name, value]] : [];
    }),
  );
}

/** By which a terminal, a supervisor or a lost connection ends a command. */
const ENDINGS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Hands the secrets over in a file that only this user can read and that is gone afterwards, also when the process is
 * ended (but by SIGKILL): all can see arguments. `onInterrupted` hears the signal that ends the process.
 */
export async function withSecrets(
  variables: Variables,
  work: (file: string) => Promise<number>,
  { onInterrupted }: { onInterrupted: (signal: NodeJS.Signals) => void },
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'slotwell-deploy-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const end = (signal: NodeJS.Signals) => {
    remove();
    onInterrupted(signal);
    process.exit(128 + constants.signals[signal]);
  };
  process.once('exit', remove);
  for (const signal of ENDINGS) process.on(signal, end);
  try {
    const file = join(folder, 'secrets.json');
    writeFileSync(file, JSON.stringify(secretsOf(variables)), { mode: 0o600 });
    return await work(file);
  } finally {
    for (const signal of ENDINGS) process.off(signal, end);
    process.off('exit', remove);
    remove();
  }
}
