import { renameSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { EmbeddedDatabaseError } from './place.node';

/**
 * One app per folder, also before Postgres runs: a socket that listens for as long as this process lives. Any death
 * frees it; what is left of it refuses connections and is swept away. Gives what lets go of it.
 * Throws EmbeddedDatabaseError when another process holds it.
 */
export async function holdLock(path: string, dataDir: string): Promise<() => Promise<void>> {
  for (;;) {
    const server = await tryToListen(path);
    if (server !== undefined) {
      server.unref();
      return () => new Promise((resolve) => server.close(() => resolve()));
    }
    if (await answers(path)) throw alreadyRunning(dataDir);
    sweepAway(path);
  }
}

export const alreadyRunning = (dataDir: string) =>
  new EmbeddedDatabaseError(
    `Slotwell is already running on ${dataDir}. Stop the other one first, or give this one its own DATA_DIR and PORT.`,
  );

function tryToListen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((caller) => caller.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(path, () => resolve(server));
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const caller = connect(path);
    caller.once('connect', () => resolve(true));
    caller.once('error', () => resolve(false));
    caller.once('close', () => resolve(false));
    caller.on('connect', () => caller.destroy());
  });
}

/** Renamed first: of two processes that find the same leftover only one takes it away. */
function sweepAway(path: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    rmSync(aside, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
