import { migrateDatabase } from '../migrate.node';
import { command } from './command.node';

await command(async () => {
  const url = process.env.DATABASE_URL;
  if (!url)
    throw new Error(
      'DATABASE_URL is not set. Without it there is nothing to do: the server migrates its own database at each start.',
    );
  await migrateDatabase(url);
  return 'The database is up to date.';
});
