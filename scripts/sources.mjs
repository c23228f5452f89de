import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Says what the last build was made of. */
export const STAMP = join(ROOT, 'dist/.built-from');

const SOURCES = ['app', 'db', 'public', 'scripts', 'vite.config.ts', 'tsconfig.json', 'package-lock.json'];

/** A hash over the names and contents of everything that a build is made of. */
export function digestOfSources() {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const path of filesIn(source))
      hash
        .update(`${path}\0`)
        .update(readFileSync(join(ROOT, path)))
        .update('\0');
  }
  return hash.digest('hex');
}

/** @param {string} path @returns {string[]} */
function filesIn(path) {
  try {
    return readdirSync(join(ROOT, path))
      .sort()
      .flatMap((name) => filesIn(join(path, name)));
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'ENOTDIR') return [path];
    if (code === 'ENOENT') return [];
    throw error;
  }
}
