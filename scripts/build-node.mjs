// The second half of `npm run build`: what runs under Node alone, and the compressed copies of the files for browsers.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { ROOT, STAMP, digestOfSources } from './sources.mjs';

await build({
  absWorkingDir: ROOT,
  entryPoints: {
    'entry.node': 'app/entry.node.ts',
    migrate: 'db/commands/migrate.node.ts',
    backup: 'db/commands/backup.node.ts',
    restore: 'db/commands/restore.node.ts',
    doctor: 'scripts/commands/doctor.ts',
    deploy: 'scripts/commands/deploy.ts',
    'add-mentor': 'scripts/commands/add-mentor.ts',
  },
  // As deep in the tree as app/ and db/: relative addresses stay true.
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  alias: { '~': join(ROOT, 'app'), '~db': join(ROOT, 'db') },
  logLevel: 'warning',
});

const client = join(ROOT, 'build/client');
for (const name of readdirSync(client, { recursive: true, encoding: 'utf8' })) {
  if (!/\.(js|css|svg|json|txt|webmanifest)$/.test(name)) continue;
  const path = join(client, name);
  const content = readFileSync(path);
  if (content.length < 1_000) continue;
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
  writeFileSync(
    `${path}.br`,
    brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }),
  );
}

mkdirSync(join(ROOT, 'dist'), { recursive: true });
writeFileSync(STAMP, digestOfSources());
