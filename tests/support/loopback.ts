import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { App } from '~/context';
import { action } from '~/routes/api/jobs';

/** What befalls a call: the connection breaks before or after the work, it waits, or another answer is given. */
export interface Fault {
  readonly breaks?: 'before' | 'after';
  readonly until?: Promise<unknown>;
  readonly answer?: Response;
}

export interface Loopback {
  readonly baseUrl: string;
  /** Path and body of every call, in order. */
  readonly calls: { readonly path: string; readonly body: string }[];
  /** The largest number of calls under way at once. */
  mostAtOnce(): number;
  close(): Promise<void>;
}

/** The job endpoint on a port of its own, as a machine's scheduler reaches it; `fault` is asked for each call. */
export async function loopback(
  app: App,
  fault: (call: { path: string; body: string; number: number }) => Fault = () => ({}),
): Promise<Loopback> {
  const calls: { path: string; body: string }[] = [];
  let underWay = 0;
  let most = 0;
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      try {
        const path = incoming.url ?? '/';
        const body = await text(incoming);
        calls.push({ path, body });
        const { breaks, until, answer } = fault({ path, body, number: calls.length });
        await until;
        if (breaks === 'before') return incoming.socket.destroy();
        const request = new Request(`http://127.0.0.1${path}`, {
          method: 'POST',
          headers: incoming.headers as Record<string, string>,
          body,
        });
        const response = answer ?? (await answerOf(app, request, path));
        if (breaks === 'after') return incoming.socket.destroy();
        return outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text());
      } finally {
        underWay -= 1;
      }
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    mostAtOnce: () => most,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What the route answers; like the server, 500 for what it throws. */
async function answerOf(app: App, request: Request, path: string): Promise<Response> {
  const job = /^\/api\/jobs\/([^/?]+)/.exec(path)?.[1];
  try {
    return await action({
      request,
      params: { job },
      context: { app, clientAddress: '127.0.0.1', nonce: '', report: () => undefined, note: () => undefined },
    });
  } catch {
    return new Response(null, { status: 500 });
  }
}
