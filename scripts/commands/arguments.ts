import { parseArgs, type ParseArgsConfig } from 'node:util';
import { ENVIRONMENTS, fileOf, readEnvironmentFile, type EnvironmentName } from '../doctor/environment-file';
import type { Finding } from '../doctor/finding';
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

/** Runs a command: what it gives is the exit code; a CallError is one sentence and exit code 2. */
export async function command(run: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await run();
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
}
