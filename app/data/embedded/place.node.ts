import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** The folder of data carries the major version: a newer one is made beside it, never in it. */
export const MAJOR = 18;

/** What an operator has to know or to do; the message is the whole answer, no stack is needed. */
export class EmbeddedDatabaseError extends Error {
  override readonly name = 'EmbeddedDatabaseError';
}

/** Postgres refuses to run as root, so root hands it to somebody else. */
export interface Person {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
}

/** Where one database lives and who runs it. */
export interface Place {
  /** Holds everything below but for a socket with too long a path; mode 700. */
  readonly folder: string;
  /** Postgres' own folder, absent until the first start has made it. */
  readonly data: string;
  readonly logFile: string;
  /** Mode 700: who may enter it may use the database. */
  readonly socketFolder: string;
  readonly url: string;
  /** Whoever Postgres runs as when that is not the caller. */
  readonly runAs: Person | undefined;
  /** Why the data are not in DATA_DIR, in one sentence for the operator. */
  readonly note: string | undefined;
}

/** The longest path of a Unix socket, in bytes without the closing NUL. */
const LONGEST_SOCKET_PATH = process.platform === 'linux' ? 107 : 103;

/** Closed folders have their data here, where no user's door is in the way. */
const ELSEWHERE = '/var/lib/slotwell';

/**
 * Finds or makes the place of a DATA_DIR's database. Where Postgres' user cannot enter DATA_DIR (root's own home, say)
 * the database lives under /var/lib/slotwell, and `database.json` in DATA_DIR remembers where.
 * Throws EmbeddedDatabaseError when no place can be had.
 */
export function settle(dataDir: string): Place {
  const home = makeDataDir(dataDir);
  const remembered = rememberedFolder(home);
  return isRoot() ? settleForAnother(home, remembered) : settleForOneself(home, remembered);
}

/** Makes a DATA_DIR unless it is there; gives its real path. As root its database's user has to get through. */
export function makeDataDir(dataDir: string): string {
  const given = resolve(dataDir);
  mkdirSync(given, { recursive: true, mode: isRoot() ? 0o711 : 0o700 });
  return realpathSync(given);
}

const isRoot = () => process.getuid?.() === 0;

/** Whether a DATA_DIR has a database already. Makes nothing. */
export function hasDatabase(dataDir: string): boolean {
  const home = resolve(dataDir);
  return existsSync(join(rememberedFolder(home) ?? join(home, 'database'), `pg${MAJOR}`, 'PG_VERSION'));
}

function settleForOneself(home: string, remembered: string | undefined): Place {
  const uid = process.getuid?.();
  try {
    userInfo();
  } catch (cause) {
    throw new EmbeddedDatabaseError(
      `User id ${String(uid)} has no name on this machine, and Postgres will not run without one. ` +
        'Start as a user listed in /etc/passwd, or set DATABASE_URL to a Postgres of your own.',
      { cause },
    );
  }
  const folder = remembered ?? join(home, 'database');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid: owner } = statSync(folder);
    if (owner !== uid) throw new Error(`it belongs to user id ${owner}`);
    chmodSync(folder, 0o700);
  } catch (cause) {
    throw new EmbeddedDatabaseError(
      `The database's folder ${folder} cannot be used: ${(cause as Error).message}. ` +
        'Start as the user who started it first, or as root.',
      { cause },
    );
  }
  return placeIn(folder, undefined, undefined);
}

function settleForAnother(home: string, remembered: string | undefined): Place {
  const inside = join(home, 'database');
  const folder = remembered ?? inside;
  // Data that are there already are served by whoever owns them.
  const owner = existsSync(folder) ? statSync(folder) : undefined;
  const runAs = owner !== undefined && owner.uid !== 0 ? personOf(owner.uid, owner.gid) : somebody();
  if (mayEnter(dirname(folder), runAs)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    giveTo(folder, runAs);
    chmodSync(folder, 0o700);
    return placeIn(folder, runAs, remembered === undefined ? undefined : `The data are in ${folder}.`);
  }
  if (owner !== undefined)
    throw new EmbeddedDatabaseError(
      `User "${runAs.name}" owns the data in ${folder} but cannot enter that folder any more. ` +
        `Open the way to it (chmod o+x on the folders above), or move it out and name it in ${pointerOf(home)}.`,
    );
  const made = makeElsewhere(runAs);
  remember(home, made);
  return placeIn(
    made,
    runAs,
    `Postgres runs as user "${runAs.name}", to whom ${home} is closed: the data are in ${made}.`,
  );
}

function placeIn(folder: string, runAs: Person | undefined, note: string | undefined): Place {
  const socketFolder = socketFolderOf(folder, runAs);
  // Everything is said here, so that no PG* variable of the caller's shell has a say.
  const url = `postgresql://owner@localhost:5432/postgres?host=${encodeURIComponent(socketFolder)}&sslmode=disable`;
  return {
    folder,
    data: join(folder, `pg${MAJOR}`),
    logFile: join(folder, 'postgres.log'),
    socketFolder,
    url,
    runAs,
    note,
  };
}

function socketFolderOf(folder: string, runAs: Person | undefined): string {
  const inside = join(folder, 'socket');
  const fits = Buffer.byteLength(join(inside, '.s.PGSQL.5432')) <= LONGEST_SOCKET_PATH;
  const chosen = fits
    ? inside
    : join('/tmp', `slotwell-${createHash('sha256').update(folder).digest('hex').slice(0, 20)}`);
  try {
    mkdirSync(chosen, { mode: 0o700 });
    if (runAs !== undefined) chownSync(chosen, runAs.uid, runAs.gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  // In a folder that all may write, somebody else could have been first.
  const found = lstatSync(chosen);
  const expected = runAs?.uid ?? process.getuid?.();
  if (found.uid === 0 && runAs !== undefined) chownSync(chosen, runAs.uid, runAs.gid);
  else if (!found.isDirectory() || found.uid !== expected)
    throw new EmbeddedDatabaseError(`${chosen} should be a folder of user id ${String(expected)}: remove what is there.`);
  chmodSync(chosen, 0o700);
  return chosen;
}

function makeElsewhere(runAs: Person): string {
  try {
    mkdirSync(ELSEWHERE, { recursive: true, mode: 0o711 });
    // A fresh name each time: a DATA_DIR that was thrown away never comes back with the next.
    const made = mkdtempSync(join(ELSEWHERE, 'data-'));
    chownSync(made, runAs.uid, runAs.gid);
    chmodSync(made, 0o700);
    if (mayEnter(made, runAs)) return made;
    throw new Error(`user "${runAs.name}" cannot enter it`);
  } catch (cause) {
    throw new EmbeddedDatabaseError(
      `Postgres cannot run as root, and ${ELSEWHERE} cannot be used for its data: ${(cause as Error).message}. ` +
        'Start as an ordinary user, set DATA_DIR to a folder that all may enter, or set DATABASE_URL.',
      { cause },
    );
  }
}

const pointerOf = (home: string) => join(home, 'database.json');

function rememberedFolder(home: string): string | undefined {
  const pointer = pointerOf(home);
  if (!existsSync(pointer)) return undefined;
  const folder = folderNamedIn(pointer);
  if (!existsSync(folder))
    throw new EmbeddedDatabaseError(
      `${pointer} says that the data are in ${folder}, which is not there. ` +
        `Bring that folder back or restore a backup; only when there was nothing worth keeping, delete ${pointer}.`,
    );
  return folder;
}

function folderNamedIn(pointer: string): string {
  let named: unknown;
  try {
    named = (JSON.parse(readFileSync(pointer, 'utf8')) as { folder?: unknown } | null)?.folder;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw cannotBeRead(error);
  }
  if (typeof named !== 'string') throw cannotBeRead(undefined);
  return named;

  function cannotBeRead(cause: unknown) {
    return new EmbeddedDatabaseError(
      `${pointer} cannot be read: it should hold {"folder": "…"} with the folder of the data, which is one of those in ` +
        `${ELSEWHERE}. Write it so; only when there was nothing worth keeping, delete ${pointer}.`,
      { cause },
    );
  }
}

function remember(home: string, folder: string): void {
  writeDurably(pointerOf(home), `${JSON.stringify({ folder })}\n`, 0o644);
}

/** Writes a file whole or not at all, and onto the disk; it belongs to whoever owns its folder. */
export function writeDurably(path: string, content: string, mode: number): void {
  const fresh = `${path}.new-${process.pid}`;
  const file = openSync(fresh, 'w', mode);
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  giveToFoldersOwner(fresh);
  renameSync(fresh, path);
  syncFolder(dirname(path));
}

/** A rename is only safe from a power cut when its folder is on the disk too. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function somebody(): Person {
  const found = ['postgres', 'nobody'].map(findByName).find((person) => person !== undefined);
  if (found === undefined)
    throw new EmbeddedDatabaseError(
      'Postgres cannot run as root, and this machine has neither a user "postgres" nor "nobody". ' +
        'Start as an ordinary user, or set DATABASE_URL to a Postgres of your own.',
    );
  return found;
}

const passwd = () => readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':'));

function findByName(name: string): Person | undefined {
  const entry = passwd().find(([given]) => given === name);
  return entry && { uid: Number(entry[2]), gid: Number(entry[3]), name };
}

function personOf(uid: number, gid: number): Person {
  const name = passwd().find((entry) => Number(entry[2]) === uid)?.[0];
  return { uid, gid, name: name ?? String(uid) };
}

/** Whether a person may go through every folder down to this one, by the bits that they see. */
function mayEnter(path: string, person: Person): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    if (!allows(folder, person, 0o1)) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** Whether a person may read and enter or run a path, and get there. */
export function mayUse(path: string, person: Person): boolean {
  const real = realpathSync(path);
  return mayEnter(dirname(real), person) && allows(real, person, statSync(real).isDirectory() ? 0o5 : 0o4);
}

function allows(path: string, person: Person, bits: number): boolean {
  const { mode, uid, gid } = statSync(path);
  const shift = uid === person.uid ? 6 : gid === person.gid ? 3 : 0;
  return ((mode >> shift) & bits) === bits;
}

/** What root makes in somebody's folder is theirs: they find it closed otherwise when they start themselves. */
export function giveToFoldersOwner(path: string): void {
  if (!isRoot()) return;
  const { uid, gid } = statSync(dirname(path));
  // Never what a link points to: the folder is in another's hands.
  if (lstatSync(path).uid !== uid) lchownSync(path, uid, gid);
}

/** Gives a folder and what is in it to a person, where it is not theirs yet. */
export function giveTo(path: string, person: Person): void {
  const found = lstatSync(path);
  if (found.uid === person.uid) return;
  if (found.isDirectory()) for (const name of readdirSync(path)) giveTo(join(path, name), person);
  if (found.isSymbolicLink()) return;
  chownSync(path, person.uid, person.gid);
}
