// Before `npm start`: builds unless what is there was made of these very sources.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, STAMP, digestOfSources } from './sources.mjs';

const isBuilt =
  existsSync(join(ROOT, 'build/server/index.js')) &&
  existsSync(STAMP) &&
  readFileSync(STAMP, 'utf8') === digestOfSources();

if (!isBuilt) {
  console.error('Building …');
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  process.exitCode = status ?? 1;
}
