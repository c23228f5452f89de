import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const resolve = { alias: { '~db': folder('./db'), '~': folder('./app') } };

/** Suites with properties. */
const PROPERTIES = new Set(['domain', 'http']);

/** What each suite needs and proves stands in docs/architecture.md. */
const suite = (name: string, { database = true, timeout = 20_000 } = {}) => ({
  resolve,
  test: {
    name,
    include: [`tests/${name}/**/*.test.{ts,tsx}`],
    testTimeout: timeout,
    hookTimeout: 60_000,
    setupFiles: PROPERTIES.has(name) ? ['tests/support/pinned-seed.ts'] : [],
    ...(database ? { globalSetup: ['tests/support/global-setup.ts'] } : {}),
  },
});

export default defineConfig({
  test: {
    reporters: ['default', ...(process.env.CI ? ['./scripts/closing-line.mjs'] : [])],
    projects: [
      suite('domain', { database: false, timeout: 60_000 }),
      suite('usecases'),
      suite('http'),
      suite('database'),
      suite('contracts'),
      suite('worker', { timeout: 60_000 }),
      suite('browser', { timeout: 120_000 }),
    ],
  },
});
