import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from './place.node';

/** The process that postmaster.pid names, if the file is there and names one. */
export function postmasterPid(data: string): number | undefined {
  return namedIn(join(data, 'postmaster.pid'));
}

/**
 * Removes what a crash or a restart of the machine has left: pid files that are empty or name a process that is no
 * Postgres of this folder. Postgres itself would refuse to start for ever when the number now belongs to another
 * process of the same user. Only call it under the app's lock, and when nobody answers on the socket.
 * Gives the process that really holds the folder, if there is one.
 */
export function removeStalePidFiles(place: Place): number | undefined {
  let holder: number | undefined;
  for (const file of [join(place.data, 'postmaster.pid'), join(place.socketFolder, '.s.PGSQL.5432.lock')]) {
    const pid = namedIn(file);
    if (pid !== undefined && servesFolder(pid, place.data)) holder = pid;
    else rmSync(file, { force: true });
  }
  return holder;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function namedIn(file: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether a process is alive and a Postgres that works on this folder. */
export function servesFolder(pid: number, data: string): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform !== 'linux')
    return /postgres/.test(spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).stdout);
  try {
    // Postgres works in its own folder; a process that is dead but not yet reaped is in none.
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data);
  } catch {
    // Gone, or another user's: that one is never Postgres of ours.
    return false;
  }
}
