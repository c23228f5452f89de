import { createHash, createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

/** A local stand-in of QStash: keeps messages, and delivers them when the test says so. */
export interface QstashService {
  /** `http://127.0.0.1:port`, for what the world calls qstash.upstash.io. */
  readonly url: string;
  readonly token: string;
  /** Which keys sign; `rotate` makes the next one current. */
  readonly keys: { readonly current: string; readonly next: string };
  /** What waits to be delivered, oldest first. */
  readonly messages: readonly QueuedMessage[];
  /** What was tried for the last time in vain. */
  readonly deadLetters: readonly QueuedMessage[];
  /** How often it was asked, refused or not. */
  readonly asked: number;
  /** Answers 503, as long as it is set. */
  isAway: boolean;
  /** How it answers instead; null: as it should. */
  fault: QstashFault | null;
  /** Each delivery is made twice, as happens after a restart of QStash. */
  deliversTwice: boolean;
  rotate(): void;
  /**
   * Posts what is due at `now`, signed at the machine's own time, and again whatever is to be repeated by then. Gives
   * each delivery with the status of its answer (0: none).
   */
  deliverDue(now: number, deliver: (request: Request) => Promise<AnswerOfSite>): Promise<Delivery[]>;
  /** The headers of a delivery of this body; `at` is when it is signed, in ms, `key` what signs. */
  sign(url: string, body: string, wish?: { at?: number; key?: string }): Record<string, string>;
  close(): Promise<void>;
}

export type QstashFault =
  | { readonly status: number; readonly body?: string; readonly headers?: Record<string, string> }
  /** No answer ever; nothing is kept. */
  | 'silence'
  /** The connection breaks before the answer, after the messages were kept. */
  | 'cut'
  /** Of a batch the second half is refused, one by one. */
  | 'half';

/** Of `Response` what QStash looks at; miniflare's own fits too. */
interface AnswerOfSite {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
}

export interface QueuedMessage {
  readonly messageId: string;
  readonly url: string;
  readonly method: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly deduplicationId: string | null;
  /** When it is to be delivered, in ms. */
  readonly notBefore: number;
  readonly retries: number;
  readonly retried: number;
}

export interface Delivery {
  readonly messageId: string;
  readonly url: string;
  readonly retried: number;
  readonly status: number;
}

const TOKEN = 'a-token-of-qstash';
const DEDUPLICATES_MS = 10 * 60_000;
/** Free plan. */
const LONGEST_DELAY_MS = 7 * 86_400_000;
const LONGEST_PAUSE_SECONDS = 86_400;

const batch = z.array(
  z.object({
    destination: z.string(),
    headers: z.record(z.string(), z.string()).default({}),
    body: z.string().default(''),
  }),
);

/** `clock` is by what deduplication and delays are counted. */
export async function startQstashService({ clock = Date.now } = {}): Promise<QstashService> {
  let keys = { current: 'sig_current_of_tests', next: 'sig_next_of_tests' };
  let messages: QueuedMessage[] = [];
  const deadLetters: QueuedMessage[] = [];
  const seen = new Map<string, { messageId: string; at: number }>();
  let asked = 0;

  /** One message of whatever endpoint; headers by lower-case names. */
  const publish = (destination: string, headers: Readonly<Record<string, string>>, body: string) => {
    if (!/^https?:\/\/[^/]+\.[^/]+/.test(destination))
      return { status: 400, body: { error: 'invalid destination url' } };
    const now = clock();
    const notBefore = headers['upstash-not-before'];
    if (notBefore !== undefined && !/^\d+$/.test(notBefore))
      return { status: 400, body: { error: 'invalid not before' } };
    const at = notBefore === undefined ? now : Number(notBefore) * 1000;
    if (at > now + LONGEST_DELAY_MS) return { status: 400, body: { error: 'delay exceeds the maximum of the plan' } };
    const deduplicationId = headers['upstash-deduplication-id'] ?? null;
    const earlier = deduplicationId === null ? undefined : seen.get(deduplicationId);
    if (earlier !== undefined && now - earlier.at < DEDUPLICATES_MS)
      return { status: 202, body: { messageId: earlier.messageId, deduplicated: true } };
    const messageId = `msg_${crypto.randomUUID()}`;
    if (deduplicationId !== null) seen.set(deduplicationId, { messageId, at: now });
    messages.push({
      messageId,
      url: destination,
      method: headers['upstash-method'] ?? 'POST',
      body,
      headers: {
        ...(headers['content-type'] === undefined ? {} : { 'Content-Type': headers['content-type'] }),
        ...Object.fromEntries(
          Object.entries(headers).flatMap(([name, value]) =>
            name.startsWith('upstash-forward-') ? [[name.slice('upstash-forward-'.length), value]] : [],
          ),
        ),
      },
      deduplicationId,
      notBefore: at,
      retries: Number(headers['upstash-retries'] ?? 3),
      retried: 0,
    });
    return { status: 201, body: { messageId } };
  };

  const answerTo = (method: string, path: string, headers: Readonly<Record<string, string>>, body: string) => {
    if (headers.authorization !== `Bearer ${TOKEN}`) return { status: 401, body: { error: 'unauthorized' } };
    const destination = /^\/v2\/publish\/(.+)$/.exec(path)?.[1];
    if (method === 'POST' && destination !== undefined) return publish(destination, headers, body);
    if (method === 'POST' && path === '/v2/batch') {
      const parsed = batch.safeParse(JSON.parse(body));
      if (!parsed.success) return { status: 400, body: { error: 'invalid batch' } };
      const all = parsed.data.map((one, i) =>
        service.fault === 'half' && i >= parsed.data.length / 2
          ? { body: { error: 'quota exceeded' } }
          : publish(one.destination, one.headers, one.body),
      );
      return { status: 200, body: all.map((one) => one.body) };
    }
    const id = /^\/v2\/messages\/([^/?]+)$/.exec(path)?.[1];
    const message = messages.find(({ messageId }) => messageId === id);
    if (id !== undefined && message === undefined) return { status: 404, body: { error: `message ${id} not found` } };
    if (method === 'GET' && message !== undefined) return { status: 200, body: message };
    if (method === 'DELETE' && message !== undefined) {
      messages = messages.filter((one) => one !== message);
      return { status: 200, body: {} };
    }
    if (method === 'GET' && path === '/v2/keys') return { status: 200, body: keys };
    return { status: 404, body: { error: 'not found' } };
  };

  const server = createServer((request, response) => {
    void (async () => {
      asked += 1;
      const body = await text(request);
      const send = (status: number, content: string, headers: Record<string, string> = {}) =>
        response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(content);
      const { fault } = service;
      if (service.isAway) return send(503, '{"error":"away"}');
      if (fault === 'silence') return undefined;
      if (fault !== null && fault !== 'cut' && fault !== 'half')
        return send(fault.status, fault.body ?? '{"error":"refused"}', fault.headers);
      const headers = request.headers as Record<string, string>;
      const answer = answerTo(request.method ?? 'GET', request.url ?? '/', headers, body);
      if (fault === 'cut') return request.socket.destroy();
      return send(answer.status, JSON.stringify(answer.body));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const sign = (url: string, body: string, { at = Date.now(), key = keys.current } = {}) => {
    const now = Math.floor(at / 1000);
    const claims = {
      iss: 'Upstash',
      sub: url,
      exp: now + 300,
      nbf: now,
      iat: now,
      jti: `jwt_${crypto.randomUUID()}`,
      // Padded, as seen in the wild.
      body: `${createHash('sha256').update(body).digest('base64url')}=`,
    };
    return { 'Upstash-Signature': signedToken(claims, key) };
  };

  const deliverOnce = async (message: QueuedMessage, deliver: (request: Request) => Promise<AnswerOfSite>) => {
    const request = new Request(message.url, {
      method: message.method,
      headers: {
        ...message.headers,
        ...sign(message.url, message.body),
        'Upstash-Message-Id': message.messageId,
        'Upstash-Retried': String(message.retried),
        'User-Agent': 'Upstash-QStash',
      },
      body: message.body,
    });
    return deliver(request).catch(() => null);
  };

  const service: QstashService = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: TOKEN,
    get keys() {
      return keys;
    },
    get messages() {
      return messages;
    },
    deadLetters,
    get asked() {
      return asked;
    },
    isAway: false,
    fault: null,
    deliversTwice: false,
    rotate() {
      keys = { current: keys.next, next: `sig_${crypto.randomUUID()}` };
    },
    sign,
    async deliverDue(now, deliver) {
      const deliveries: Delivery[] = [];
      for (;;) {
        const due = messages.filter(({ notBefore }) => notBefore <= now);
        if (due.length === 0) return deliveries;
        for (const message of due) {
          messages = messages.filter((one) => one !== message);
          if (service.deliversTwice) await deliverOnce(message, deliver);
          const answer = await deliverOnce(message, deliver);
          const { messageId, url, retried, retries } = message;
          deliveries.push({ messageId, url, retried, status: answer?.status ?? 0 });
          if (answer?.ok) continue;
          const isRefused = answer?.status === 489 && answer.headers.get('Upstash-NonRetryable-Error') === 'true';
          if (isRefused || retried >= retries) deadLetters.push(message);
          else messages.push({ ...message, retried: retried + 1, notBefore: now + pauseAfter(retried + 1, answer) });
        }
      }
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return service;
}

/** A JWT with HS256, as QStash makes them of its claims. */
export function signedToken(claims: Readonly<Record<string, unknown>>, key: string): string {
  const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}

/** In ms: 12 s, 2½ min, 30 min …, or what the answer asks for; at most a day. */
function pauseAfter(attempt: number, answer: AnswerOfSite | null): number {
  const asked = Number(answer?.headers.get('Retry-After') ?? Number.NaN);
  const seconds = Number.isFinite(asked) ? asked : Math.floor(Math.exp(2.5 * attempt));
  return Math.min(seconds, LONGEST_PAUSE_SECONDS) * 1000;
}
