import { parseArgs, type ParseArgsConfig } from 'node:util';
import { ENVIRONMENTS, fileOf, readEnvironmentFile, type EnvironmentName } from '../doctor/environment-file';
import { reasonOf, type Finding } from '../doctor/finding';
import type { Home, Variables } from '../doctor/variables';

/** A sentence for whoever called the command: what is wrong with the call. */
export class CallError extends Error {
  override readonly name = 'CallError';
}

/** `--env`, checked; undefined when it was not given. */
export function environmentName(given: string | undefined): EnvironmentName | undefined {
  if (given === undefined) return undefined;
  const name = ENVIRONMENTS.find((one) => one === given);
  if (name === undefined) throw new CallError(`--env takes ${ENVIRONMENTS.join(' or ')}.`);
  return name;
}

/** The options that a command was called with; throws a CallError for others. */
export function readOptions<const Options extends NonNullable<ParseArgsConfig['options']>>(options: Options) {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    throw new CallError(error instanceof Error ? error.message : String(error));
  }
}

/** The variables that a command is about: those of `.env.<name>`, or of this shell for one machine. */
export function variablesFor(name: EnvironmentName | undefined): {
  readonly home: Home;
  readonly variables: Variables;
  readonly findings: readonly Finding[];
} {
  if (name === undefined) return { home: 'machine', variables: process.env, findings: [] };
  const read = readEnvironmentFile(fileOf(name));
  if (read === null)
    throw new CallError(`${fileOf(name)} is not there: copy .dev.vars.example to it, fill it in, chmod 600 it.`);
  return { home: 'edge', ...read };
}

/**
 * Runs a command and ends the process, whatever is still open: what it gives is the exit code; a CallError is one sentence
 * and exit code 2. Of an error that nobody foresaw only name and code are told: its message may quote a variable.
 */
export async function command(run: () => Promise<number>): Promise<void> {
  process.on('uncaughtException', (error) => {
    console.error(unforeseen(error));
    process.exit(1);
  });
  const status = await run().catch((error: unknown) => {
    const isCall = error instanceof CallError;
    console.error(isCall ? error.message : unforeseen(error));
    return isCall ? 2 : 1;
  });
  await Promise.all([process.stdout, process.stderr].map(flushed));
  process.exit(status);
}

function unforeseen(error: unknown): string {
  const name = error instanceof Error ? error.name : typeof error;
  const reason = reasonOf(error);
  return `It ended by an error that was not foreseen: ${name === reason ? name : `${name}, ${reason}`}.`;
}

/** A pipe may not have taken everything yet; one that is closed takes nothing more. */
const flushed = (stream: NodeJS.WriteStream) => new Promise<void>((resolve) => stream.write('', () => resolve()));
