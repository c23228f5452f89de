// A process that does nothing but hold an embedded database, to be killed: hold-database <DATA_DIR>
import { startPostgres } from '../../app/data/embedded/server.node';

try {
  const postgres = await startPostgres(process.argv[2] ?? '', { log: (line) => console.error(line) });
  process.on('SIGTERM', () => void postgres.stop().then(() => process.exit(0)));
  console.log(JSON.stringify({ url: postgres.url, folder: postgres.place.folder, note: postgres.place.note ?? '' }));
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
