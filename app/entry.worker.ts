import { createRequestHandler } from '@remix-run/cloudflare';
import { env, waitUntil } from 'cloudflare:workers';
import * as build from 'virtual:remix/server-build';
import type { App } from './context';
import { openNeonWire } from './data/neon-wire.worker';

const { compose, siteOf, through } = build.entry.module;

// Composed once, as the isolate starts: without its variables it does not start at all.
const app = start();
const handle = createRequestHandler(build, 'production');
const site = {
  ...siteOf(app),
  // Mail and delayed callbacks have no provider here yet, and a booking that nobody hears of is worse than none.
  isClosed: (path: string, method: string) =>
    method === 'POST' || /^\/(b|desk|dev|sign-in|sign-out)(\/|$)|\/book$/.test(path),
};

export default {
  fetch(request: Request): Promise<Response> {
    // Set by Cloudflare itself; whatever a caller sends under this name is replaced.
    const clientAddress = request.headers.get('cf-connecting-ip') ?? '';
    return through(request, site, (passed, passage) => handle(passed, { app, clientAddress, ...passage }));
  },
};

/** Throws with the names of all variables that are missing or wrong, and never their values. */
function start(): App {
  const variables: Readonly<Record<string, unknown>> = { ...env };
  const databaseUrl = typeof variables.DATABASE_URL === 'string' ? variables.DATABASE_URL : '';
  const problems: string[] = [];
  if (!/^postgres(ql)?:\/\/[^:]+:[^@]+@[^/]+\/./.test(databaseUrl))
    problems.push('DATABASE_URL: needs postgresql://user:password@host/database');
  try {
    const app = compose(variables, {
      wire: openNeonWire(databaseUrl, { waitUntil }),
      waitUntil,
      clock: () => Date.now(),
      mail: { send: () => Promise.reject(new Error('no mail service is set up at the edge')) },
    });
    if (problems.length === 0) return app;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConfigError') throw error;
    problems.push(error.message);
  }
  throw new Error(`Slotwell cannot start.\n${problems.join('\n')}`);
}
