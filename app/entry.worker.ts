import { AsyncLocalStorage } from 'node:async_hooks';
import { env, waitUntil } from 'cloudflare:workers';
import * as build from 'virtual:remix/server-build';
import { openNeonWire } from './data/neon-wire.worker';

const {
  compose,
  createRequestHandler,
  EDGE_NEEDS,
  measuredWire,
  openMeter,
  parseEnvironment,
  runJob,
  scheduledRun,
  siteOf,
  through,
} = build.entry.module;

// All of this once, as the isolate starts: without its variables it does not start at all, and names them.
const variables: Readonly<Record<string, unknown>> = { ...env };
const { databaseUrl = '' } = parseEnvironment(variables, EDGE_NEEDS);
const meter = openMeter(new AsyncLocalStorage());
const app = compose(variables, {
  wire: measuredWire(openNeonWire(databaseUrl, { waitUntil }), meter.depart),
  waitUntil,
  apart: meter.apart,
  clock: () => Date.now(),
  // Nothing of its own: Resend sends, QStash calls.
  mail: null,
  scheduler: null,
});
const handle = createRequestHandler(build, 'production');
const site = {
  ...siteOf(app, { routes: build.routes, meter }),
  // Cloudflare's own name of the request: a caller's is replaced.
  findRequestId: (request: Request) => request.headers.get('cf-ray'),
};

export default {
  fetch(request: Request): Promise<Response> {
    // Set by Cloudflare itself; whatever a caller sends under this name is replaced.
    const clientAddress = request.headers.get('cf-connecting-ip') ?? '';
    return through(request, site, (passed, passage) => handle(passed, { app, clientAddress, ...passage }));
  },

  /** Cron asks every five minutes: what callbacks have left undone, and what has expired. */
  scheduled(): Promise<void> {
    return scheduledRun(site, 'sweep', () => runJob(app, { name: 'sweep' }));
  },
};
