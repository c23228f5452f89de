import { spawn, type ChildProcess } from 'node:child_process';
import {
  chownSync,
  closeSync,
  existsSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { CHILD_ENVIRONMENT, prepareBinaries, who, type Binaries } from './binaries.node';
import { alreadyRunning, holdLock } from './lock.node';
import { postmasterPid, removeStalePidFiles, servesFolder } from './pid-files.node';
import { EmbeddedDatabaseError, MAJOR, settle, syncFolder, type Place } from './place.node';

export interface EmbeddedPostgres {
  /** Of the database `postgres`, as its owner. The owner passes every policy: units of work change their role. */
  readonly url: string;
  readonly place: Place;
  /** Whether this start made the data. */
  readonly isNew: boolean;
  /** Shuts Postgres down with everything on the disk, and lets go of the folder. */
  stop(): Promise<void>;
  /** Asks Postgres to shut down and does not wait: for a process that is about to be gone. */
  abandon(): void;
}

export interface StartOptions {
  /** False: nothing is synced to disk. For tests, whose data may be lost with the machine's power. */
  readonly durable?: boolean;
  readonly maxConnections?: number;
  /** Hears one line when Postgres had to be started again, and each time that failed. */
  readonly log?: (line: string) => void;
}

/** How long another process may hold the folder, or its shared memory, before that is an error. */
const PATIENCE_MS = 30_000;
const LONGEST_BACK_OFF_MS = 5_000;
/** A fast shutdown takes about 0.1 s; one that writes a large checkpoint to a slow disk, longer. */
const SHUTDOWN_MS = 60_000;
const LARGEST_LOG_BYTES = 5_000_000;

/**
 * Starts the Postgres of a DATA_DIR, or adopts the one that a killed app has left behind, and keeps it running until
 * `stop`. Meanwhile no other process can start on that DATA_DIR. Throws EmbeddedDatabaseError, in words for the operator.
 */
export async function startPostgres(dataDir: string, options: StartOptions = {}): Promise<EmbeddedPostgres> {
  const { log = () => undefined } = options;
  const place = settle(dataDir);
  const unlock = await holdLock(join(place.socketFolder, 'app.sock'), dataDir);
  const stopping = new AbortController();
  let isNew: boolean;
  let binaries: Binaries;
  let watch: Watch;
  try {
    binaries = prepareBinaries(place);
    isNew = !existsSync(place.data);
    if (isNew) await makeData(place, binaries, options);
    watch = await bringUp(place, binaries, options, dataDir, stopping.signal);
  } catch (error) {
    await unlock();
    throw error;
  }

  const keptUp = (async () => {
    for (;;) {
      await watch.lost;
      if (stopping.signal.aborted) return;
      log('The database has stopped; starting it again.');
      for (let wait = 250; ; wait = Math.min(2 * wait, LONGEST_BACK_OFF_MS)) {
        try {
          watch = await bringUp(place, binaries, options, dataDir, stopping.signal);
          log('The database is back.');
          break;
        } catch (error) {
          if (stopping.signal.aborted) return;
          log((error as Error).message);
          await pause(wait, undefined, { signal: stopping.signal }).catch(() => undefined);
        }
      }
    }
  })();

  return {
    url: place.url,
    place,
    isNew,
    async stop() {
      stopping.abort();
      const pid = postmasterPid(place.data);
      await watch.close();
      await keptUp;
      if (pid !== undefined) await shutDown(pid, place.data);
      await unlock();
    },
    abandon() {
      const pid = postmasterPid(place.data);
      if (pid !== undefined) signal(pid, 'SIGINT');
    },
  };
}

/** What answers on the socket: `starting` also while it stops or recovers. */
export async function ask(url: string): Promise<'ready' | 'starting' | 'nobody'> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return 'ready';
  } catch (error) {
    const { code } = error as { code?: string };
    return code === 'ECONNREFUSED' || code === 'ENOENT' ? 'nobody' : 'starting';
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * What a killed first start has left running may go on writing for a moment, and then a folder is not empty when it
 * should be: until that has ended, the whole removal is tried again (`maxRetries` would only repeat its last step).
 */
async function removeUnfinished(folder: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      rmSync(folder, { recursive: true, force: true });
      return;
    } catch (error) {
      if (tries === 40) throw error;
      await pause(250);
    }
  }
}

/** Made elsewhere, then renamed: a kill on the way leaves something to throw away, not something broken. */
async function makeData(place: Place, { initdb }: Binaries, { durable = true }: StartOptions): Promise<void> {
  for (const name of readdirSync(place.folder))
    if (name.startsWith(`pg${MAJOR}.new-`)) await removeUnfinished(join(place.folder, name));
  const fresh = mkdtempSync(join(place.folder, `pg${MAJOR}.new-`));
  if (place.runAs !== undefined) chownSync(fresh, place.runAs.uid, place.runAs.gid);
  const child = spawn(
    initdb,
    ['-D', fresh, '-U', 'owner', '-A', 'trust', '-E', 'UTF8']
      // One order of text on every machine, whatever its locales.
      .concat(['--locale-provider=builtin', '--locale=C.UTF-8', '--lc-messages=C'])
      .concat(durable ? [] : ['--no-sync']),
    { ...who(place), cwd: place.folder, env: CHILD_ENVIRONMENT, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    throw new EmbeddedDatabaseError(`The database could not be made in ${place.folder}: ${complaint.trim()}`);
  }
  renameSync(fresh, place.data);
  syncFolder(place.folder);
}

/** A connection held for as long as the app lives: it hears when Postgres dies, child of ours or adopted. */
interface Watch {
  readonly lost: Promise<void>;
  close(): Promise<void>;
}

async function bringUp(
  place: Place,
  binaries: Binaries,
  options: StartOptions,
  dataDir: string,
  stopping: AbortSignal,
): Promise<Watch> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  let launched: Launched | undefined;
  for (;; await pause(25, undefined, { signal: stopping })) {
    const answer = await ask(place.url);
    if (answer === 'ready') return watchOver(place, dataDir);
    // Recovery after a crash takes as long as it takes.
    if (answer === 'starting' || (launched !== undefined && launched.isRunning())) continue;
    if (launched !== undefined) {
      const reason = launched.complaint();
      const mayPass = /already exists|still in use|Is another postmaster/.test(reason);
      if (!mayPass || patience.aborted) throw new EmbeddedDatabaseError(`The database does not start: ${reason}`);
      await pause(250, undefined, { signal: stopping });
    }
    const holder = removeStalePidFiles(place);
    if (holder === undefined) launched = launch(place, binaries, options);
    else if (patience.aborted)
      throw new EmbeddedDatabaseError(
        `Process ${holder} is a Postgres on ${place.data} that does not answer; end it, then start again.`,
      );
  }
}

interface Launched {
  isRunning(): boolean;
  /** Why it ended, in Postgres' words. */
  complaint(): string;
}

function launch(place: Place, { postgres }: Binaries, options: StartOptions): Launched {
  const { durable = true, maxConnections = 30 } = options;
  const settings = {
    listen_addresses: '',
    port: '5432',
    unix_socket_directories: place.socketFolder,
    max_connections: String(maxConnections),
    jit: 'off',
    max_wal_size: '256MB',
    idle_in_transaction_session_timeout: '60s',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // A log that holds no address, name or token: statements and their values stay out of it.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const log = openLog(place);
  const begin = fstatSync(log).size;
  // Detached: Ctrl-C is for the app, which stops Postgres when its requests are done.
  const child: ChildProcess = spawn(
    postgres,
    ['-D', place.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...who(place), cwd: place.folder, env: CHILD_ENVIRONMENT, detached: true, stdio: ['ignore', log, log] },
  );
  closeSync(log);
  let failure: Error | undefined;
  child.once('error', (error) => (failure = error));
  return {
    isRunning: () => failure === undefined && child.exitCode === null && child.signalCode === null,
    complaint() {
      if (failure !== undefined) return failure.message;
      const lines = readFileSync(place.logFile).subarray(begin).toString().trim().split('\n');
      const fatal = lines.filter((line) => /FATAL|PANIC|could not|error while loading/.test(line)).at(-1);
      return fatal?.replace(/^.*?(?:FATAL|PANIC|LOG): +/, '') ?? `it ended at once (see ${place.logFile})`;
    },
  };
}

function openLog({ logFile }: Place): number {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LARGEST_LOG_BYTES) renameSync(logFile, `${logFile}.old`);
  return openSync(logFile, 'a', 0o600);
}

async function watchOver(place: Place, dataDir: string): Promise<Watch> {
  // A folder that was deleted under a running Postgres: what answers is not what the folder holds now.
  if (postmasterPid(place.data) === undefined)
    throw new EmbeddedDatabaseError(
      `A Postgres answers in ${place.socketFolder} whose data are no longer in ${place.data}. It ends by itself within a minute.`,
    );
  const client = new pg.Client({ connectionString: place.url, connectionTimeoutMillis: 5_000 });
  const lost = new Promise<void>((resolve) => {
    client.on('error', () => resolve());
    client.on('end', () => resolve());
  });
  await client.connect();
  // The socket's lock could be had twice in a race over a leftover; this one cannot. A killed holder's connection ends at once.
  for (let tries = 0; ; tries += 1) {
    const { rows } = await client.query<{ mine: boolean }>(`select pg_try_advisory_lock(hashtext('slotwell app')) as mine`);
    if (rows[0]?.mine === true) return { lost, close: () => client.end() };
    if (tries === 40) break;
    await pause(50);
  }
  await client.end();
  throw alreadyRunning(dataDir);
}

async function shutDown(pid: number, data: string): Promise<void> {
  const patience = AbortSignal.timeout(SHUTDOWN_MS);
  signal(pid, 'SIGINT');
  while (servesFolder(pid, data)) {
    // What is committed is safe also then: the next start recovers.
    if (patience.aborted) return signal(pid, 'SIGQUIT');
    await pause(10);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
