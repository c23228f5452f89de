import { AsyncLocalStorage } from 'node:async_hooks';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { createRequestListener, type ClientAddress } from '@remix-run/node-fetch-server';
import { createRequestHandler, type ServerBuild } from '@remix-run/node';
import type { Plugin, ViteDevServer } from 'vite';
import type * as application from './entry.server';
import type { Site } from './http/door';
import type * as machines from './machine.node';
import type * as settings from './settings.node';

type Build = ServerBuild & { readonly entry: { readonly module: typeof application } };

/** A changed vite.config makes a new server in the same process; its database and its port stay. */
const kept = globalThis as { slotwellMachine?: Promise<machines.Machine> };

const log = (line: string) => console.error(line);

/** Requests are no news to whoever works on the code; what broke is. */
const logFault: Site['log'] = (line) => {
  if (line.level === 'error') log(JSON.stringify(line));
};

/**
 * `npm run dev`: the application behind Vite, with this machine's database, and each edit shown by the next request.
 * Stands before Remix' own plugin, whose middleware would answer without a database.
 */
export function development(): Plugin {
  return {
    name: 'slotwell-development',
    apply: 'serve',
    // Postgres writes there all the time.
    config: () => ({ server: { watch: { ignored: [`${resolve(process.env.DATA_DIR?.trim() || './data')}/**`] } } }),
    configureServer(vite) {
      // Remix makes further servers of this configuration, in builds too: only the one that listens needs a database.
      vite.httpServer?.once('listening', () => {
        machineOf(vite).catch((error: unknown) => {
          log(error instanceof Error ? error.message : String(error));
          process.exit(1);
        });
      });
      return () =>
        vite.middlewares.use((request, response, next) => {
          request.url = request.originalUrl;
          listenerOf(vite).then((listener) => listener(request, response), next);
        });
    },
  };
}

const buildOf = (vite: ViteDevServer) => vite.ssrLoadModule('virtual:remix/server-build') as Promise<Build>;

async function listenerOf(vite: ViteDevServer): Promise<ReturnType<typeof createRequestListener>> {
  const [machine, build] = await Promise.all([machineOf(vite), buildOf(vite)]);
  const { compose, measuredWire, openMeter, siteOf, through } = build.entry.module;
  const meter = openMeter(new AsyncLocalStorage());
  const wire = measuredWire(machine.platform.wire, meter.depart);
  const app = compose(machine.variables, { ...machine.platform, wire });
  const site = { ...siteOf(app, { routes: build.routes, meter }), log: logFault };
  const handle = createRequestHandler(build, 'development');
  const { protocol, host } = new URL(app.config.siteUrl);
  return createRequestListener(
    (request: Request, client: ClientAddress) =>
      through(request, site, (passed, passage) => handle(passed, { app, clientAddress: client.address, ...passage })),
    { protocol, host },
  );
}

const machineOf = (vite: ViteDevServer) => (kept.slotwellMachine ??= open(vite));

async function open(vite: ViteDevServer): Promise<machines.Machine> {
  const { readSettings } = (await vite.ssrLoadModule('/app/settings.node.ts')) as typeof settings;
  const { openMachine } = (await vite.ssrLoadModule('/app/machine.node.ts')) as typeof machines;
  const { port } = vite.httpServer?.address() as AddressInfo;
  const siteUrl = process.env.SITE_URL || `http://localhost:${port}`;
  const given = readSettings(process.env);
  const machine = await openMachine(process.env, given, { siteUrl, log });
  const { compose, prepareMachine, schedulingOf } = (await buildOf(vite)).entry.module;
  const app = compose(machine.variables, machine.platform);
  const { mentors } = await prepareMachine(app, { withDemo: given.withDemo });
  machine.startScheduler(schedulingOf(app), `http://localhost:${port}`);
  // Remix and Vite end the process in ways of their own, none of which waits.
  process.once('exit', () => machine.abandon());
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => process.exit(0));
  log(mentors.map(({ name, email }) => `  ${name}: ${siteUrl}/sign-in as ${email}`).join('\n'));
  return machine;
}
