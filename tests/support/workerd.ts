import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { fetch, Miniflare, Response, type Request } from 'miniflare';
import type { NeonService } from './neon-service';

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
    [join(ROOT, 'node_modules/cloudflare-wrangler/bin/wrangler.js'), 'deploy', '--dry-run', '--outdir', folder],
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

export interface WorkerWish {
  readonly worker: BundledWorker;
  readonly bindings: Readonly<Record<string, string>>;
  /** Whoever answers for Neon; every other call to the outside fails the test. */
  readonly neon: NeonService;
  /** Hears what the Worker and its runtime print. */
  readonly onOutput?: (text: string) => void;
}

/** Starts the Worker in workerd with the settings of wrangler.toml. */
export function startWorkerd({ worker, bindings, neon, onOutput = () => undefined }: WorkerWish): Miniflare {
  const settings = readFileSync(join(ROOT, 'wrangler.toml'), 'utf8');
  return new Miniflare({
    modules: [{ type: 'ESModule', path: worker.path }],
    modulesRoot: join(worker.path, '..'),
    compatibilityDate: /compatibility_date = "(.*)"/.exec(settings)?.[1] ?? '',
    compatibilityFlags: ['nodejs_compat'],
    bindings: { ...bindings },
    assets: { directory: join(ROOT, 'build/client'), routerConfig: { has_user_worker: true } },
    outboundService: (request: Request) => toNeon(request, neon),
    handleRuntimeStdio(stdout: Readable, stderr: Readable) {
      for (const stream of [stdout, stderr]) stream.on('data', (chunk: Buffer) => onOutput(String(chunk)));
    },
  });
}

/** The Worker calls Neon by its public names, for HTTP and WebSocket alike; here they lead to the stand-in. */
async function toNeon(request: Request, neon: NeonService): Promise<Response> {
  const url = new URL(request.url);
  const local = { 'api.neon.example/sql': '/sql', 'ep-quiet-river.neon.example/v2': '/v2' }[url.host + url.pathname];
  if (local === undefined) return new Response(`nobody is called ${url.host} here`, { status: 599 });
  return fetch(`http://${neon.host}${local}`, request);
}
