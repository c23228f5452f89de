import { Resend } from 'resend';
import { z } from 'zod';
import { ServiceError } from '../service-error';
import { headerText, isPlainAddress } from './header-text';
import type { Mail, Mailbox, Message } from './mail';

export interface ResendSettings {
  readonly apiKey: string;
  /** The site's own address, of a domain that is verified with Resend: sender of every mail. */
  readonly from: string;
  /** Another server that speaks as Resend does. */
  readonly baseUrl?: string;
}

const BASE_URL = 'https://api.resend.com';
const SENDING_MS = 10_000;
/** What a plan allows is spent: it comes back with the hour at the soonest. */
const QUOTA_PAUSE_SECONDS = 3_600;

/** The client passes on what came as JSON, whatever that was. */
const refusal = z.object({
  name: z
    .string()
    .regex(/^[a-z_]{1,60}$/)
    .catch('unknown'),
  statusCode: z.number().nullable().catch(null),
});
const taken = z.object({ id: z.string().min(1) });

/**
 * Sends by Resend's API. The same key within 24 hours is the same mail: it is sent once and answered alike; the same
 * key with other content is refused for good.
 */
export function resendMail(
  { apiKey, from, baseUrl = BASE_URL }: ResendSettings,
  limits: { sendingMs: number } = { sendingMs: SENDING_MS },
): Mail {
  const { emails } = new Resend(apiKey, { baseUrl });

  return {
    async send(message) {
      if (![message.to, message.replyTo].every((box) => box === undefined || isPlainAddress(box.address)))
        throw new ServiceError('give-up', 'not one plain address');
      const {
        data: answer,
        error,
        headers,
      } = await emails.send(contentOf(message, from), {
        idempotencyKey: message.idempotencyKey,
        signal: AbortSignal.timeout(limits.sendingMs),
      });
      // A broken answer may come with neither: only an id is proof.
      const sent = taken.safeParse(answer);
      if (sent.success) return { providerId: sent.data.id };
      throw errorOf(error, headers);
    },
  };
}

function contentOf({ to, replyTo, fromName, subject, text, html, invitation }: Message, from: string) {
  return {
    from: mailbox({ name: fromName ?? 'Slotwell', address: from }),
    to: [mailbox(to)],
    ...(replyTo ? { replyTo: [mailbox(replyTo)] } : {}),
    subject: headerText(subject),
    text,
    html,
    ...(invitation
      ? {
          attachments: [
            {
              filename: 'invite.ics',
              // Any bytes will do, and the client makes base64 of them; a text would be taken for base64.
              content: new TextEncoder().encode(invitation.content) as Buffer,
              contentType: `text/calendar; charset=utf-8; method=${invitation.method}`,
            },
          ],
        }
      : {}),
    // RFC 3834: no machine is to answer.
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}

/**
 * `Name <address>`, which is the only form that Resend takes: what would end the name early is left out, and
 * what lists are made of stands in quotes (RFC 5322, section 3.2.4).
 */
function mailbox({ name = '', address }: Mailbox): string {
  const plain = headerText(name)
    .replace(/["\\<>]/g, '')
    .trim();
  if (plain === '') return address;
  return `${/^[\p{L}\p{M}\p{N} '-]+$/u.test(plain) ? plain : `"${plain}"`} <${address}>`;
}

function errorOf(error: unknown, headers: Record<string, string> | null): ServiceError {
  const { name, statusCode } = refusal.catch({ name: 'unknown', statusCode: null }).parse(error);
  const isQuota = name === 'daily_quota_exceeded' || name === 'monthly_quota_exceeded';
  const seconds = Number(headers?.['retry-after'] ?? Number.NaN);
  const retryAfterSeconds = seconds > 0 ? Math.ceil(seconds) : isQuota ? QUOTA_PAUSE_SECONDS : undefined;
  return new ServiceError(remedyOf(statusCode, name), `Resend ${statusCode ?? 'gave no answer'} ${name}`, {
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

/**
 * By status, since names differ between versions of Resend's pages. A refused key or sender (401, 403) waits for a
 * person and says nothing about the message; 409 is either another try under way, or the same key for another mail.
 */
function remedyOf(status: number | null, name: string): ServiceError['remedy'] {
  if (status === 401 || status === 403) return 'reconnect';
  if (status === 409) return name === 'invalid_idempotent_request' ? 'give-up' : 'retry';
  if (status === null || status === 408 || status === 429 || status >= 500) return 'retry';
  return status >= 400 ? 'give-up' : 'retry';
}
