import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export const isArchive = (path: string) => /\.(tar\.gz|tgz)$/.test(path);

/** Packs a folder's content into one file, which appears only when it is whole. */
export function pack(folder: string, file: string): void {
  const fresh = `${file}.unfinished-${process.pid}`;
  try {
    tar(['--create', '--gzip', '--file', fresh, '--directory', folder, '.']);
    renameSync(fresh, file);
  } finally {
    rmSync(fresh, { force: true });
  }
}

/** Does something with what is in an archive, unpacked beside it for that time. */
export async function withUnpacked<T>(file: string, work: (folder: string) => Promise<T>): Promise<T> {
  mkdirSync(dirname(resolve(file)), { recursive: true });
  const folder = mkdtempSync(join(dirname(resolve(file)), '.unpacked-'));
  try {
    tar(['--extract', '--gzip', '--file', file, '--directory', folder]);
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function tar(given: readonly string[]): void {
  // What is packed holds secrets: nobody else may read the file.
  const umask = process.umask(0o077);
  const { status, stderr, error } = spawnSync('tar', given, { encoding: 'utf8' });
  process.umask(umask);
  if (status !== 0) throw new Error(`tar failed: ${error?.message ?? stderr.trim()}`);
}
