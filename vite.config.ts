import { fileURLToPath } from 'node:url';
import { vitePlugin as remix } from '@remix-run/dev';
import { defineConfig, type Plugin } from 'vite';
import { development } from './app/dev.node';

declare module '@remix-run/server-runtime' {
  interface Future {
    v3_singleFetch: true;
  }
}

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * What packages bring along and no server of ours calls, and what stands for it in the server build. Together they
 * would be 70 kB gzip, a sixth of the Worker; what is called all the same says so by failing.
 */
const LEFT_OUT: Readonly<Record<string, string>> = {
  // The router asks React's renderer for browsers for one function.
  'react-dom': 'export const flushSync = (work) => work();',
  // Resend's client reads received mail and webhooks with these; we send.
  'postal-mime': 'export default {};',
  standardwebhooks: 'export const Webhook = undefined;',
  // QStash's client runs workflows with this; ours only publishes.
  neverthrow: 'export const ok = undefined, err = undefined;',
  // Statistics of the limits, which are switched off.
  '@upstash/core-analytics': 'export const Analytics = undefined;',
};
const withoutUnused: Plugin = {
  name: 'without-unused',
  apply: 'build',
  enforce: 'pre',
  resolveId: (source, _importer, { ssr }) => (ssr && source in LEFT_OUT ? `\0left-out:${source}` : null),
  load: (id) => (id.startsWith('\0left-out:') ? (LEFT_OUT[id.slice('\0left-out:'.length)] ?? null) : null),
};

export default defineConfig(({ command }) => ({
  plugins: [
    development(),
    withoutUnused,
    remix({
      ignoredRouteFiles: ['**/*'],
      future: {
        v3_fetcherPersist: true,
        v3_relativeSplatPath: true,
        v3_throwAbortReason: true,
        v3_routeConfig: true,
        v3_singleFetch: true,
        v3_lazyRouteDiscovery: true,
      },
    }),
  ],
  resolve: {
    alias: { '~db': folder('./db'), '~': folder('./app') },
    ...(command === 'build' ? { mainFields: ['browser', 'module', 'main'] } : {}),
  },
  // One server build for Node and Workers: web standards only, everything bundled.
  // `vite:dev` cannot evaluate such a bundle, so this holds for the build alone.
  ...(command === 'build'
    ? {
        logLevel: 'warn' as const,
        build: {
          rollupOptions: {
            // Comments of a dependency, and routes that have nothing for the browser: neither can be mended here.
            onwarn: (warning, warn) =>
              ['INVALID_ANNOTATION', 'EMPTY_BUNDLE'].includes(warning.code ?? '') ? undefined : warn(warning),
          },
        },
        ssr: {
          target: 'webworker' as const,
          noExternal: true as const,
          resolve: {
            conditions: ['workerd', 'worker', 'browser'],
            externalConditions: ['workerd', 'worker'],
          },
        },
      }
    : {}),
}));
