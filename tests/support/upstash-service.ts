import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import RedisMock from 'ioredis-mock';
import { z } from 'zod';

/** A local stand-in of Upstash's REST protocol in front of a Redis in memory. */
export interface UpstashService {
  /** `http://127.0.0.1:port`, for what the world calls ….upstash.io. */
  readonly url: string;
  readonly token: string;
  /** What came, oldest first: each journey with its commands' names. */
  readonly journeys: readonly (readonly string[])[];
  /** Every key there is. */
  keys(): Promise<string[]>;
  /** Answers 503, as long as it is set. */
  isAway: boolean;
  /** Answers scripts with this result instead, unless undefined. */
  garbage: unknown;
  /** Never answers, as long as it is set. */
  isSilent: boolean;
  close(): Promise<void>;
}

const TOKEN = 'a-token-of-upstash';

const command = z.array(z.union([z.string(), z.number()])).min(1);
type Command = z.infer<typeof command>;
type Answer = { readonly result: unknown } | { readonly error: string };

export async function startUpstashService(): Promise<UpstashService> {
  const redis = new RedisMock({ keyPrefix: '' });
  // All of one process share their data; a service of its own begins empty.
  await redis.flushall();
  const journeys: string[][] = [];

  const run = async ([name = '', ...args]: Command, isBase64: boolean): Promise<Answer> => {
    const verb = String(name).toLowerCase();
    try {
      // The digest is of the script with its first line, which the Redis behind does not know.
      if (verb === 'evalsha') return { error: 'NOSCRIPT No matching script. Please use EVAL.' };
      if (verb === 'eval' && service.garbage !== undefined) return { result: service.garbage };
      const [script = '', ...rest] = args;
      const sent = verb === 'eval' ? [String(script).replace(/^#!lua.*\n/, ''), ...rest] : args;
      // The mock has a method for each command and no `call`.
      const method = (redis as unknown as Record<string, ((...args: string[]) => Promise<unknown>) | undefined>)[verb];
      if (method === undefined) return { error: `ERR unknown command '${verb}'` };
      const result: unknown = await method.call(redis, ...sent.map(String));
      return { result: isBase64 ? encoded(result) : result };
    } catch (error) {
      return { error: `ERR ${(error as Error).message}` };
    }
  };

  const server = createServer((request, response) => {
    void (async () => {
      const send = (status: number, body: unknown) =>
        response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
      const body: unknown = await json(request).catch(() => undefined);
      const isPipeline = request.url === '/pipeline' || request.url === '/multi-exec';
      const parsed = isPipeline ? z.array(command).safeParse(body) : command.safeParse(body);
      const commands = parsed.success ? (isPipeline ? (parsed.data as Command[]) : [parsed.data as Command]) : [];
      journeys.push(commands.map(([name]) => String(name)));
      if (service.isSilent) return undefined;
      if (service.isAway) return send(503, { error: 'away' });
      if (request.headers.authorization !== `Bearer ${TOKEN}`) return send(401, { error: 'WRONGPASS invalid token' });
      if (request.method !== 'POST') return send(405, { error: 'method not allowed' });
      if (!parsed.success) return send(400, { error: 'ERR failed to parse the request' });
      const isBase64 = request.headers['upstash-encoding'] === 'base64';
      const answers: Answer[] = [];
      // One after the other: Redis itself does nothing at the same time.
      for (const one of commands) answers.push(await run(one, isBase64));
      const [only] = answers;
      if (isPipeline) return send(200, answers);
      return send(only !== undefined && 'error' in only ? 400 : 200, only);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const service: UpstashService = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: TOKEN,
    journeys,
    keys: () => redis.keys('*'),
    isAway: false,
    garbage: undefined,
    isSilent: false,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      redis.disconnect();
    },
  };
  return service;
}

/** Every text in base64 except `OK`; numbers and null as they are. */
function encoded(result: unknown): unknown {
  if (Array.isArray(result)) return result.map(encoded);
  return typeof result === 'string' && result !== 'OK' ? Buffer.from(result).toString('base64') : result;
}
