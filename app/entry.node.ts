import { AsyncLocalStorage } from 'node:async_hooks';
import { existsSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { isIPv6, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createRequestListener, type ClientAddress } from '@remix-run/node-fetch-server';
import { createRequestHandler, type ServerBuild } from '@remix-run/node';
import sirv from 'sirv';
import { clientAddress } from './client-address.node';
import { compressed } from './compression.node';
import type * as application from './entry.server';
import type { Site } from './http/door';
import { nameOf, openMachine, type Machine } from './machine.node';
import { findSmtpSettings } from './services/mail/smtp.node';
import { readSettings, type Settings } from './settings.node';

type Build = ServerBuild & { readonly entry: { readonly module: typeof application } };

const SERVER_BUILD = new URL('../build/server/index.js', import.meta.url);
const CLIENT_BUILD = fileURLToPath(new URL('../build/client', import.meta.url));

/** A request that has not ended by then is cut off. */
const LONGEST_STOP_MS = 15_000;

/** Signals so close together are one. */
const SAME_SIGNAL_MS = 500;

/** Words for the operator. */
const log = (line: string) => console.error(line);

/**
 * Lines for programs. Where somebody looks on, only what broke is shown: the terminal is where mail without a mail
 * service is read.
 */
const logRequest: Site['log'] = (line) => {
  if (!process.stdout.isTTY) console.log(JSON.stringify(line));
  else if (line.level === 'error') console.error(JSON.stringify(line));
};

void main();

async function main(): Promise<void> {
  let running: Promise<Running> | undefined;
  let stoppingSince: number | undefined;
  const stop = () => {
    if (stoppingSince !== undefined) {
      // One Ctrl-C arrives twice where npm passes on what the terminal has sent already.
      if (performance.now() - stoppingSince < SAME_SIGNAL_MS) return;
      void running?.then(({ machine }) => machine.abandon());
      setImmediate(() => process.exit(130));
      return;
    }
    stoppingSince = performance.now();
    log('Stopping …');
    void running?.then(shutDown).then(
      () => process.exit(0),
      (error: unknown) => {
        log(explain(error));
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // A terminal that was closed.
  process.on('SIGHUP', stop);
  try {
    running = start();
    await running;
  } catch (error) {
    if (stoppingSince === undefined) log(explain(error));
    process.exit(1);
  }
}

interface Running {
  readonly server: Server;
  readonly machine: Machine;
}

async function start(): Promise<Running> {
  if (!existsSync(SERVER_BUILD)) throw new Error('Nothing is built yet: run `npm run build` first, or `npm start`.');
  const build = (await import(SERVER_BUILD.href)) as Build;
  const {
    compose,
    isDatabaseUnmigrated,
    measuredWire,
    openMeter,
    parseEnvironment,
    prepareMachine,
    schedulingOf,
    siteOf,
    through,
  } = build.entry.module;
  const settings = readSettings(process.env, [
    findSmtpSettings,
    (given) =>
      parseEnvironment({
        ...given,
        // Found or made later when they are not given.
        SITE_URL: given.SITE_URL || 'http://localhost',
        SESSION_SECRET: given.SESSION_SECRET || 'x'.repeat(32),
      }),
  ]);
  const doors = await openDoors(settings);
  const machine = await openMachine(process.env, settings, {
    siteUrl: process.env.SITE_URL || `http://localhost:${doors.port}`,
    log,
  });
  try {
    const meter = openMeter(new AsyncLocalStorage());
    const wire = measuredWire(machine.platform.wire, meter.depart);
    const app = compose(machine.variables, { ...machine.platform, wire, apart: meter.apart });
    const site = { ...siteOf(app, { routes: build.routes, meter }), log: logRequest };
    const { protocol, host } = new URL(app.config.siteUrl);
    const handle = createRequestHandler(build, 'production');
    const answer = createRequestListener(
      async (request: Request, client: ClientAddress) => {
        const address = clientAddress(request.headers.get('x-forwarded-for'), client.address, settings.trustedProxies);
        const response = await through(request, site, (passed, passage) =>
          handle(passed, { app, clientAddress: address, ...passage }),
        );
        return compressed(request, response);
      },
      { protocol, host, onError: () => new Response('Bad Request', { status: 400 }) },
    );
    const { newMentors } = await prepareMachine(app, { withDemo: settings.withDemo }).catch((error: unknown) => {
      // A server's database may be away for the moment; our own has just answered.
      if (machine.database !== undefined) throw error;
      log(
        isDatabaseUnmigrated(error)
          ? 'The database of DATABASE_URL is not migrated: run `npm run db:migrate`. Until then nobody can book.'
          : `The database of DATABASE_URL does not answer as it should: ${nameOf(error)}.`,
      );
      return { newMentors: [] };
    });
    doors.answerWith(filesFirst(answer));
    machine.startScheduler(schedulingOf(app), doors.baseUrl);
    log(welcome(app.config.siteUrl, machine, newMentors, app.outbox !== null));
    return { server: doors.server, machine };
  } catch (error) {
    await machine.close();
    throw error;
  }
}

interface Doors {
  readonly server: Server;
  readonly port: number;
  /** How this machine reaches its own server, past proxies and certificates. */
  readonly baseUrl: string;
  answerWith(listener: RequestListener): void;
}

/** Takes the port first: that it is taken is known before a database is started. Until all is ready, the answer is 503. */
function openDoors({ port, host }: Settings): Promise<Doors> {
  let listener: RequestListener = (_, response) => {
    response.writeHead(503, { 'Content-Type': 'text/plain; charset=utf-8', 'Retry-After': '2' }).end('Starting.\n');
  };
  const server = createServer((request, response) => {
    // Whoever asks again and again over one connection would otherwise be served until it is cut, with all others.
    if (!server.listening) response.shouldKeepAlive = false;
    // Of the whole address and of `*` (RFC 9112, section 3.2) the path is what counts here.
    if (request.url === '*') request.url = '/';
    else if (request.url !== undefined && /^https?:/i.test(request.url) && URL.canParse(request.url))
      request.url = pathOf(request.url);
    // The one method that cannot even be asked on within (Fetch, section 2.2.1).
    if (request.method === 'TRACE') response.writeHead(405, { Allow: 'GET, HEAD, POST, OPTIONS' }).end();
    else listener(request, response);
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(
              `Port ${port} is in use: stop what listens there, or set PORT to another one (PORT=3001 npm start).`,
            )
          : error,
      ),
    );
    server.listen(port, host, () => {
      const { port: taken } = server.address() as AddressInfo;
      const isEverywhere = host === undefined || host === '0.0.0.0' || host === '::';
      const own = isEverywhere ? '127.0.0.1' : isIPv6(host) ? `[${host}]` : host;
      resolve({
        server,
        port: taken,
        baseUrl: `http://${own}:${taken}`,
        answerWith: (next) => {
          listener = next;
        },
      });
    });
  });
}

function pathOf(address: string): string {
  const { pathname, search } = new URL(address);
  return pathname + search;
}

/** Files of the build, then the application. */
function filesFirst(answer: RequestListener): RequestListener {
  const files = sirv(CLIENT_BUILD, {
    etag: true,
    gzip: true,
    brotli: true,
    dotfiles: false,
    extensions: [],
    setHeaders(response, pathname) {
      response.setHeader('X-Content-Type-Options', 'nosniff');
      // The names of built files carry their content's hash.
      const isHashed = pathname.startsWith('/assets/');
      response.setHeader('Cache-Control', isHashed ? 'public, max-age=31536000, immutable' : 'public, max-age=3600');
    },
  });
  return (request, response) =>
    request.method === 'GET' || request.method === 'HEAD'
      ? files(request, response, () => answer(request, response))
      : answer(request, response);
}

/** Lets requests and the work they started end, then stops the database. */
async function shutDown({ server, machine }: Running): Promise<void> {
  await machine.stopScheduler();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const late = setTimeout(() => server.closeAllConnections(), LONGEST_STOP_MS);
  await closed;
  clearTimeout(late);
  await machine.close();
}

function welcome(
  siteUrl: string,
  { database }: Machine,
  mentors: readonly { name: string; email: string }[],
  hasOutbox: boolean,
): string {
  const width = Math.max(0, ...mentors.map(({ name }) => name.length));
  const lines = [
    '',
    `Slotwell is running.`,
    `  Visitors  ${siteUrl}`,
    `  Mentors   ${siteUrl}/sign-in`,
    ...mentors.map(({ name, email }) => `            ${name.padEnd(width)}  ${email}`),
    ...(hasOutbox ? [`  Mail      ${siteUrl}/dev/outbox (no mail service is set; readable on this machine only)`] : []),
    ...(database === undefined ? [] : [`  Data      ${database.folder}`]),
    ...(database?.note === undefined ? [] : [`            ${database.note}`]),
    '',
  ];
  return lines.join('\n');
}

/** What an operator can act on is a sentence; a stack is for what nobody foresaw. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return ['EmbeddedDatabaseError', 'SettingsError', 'ConfigError'].includes(error.name) || error.constructor === Error
    ? `Slotwell cannot start.\n${error.message}`
    : (error.stack ?? error.message);
}
