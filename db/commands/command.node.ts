/** Runs one command: its last line is the answer, an error is one sentence, and the exit code says which it was. */
export async function command(run: (given: string | undefined) => Promise<string>): Promise<void> {
  try {
    console.log(await run(process.argv[2]));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}

/** Where the data of this machine are. */
export const dataDir = () => process.env.DATA_DIR || './data';

/** Stops a command that is about this machine's own database when another one is in use. */
export function needOwnDatabase(advice: string): void {
  if (process.env.DATABASE_URL) throw new Error(`DATABASE_URL is set, so the data are on that server: ${advice}`);
}
