import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * What `npm run mutate` asks of every mutant: the examples of the domain suite. Its sweeps through all zones and its
 * properties take seconds, and the examples should speak for themselves.
 */
export default defineConfig({
  resolve: { alias: { '~db': folder('./db'), '~': folder('./app') } },
  test: {
    testTimeout: 60_000,
    include: ['tests/domain/**/*.test.ts'],
    exclude: ['tests/domain/**/*.oracle.test.ts', 'tests/domain/**/*.properties.test.ts'],
  },
});
