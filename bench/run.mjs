/** `npm run bench <name>`: bundles bench/<name>.ts as the application is bundled, and runs it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folder = fileURLToPath(new URL('.', import.meta.url));
const name = process.argv[2] ?? '';
const source = join(folder, `${name}.ts`);
if (!/^[a-z-]+$/.test(name) || !existsSync(source)) {
  const names = readdirSync(folder).flatMap((file) => (file.endsWith('.ts') ? [file.slice(0, -3)] : []));
  console.error(`Say what to measure: npm run bench <${names.join(' | ')}>`);
  process.exit(1);
}

// As deep in the tree as tests/support: packages and relative addresses are found from there.
const outfile = join(folder, `../dist/bench/${name}-${process.pid}.mjs`);
try {
  const alias = { '~': join(folder, '../app'), '~db': join(folder, '../db') };
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'es2022',
    packages: 'external',
    alias,
    logLevel: 'warning',
  });
  process.exitCode = spawnSync(process.execPath, ['--enable-source-maps', outfile], { stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(outfile, { force: true });
}
