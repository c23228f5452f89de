import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { z } from 'zod';

/** A local stand-in of Resend's API: what POST /emails takes, refuses and remembers. */
export interface ResendService {
  /** `http://127.0.0.1:port`, for what the world calls api.resend.com. */
  readonly url: string;
  /** The one key that is taken. */
  readonly apiKey: string;
  /** What was taken to be sent, oldest first; a repeated key is one mail. */
  readonly mails: readonly ReceivedMail[];
  /** How often it was asked, refused or not. */
  readonly asked: number;
  /** Answers 503, as long as it is set. */
  isAway: boolean;
  /** What a key with all rights may read; null: the key may only send. */
  domains: { readonly name: string; readonly status: string }[] | null;
  /** How it answers instead; null: as it should. */
  fault: ResendFault | null;
  close(): Promise<void>;
}

export type ResendFault =
  /** This answer; `afterwards` the mail has been taken all the same. */
  | {
      readonly status: number;
      readonly body: string;
      readonly headers?: Record<string, string>;
      readonly afterwards?: true;
    }
  /** No answer ever. */
  | 'silence'
  /** The connection breaks before the answer, after the mail was taken. */
  | 'cut';

export interface ReceivedMail {
  readonly id: string;
  readonly idempotencyKey: string | null;
  readonly from: string;
  readonly to: readonly string[];
  readonly replyTo: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly attachments: readonly {
    readonly filename: string;
    readonly contentType: string;
    readonly content: Buffer;
  }[];
}

const API_KEY = 're_tests_0123456789';
const KEEPS_KEYS_MS = 24 * 3_600_000;

/** `address` or `Name <address>`, the name plain or in quotes. */
export function mailboxOf(text: string): { name: string; address: string } | undefined {
  const match = /^(?:(?:"([^"\\<>]*)"|([^"\\<>@,;:]*?)) <([^<>\s]+)>|([^<>\s]+))$/u.exec(text);
  const address = match?.[3] ?? match?.[4] ?? '';
  if (!/^[^\s@<>,;:"]+@[^\s@<>,;:"]+\.[^\s@<>,;:"]+$/.test(address)) return undefined;
  return { name: match?.[1] ?? match?.[2] ?? '', address };
}

const mailbox = z.string().refine((text) => mailboxOf(text) !== undefined, 'Invalid email');
const mailboxes = z.union([mailbox.transform((one) => [one]), z.array(mailbox).min(1).max(50)]);
const isBase64 = (text: string) => /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0;

const payload = z.object({
  from: mailbox,
  to: mailboxes,
  reply_to: mailboxes.optional(),
  subject: z.string().min(1),
  text: z.string().optional(),
  html: z.string().optional(),
  headers: z.record(z.string(), z.string()).default({}),
  attachments: z
    .array(
      z.object({
        filename: z.string().min(1),
        content: z.string().refine(isBase64, 'content must be base64'),
        content_type: z.string().default('application/octet-stream'),
      }),
    )
    .default([]),
});

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const refusal = (status: number, name: string, message = name): Answer => ({
  status,
  body: { statusCode: status, name, message },
});

/** `clock` is by what keys are forgotten after 24 hours. */
export async function startResendService({ clock = Date.now } = {}): Promise<ResendService> {
  const mails: ReceivedMail[] = [];
  const kept = new Map<string, { hash: string; id: string; at: number }>();
  let asked = 0;

  const take = (authorization: string | undefined, key: string | null, body: unknown): Answer => {
    if (authorization === undefined) return refusal(401, 'missing_api_key');
    if (authorization !== `Bearer ${API_KEY}`) return refusal(403, 'invalid_api_key', 'API key is invalid');
    if (key !== null && (key.length < 1 || key.length > 256)) return refusal(400, 'invalid_idempotency_key');
    const hash = createHash('sha256').update(JSON.stringify(body)).digest('hex');
    const earlier = key === null ? undefined : kept.get(key);
    if (earlier !== undefined && clock() - earlier.at < KEEPS_KEYS_MS) {
      if (earlier.hash !== hash) return refusal(409, 'invalid_idempotent_request');
      return { status: 200, body: { id: earlier.id } };
    }
    const parsed = payload.safeParse(body);
    if (!parsed.success) return refusal(422, 'validation_error', parsed.error.issues[0]?.message);
    const { data: mail } = parsed;
    if (mail.text === undefined && mail.html === undefined) return refusal(422, 'missing_required_field');
    const id = crypto.randomUUID();
    mails.push({
      id,
      idempotencyKey: key,
      from: mail.from,
      to: mail.to,
      replyTo: mail.reply_to ?? [],
      subject: mail.subject,
      text: mail.text ?? '',
      html: mail.html ?? '',
      headers: mail.headers,
      attachments: mail.attachments.map(({ filename, content, content_type }) => ({
        filename,
        contentType: content_type,
        content: Buffer.from(content, 'base64'),
      })),
    });
    if (key !== null) kept.set(key, { hash, id, at: clock() });
    return { status: 200, body: { id } };
  };

  const domainsFor = (authorization: string | undefined): Answer => {
    if (authorization !== `Bearer ${API_KEY}`) return refusal(403, 'invalid_api_key', 'API key is invalid');
    if (service.domains === null) return refusal(401, 'restricted_api_key');
    return { status: 200, body: { object: 'list', data: service.domains } };
  };

  const server = createServer((request, response) => {
    void (async () => {
      asked += 1;
      const key = request.headers['idempotency-key'];
      const body: unknown = await json(request).catch(() => undefined);
      const send = ({ status, body: content }: Answer, headers: Record<string, string> = {}) =>
        response
          .writeHead(status, { 'Content-Type': 'application/json', ...headers })
          .end(typeof content === 'string' ? content : JSON.stringify(content));
      if (service.isAway) return send(refusal(503, 'service_unavailable'));
      if (request.method === 'GET' && request.url === '/domains')
        return send(domainsFor(request.headers.authorization));
      if (request.method !== 'POST' || request.url !== '/emails') return send(refusal(404, 'not_found'));
      const { fault } = service;
      if (fault === 'silence') return undefined;
      const taking = () => take(request.headers.authorization, typeof key === 'string' ? key : null, body);
      if (fault === null) return send(taking());
      if (fault === 'cut' || fault.afterwards) taking();
      if (fault === 'cut') return request.socket.destroy();
      return send({ status: fault.status, body: fault.body }, fault.headers);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const service: ResendService = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey: API_KEY,
    mails,
    get asked() {
      return asked;
    },
    domains: null,
    isAway: false,
    fault: null,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return service;
}
