import { databaseUrl } from '../../app/data/pg-wire.node';

/** Runs one command: its last line is the answer, an error is one sentence, and the exit code says which it was. */
export async function command(run: (given: string | undefined) => Promise<string>): Promise<void> {
  try {
    console.log(await run(process.argv[2]));
  } catch (error) {
    console.error(sentenceOf(error));
    process.exitCode = 1;
  }
}

/** Errors of the language and of Node's own (`ERR_…`) are mistakes of ours, and may quote what they were given. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return `It ended by an error that was not foreseen: ${typeof error}.`;
  const { code } = error as { code?: unknown };
  const isOurs = /^(Type|Range|Reference|Syntax|URI|Eval)Error$/.test(error.name) || /^ERR_/.test(String(code));
  if (!isOurs) return error.message;
  return `It ended by an error that was not foreseen: ${error.name}${typeof code === 'string' ? `, ${code}` : ''}.`;
}

/** Where the data of this machine are. */
export const dataDir = () => process.env.DATA_DIR?.trim() || './data';

/** DATABASE_URL, checked as the server does. Throws an Error that does not say what stands there. */
export function givenDatabaseUrl(): string | undefined {
  const given = process.env.DATABASE_URL?.trim();
  if (!given) return undefined;
  const parsed = databaseUrl.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new Error(`DATABASE_URL: ${parsed.error.issues.map(({ message }) => message).join(', ')}`);
}

/** Stops a command that is about this machine's own database when another one is in use. */
export function needOwnDatabase(advice: string): void {
  if (givenDatabaseUrl() !== undefined)
    throw new Error(`DATABASE_URL is set, so the data are on that server: ${advice}`);
}
