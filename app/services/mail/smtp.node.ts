import { createTransport, type NodemailerError } from 'nodemailer';
import { z } from 'zod';
import { ServiceError } from '../service-error';
import { headerText, isPlainAddress } from './header-text';
import type { Mail, Mailbox, Message } from './mail';

export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  /** Absent: the server asks no one who they are. */
  readonly login?: { readonly user: string; readonly pass: string };
  /** The site's own address: sender of every mail. */
  readonly from: string;
}

const variables = z
  .object({
    SMTP_HOST: z.string().min(1),
    SMTP_PORT: z.coerce.number().int().min(1).max(65_535).default(587),
    SMTP_USER: z.string().optional(),
    SMTP_PASS: z.string().optional(),
    EMAIL_FROM: z.email({ error: 'needs an email address' }),
  })
  .refine((given) => (given.SMTP_USER === undefined) === (given.SMTP_PASS === undefined), {
    path: ['SMTP_USER'],
    message: 'goes together with SMTP_PASS',
  });

/**
 * The SMTP server of the environment; null without SMTP_HOST. Empty variables count as absent.
 * Throws an Error that names each wrong variable, never its value.
 */
export function findSmtpSettings(environment: Readonly<Record<string, string | undefined>>): SmtpSettings | null {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  if (given.SMTP_HOST === undefined) return null;
  const parsed = variables.safeParse(given);
  if (!parsed.success)
    throw new Error(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
  const { SMTP_HOST: host, SMTP_PORT: port, SMTP_USER: user, SMTP_PASS: pass, EMAIL_FROM: from } = parsed.data;
  return { host, port, from, ...(user !== undefined && pass !== undefined ? { login: { user, pass } } : {}) };
}

// All of a sending ends well before the 30 s for which the database keeps a transaction open.
const SENDING_MS = 20_000;

/**
 * Sends by an SMTP server: TLS from the start on port 465, STARTTLS (never without) on others, in clear only to this
 * machine itself. SMTP knows no idempotency: the Message-ID made from the key lets mailboxes see a double for what it is.
 */
export function smtpMail(settings: SmtpSettings, limits: { sendingMs: number } = { sendingMs: SENDING_MS }): Mail {
  const transport = transportTo(settings);
  const domain = settings.from.slice(settings.from.lastIndexOf('@') + 1);

  return {
    async send(message) {
      if (![message.to, message.replyTo].every((box) => box === undefined || isPlainAddress(box.address)))
        throw new ServiceError('give-up', 'not one plain address');
      const sent = await transport
        .sendMail({
          ...contentOf(message),
          from: { name: headerText(message.fromName ?? 'Slotwell'), address: settings.from },
          messageId: `<${message.idempotencyKey.replace(/[^\w.-]/g, '-')}@${domain}>`,
          signal: AbortSignal.timeout(limits.sendingMs),
        })
        .catch((error: NodemailerError) => {
          throw new ServiceError(remedyOf(error), `SMTP ${error.code ?? 'failed'} ${error.responseCode ?? ''}`.trim(), {
            cause: error,
          });
        });
      if (sent.rejected.length > 0) throw new ServiceError('give-up', 'SMTP server refused the recipient');
      return { providerId: sent.messageId };
    },
  };
}

/** The way to a server; `verify()` tells whether it is there and takes the login. */
export function transportTo(settings: SmtpSettings) {
  const isLoopback = ['localhost', '127.0.0.1', '::1'].includes(settings.host);
  return createTransport({
    host: settings.host,
    port: settings.port,
    secure: settings.port === 465,
    requireTLS: !isLoopback,
    ignoreTLS: isLoopback,
    auth: settings.login,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 15_000,
    // An attachment's `path` would read files and fetch addresses.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

function contentOf({ to, replyTo, subject, text, html, invitation, idempotencyKey }: Message) {
  return {
    to: mailbox(to),
    ...(replyTo ? { replyTo: mailbox(replyTo) } : {}),
    subject: headerText(subject),
    text,
    html,
    // Both as alternative, which clients show as an invitation, and as the file that others can open.
    ...(invitation
      ? { icalEvent: { method: invitation.method, filename: 'invite.ics', content: invitation.content } }
      : {}),
    headers: {
      // RFC 3834: no machine is to answer.
      'Auto-Submitted': 'auto-generated',
      // Resend's SMTP endpoint keeps this promise; others pass it by.
      'Resend-Idempotency-Key': headerText(idempotencyKey),
    },
  };
}

/** Always name and address apart: a text would be read as a list of addresses. */
const mailbox = ({ name, address }: Mailbox) => ({ name: headerText(name ?? ''), address });

/** A refused login waits for a person, not for time; it says nothing about the message. */
function remedyOf(error: NodemailerError): ServiceError['remedy'] {
  if (error.code === 'EAUTH' || error.code === 'ENOAUTH') return 'reconnect';
  if (error.code === 'EENVELOPE') return error.permanent === false ? 'retry' : 'give-up';
  return error.permanent === true ? 'give-up' : 'retry';
}
