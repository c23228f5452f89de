import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';

/** A local stand-in of Cloudflare's API, as far as `wrangler deploy` of a Worker with files asks it. */
export interface CloudflareService {
  /** For CLOUDFLARE_API_BASE_URL. */
  readonly url: string;
  /** Method and path of every call, in order. */
  readonly calls: readonly string[];
  /** What was uploaded, the newest last. */
  readonly uploads: readonly Upload[];
  /** Refuses uploads as it does those whose code does not start, as long as it is set. */
  refusesUploads: boolean;
  /** Takes uploads and refuses what comes after them, as it does when an account has no cron triggers left. */
  refusesSchedules: boolean;
  close(): Promise<void>;
}

const metadata = z.object({
  main_module: z.string(),
  bindings: z.array(z.object({ name: z.string(), type: z.string(), text: z.string().optional() })),
  observability: z.object({ logs: z.object({ invocation_logs: z.boolean() }) }),
});

interface Upload {
  readonly worker: string;
  readonly metadata: z.infer<typeof metadata>;
}

export async function startCloudflareService(): Promise<CloudflareService> {
  const calls: string[] = [];
  const uploads: Upload[] = [];
  const answer = async (request: IncomingMessage): Promise<{ status: number; body: unknown }> => {
    const path = (request.url ?? '').replace(/^\/client\/v4\/accounts\/[^/]+/, '').replace(/\?.*/, '');
    calls.push(`${request.method ?? ''} ${path}`);
    const content = await buffer(request);
    const ok = (result: unknown) => ({ status: 200, body: { success: true, errors: [], messages: [], result } });
    const refused = (status: number, code: number, message: string) => ({
      status,
      body: { success: false, errors: [{ code, message }], messages: [], result: null },
    });
    const worker = /^\/workers\/(?:services|scripts)\/([^/]+)/.exec(path)?.[1] ?? '';
    if (request.method === 'GET' && !uploads.some((one) => one.worker === worker)) {
      if (path.startsWith('/workers/services/')) return refused(404, 10_090, 'This service does not exist.');
      if (path.endsWith('/deployments')) return refused(404, 10_007, 'This Worker does not exist on your account.');
    }
    if (path.endsWith('/schedules') && service.refusesSchedules)
      return refused(400, 10_072, 'You have exceeded the limit of 5 cron triggers.');
    if (path.endsWith('/assets-upload-session')) return ok({ jwt: 'a-pass-for-files', buckets: [] });
    if (path.endsWith('/subdomain')) return ok({ subdomain: 'example', enabled: true, previews_enabled: false });
    if (request.method === 'PUT' && path === `/workers/scripts/${worker}`) {
      if (service.refusesUploads) return refused(400, 10_021, 'Uncaught Error: Slotwell cannot start.');
      const form = await new Response(new Uint8Array(content), {
        headers: { 'Content-Type': request.headers['content-type'] ?? '' },
      }).formData();
      uploads.push({ worker, metadata: metadata.parse(JSON.parse(String(form.get('metadata')))) });
      return ok({ id: worker, startup_time_ms: 50, available_on_subdomain: true, etag: 'x' });
    }
    return ok({});
  };
  const server = createServer((request, response) => {
    void answer(request).then(({ status, body }) =>
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const service: CloudflareService = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/client/v4`,
    calls,
    uploads,
    refusesUploads: false,
    refusesSchedules: false,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return service;
}
