import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { fetch, Miniflare, Response, type Request } from 'miniflare';
import type { NeonService } from './neon-service';
import type { QstashService } from './qstash-service';
import type { ResendService } from './resend-service';
import type { UpstashService } from './upstash-service';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The Worker as it would be uploaded: bundled by wrangler from the server build (`npm run build` comes first). */
export interface BundledWorker {
  readonly path: string;
  remove(): void;
}

export function bundleWorker(): BundledWorker {
  const folder = mkdtempSync(join(tmpdir(), 'slotwell-worker-'));
  execFileSync(
    process.execPath,
    [
      join(ROOT, 'node_modules/cloudflare-wrangler/bin/wrangler.js'),
      'deploy',
      '--env',
      'production',
      '--dry-run',
      '--outdir',
      folder,
    ],
    { cwd: ROOT, stdio: 'pipe', env: { ...process.env, CI: '1', WRANGLER_SEND_METRICS: 'false' } },
  );
  return { path: join(folder, 'entry.worker.js'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A Worker of a test's own source, with imports as in app. */
export async function bundleSource(source: string): Promise<BundledWorker> {
  const folder = mkdtempSync(join(tmpdir(), 'slotwell-worker-'));
  const path = join(folder, 'worker.js');
  await build({
    stdin: { contents: source, loader: 'ts', resolveDir: ROOT },
    alias: { '~': join(ROOT, 'app'), '~db': join(ROOT, 'db') },
    bundle: true,
    format: 'esm',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    outfile: path,
    logLevel: 'error',
  });
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Who answers for whom; every call to anybody else gets a 599. */
export interface Services {
  readonly neon: NeonService;
  readonly resend?: ResendService;
  readonly qstash?: QstashService;
  readonly upstash?: UpstashService;
}

export interface WorkerWish {
  readonly worker: BundledWorker;
  readonly bindings: Readonly<Record<string, string>>;
  readonly services: Services;
  /** Hears what the Worker and its runtime print. */
  readonly onOutput?: (text: string) => void;
  /** Opens the inspector, for profiles. */
  readonly isInspected?: boolean;
}

/** The Worker in workerd; `subrequests` counts what it asked of each host, sockets included. */
export type RunningWorker = Miniflare & { readonly subrequests: Readonly<Record<string, number>> };

/** Starts the Worker in workerd with the settings of wrangler.toml. */
export function startWorkerd({
  worker,
  bindings,
  services,
  onOutput = () => undefined,
  isInspected,
}: WorkerWish): RunningWorker {
  const settings = readFileSync(join(ROOT, 'wrangler.toml'), 'utf8');
  const subrequests: Record<string, number> = {};
  const miniflare = new Miniflare({
    modules: [{ type: 'ESModule', path: worker.path }],
    modulesRoot: join(worker.path, '..'),
    compatibilityDate: /compatibility_date = "(.*)"/.exec(settings)?.[1] ?? '',
    compatibilityFlags: ['nodejs_compat'],
    bindings: { ...bindings },
    ...(isInspected ? { inspectorPort: 0 } : {}),
    assets: { directory: join(ROOT, 'build/client'), routerConfig: { has_user_worker: true } },
    outboundService(request: Request) {
      const { host } = new URL(request.url);
      subrequests[host] = (subrequests[host] ?? 0) + 1;
      return toService(request, services);
    },
    handleRuntimeStdio(stdout: Readable, stderr: Readable) {
      for (const stream of [stdout, stderr]) stream.on('data', (chunk: Buffer) => onOutput(String(chunk)));
    },
  });
  return Object.assign(miniflare, { subrequests });
}

/** The variables with which a Worker is led to these services. */
export const bindingsOf = ({ resend, qstash, upstash }: Services): Record<string, string> => ({
  ...(resend && { RESEND_API_KEY: resend.apiKey, EMAIL_FROM: 'bookings@slotwell.example' }),
  ...(qstash && {
    QSTASH_TOKEN: qstash.token,
    QSTASH_CURRENT_SIGNING_KEY: qstash.keys.current,
    QSTASH_NEXT_SIGNING_KEY: qstash.keys.next,
  }),
  ...(upstash && {
    UPSTASH_REDIS_REST_URL: 'https://calm-otter-12345.upstash.io',
    UPSTASH_REDIS_REST_TOKEN: upstash.token,
  }),
});

/** The Worker calls everybody by their public names, for HTTP and WebSocket alike; here they lead to the stand-ins. */
async function toService(request: Request, { neon, resend, qstash, upstash }: Services): Promise<Response> {
  const { host, pathname, search } = new URL(request.url);
  const local =
    { 'api.neon.example/sql': `http://${neon.host}/sql`, 'ep-quiet-river.neon.example/v2': `http://${neon.host}/v2` }[
      host + pathname
    ] ??
    (host === 'api.resend.com'
      ? resend?.url.concat(pathname, search)
      : host === 'qstash.upstash.io'
        ? qstash?.url.concat(rawPathOf(request.url))
        : host.endsWith('.upstash.io')
          ? upstash?.url.concat(pathname, search)
          : undefined);
  if (local === undefined) return new Response(`nobody is called ${host} here`, { status: 599 });
  try {
    return await fetch(local, request);
  } catch {
    // What a Worker sees of a connection that breaks is an error of its fetch; this is the nearest that can be given.
    return new Response('connection lost', { status: 502 });
  }
}

/** With the destination's double slash as it was written. */
const rawPathOf = (url: string) => url.slice(new URL(url).origin.length);
