import { migrateDatabase, MigrationError } from '../migrate.node';
import { command, givenDatabaseUrl } from './command.node';

const HOW_TO_PERMIT = [
  'The role of DATABASE_URL has to own its database. Where it may not make roles, an administrator runs once:',
  '  create role slotwell_runtime nologin;',
  '  grant slotwell_runtime to <owner>;',
];

await command(async () => {
  const url = givenDatabaseUrl();
  if (url === undefined)
    throw new Error(
      'DATABASE_URL is not set. Without it there is nothing to do: the server migrates its own database at each start.',
    );
  // Over a transaction pooler the lock that keeps two migrations apart would be nobody's.
  if (/^[^.]+-pooler\./.test(new URL(url).hostname))
    throw new Error('DATABASE_URL names a pooled host: migrate over the direct one, without “-pooler”.');
  await migrateDatabase(url, undefined, { say: (line) => console.error(line) }).catch((error: unknown) => {
    throw new Error(reasonOf(error), { cause: error });
  });
  return 'The database is up to date.';
});

/** What was wrong in the first place: the errors around it say only what was under way. */
function reasonOf(error: unknown): string {
  if (error instanceof MigrationError) return error.message;
  const cause: unknown =
    error instanceof AggregateError ? error.errors[0] : error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error) return reasonOf(cause);
  if (!(error instanceof Error)) return String(error);
  return (error as { code?: unknown }).code === '42501' ? [error.message, ...HOW_TO_PERMIT].join('\n') : error.message;
}
