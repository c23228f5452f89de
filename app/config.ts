import { z } from 'zod';

const secret = z.string().min(32);
/** As providers print them; a line break in one would break the header that it travels in. */
const key = z.string().regex(/^[!-~]+$/, 'needs the value as its provider shows it, without blanks');
const serviceUrl = z
  .url({ protocol: /^https?$/, error: 'needs an address such as https://…' })
  .transform((text) => text.replace(/\/+$/, ''));

const environment = z.object({
  SITE_URL: z
    .url({ protocol: /^https?$/, error: 'needs an address like https://book.example.org' })
    .transform((text) => new URL(text).origin),
  /** Newest first: all verify, the first signs. */
  SESSION_SECRET: z.string({ error: 'is needed: at least 32 characters' }).transform((text, context) => {
    const secrets = text.split(',').map((one) => one.trim());
    if (secrets.length === 0 || secrets.some((one) => !secret.safeParse(one).success))
      context.addIssue({ code: 'custom', message: 'needs at least 32 characters (several: newest first, by comma)' });
    return secrets as [string, ...string[]];
  }),
  EMAIL_FROM: z.email({ error: 'needs an email address' }).default('bookings@slotwell.invalid'),
  ADMIN_EMAIL: z.email({ error: 'needs an email address' }).optional(),
  DATABASE_URL: z.optional(
    z.string().superRefine((text, context) => {
      const fault = databaseUrlFault(text);
      if (fault !== null) context.addIssue({ code: 'custom', message: fault });
    }),
  ),
  RESEND_API_KEY: z.optional(key),
  UPSTASH_REDIS_REST_URL: z.optional(serviceUrl),
  UPSTASH_REDIS_REST_TOKEN: z.optional(key),
  QSTASH_URL: z.optional(serviceUrl),
  QSTASH_TOKEN: z.optional(key),
  QSTASH_CURRENT_SIGNING_KEY: z.optional(key),
  QSTASH_NEXT_SIGNING_KEY: z.optional(key),
});

/** The environment, checked once. Nothing else reads variables. */
export interface Config {
  /** Origin, without a slash at the end. */
  readonly siteUrl: string;
  readonly isSecure: boolean;
  readonly secrets: readonly [string, ...string[]];
  readonly emailFrom: string;
  readonly adminEmail: string | undefined;
  /** As given: who opens the database knows which forms it takes. */
  readonly databaseUrl: string | undefined;
  readonly resend: ResendConfig | null;
  readonly upstash: UpstashConfig | null;
  readonly qstash: QstashConfig | null;
  readonly version: string;
}

export interface ResendConfig {
  readonly apiKey: string;
}

export interface UpstashConfig {
  readonly url: string;
  readonly token: string;
}

export interface QstashConfig {
  readonly url: string;
  readonly token: string;
  readonly currentSigningKey: string;
  /** What the current one will be replaced by: calls signed by either are believed. */
  readonly nextSigningKey: string;
}

/** What a home has nothing of its own for, and takes from a service of the environment. */
export interface Needs {
  readonly database?: boolean;
  readonly mail?: boolean;
  readonly jobs?: boolean;
}

/** What the Worker needs: everything that one machine brings along. */
export const EDGE_NEEDS: Needs = { database: true, mail: true, jobs: true };

/** Problems of all variables at once, by name, never by value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

type Given = Readonly<Record<string, string>>;

/**
 * Reads the variables that both homes share; blanks around a value are cut, empty ones count as absent. `needs` says
 * what cannot be left out here. Throws ConfigError, a line for each problem.
 */
export function parseEnvironment(variables: Readonly<Record<string, unknown>>, needs: Needs = {}): Config {
  const given: Given = Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => {
      const text = typeof value === 'string' ? value.trim() : '';
      return text === '' ? [] : [[name, text]];
    }),
  );
  const parsed = environment.safeParse(given);
  const problems = [
    ...(parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)),
    ...missing(given, needs),
    ...forTestsOnly(given, needs),
  ];
  if (!parsed.success || problems.length > 0) throw new ConfigError([...new Set(problems)].join('\n'));
  const { data: read } = parsed;
  return {
    siteUrl: read.SITE_URL,
    isSecure: read.SITE_URL.startsWith('https:'),
    secrets: read.SESSION_SECRET,
    emailFrom: read.EMAIL_FROM,
    adminEmail: read.ADMIN_EMAIL,
    databaseUrl: read.DATABASE_URL,
    resend: read.RESEND_API_KEY === undefined ? null : { apiKey: read.RESEND_API_KEY },
    upstash: upstashOf(read),
    qstash: qstashOf(read),
    version: '0.1.0',
  };
}

type Parsed = z.infer<typeof environment>;

function upstashOf({ UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token }: Parsed): UpstashConfig | null {
  return url === undefined || token === undefined ? null : { url, token };
}

/** In Europe; each region has an address, a token and keys of its own. */
const QSTASH_URL = 'https://qstash.upstash.io';

function qstashOf({
  QSTASH_URL: url = QSTASH_URL,
  QSTASH_TOKEN: token,
  QSTASH_CURRENT_SIGNING_KEY: currentSigningKey,
  QSTASH_NEXT_SIGNING_KEY: nextSigningKey,
}: Parsed): QstashConfig | null {
  if (token === undefined || currentSigningKey === undefined || nextSigningKey === undefined) return null;
  return { url, token, currentSigningKey, nextSigningKey };
}

/** Variables that go together: with one of `given` all of `needed` are there. */
const TOGETHER: readonly { readonly given: readonly string[]; readonly needed: readonly string[] }[] = [
  { given: ['RESEND_API_KEY'], needed: ['EMAIL_FROM'] },
  {
    given: ['UPSTASH_REDIS_REST_URL', 'UPSTASH_REDIS_REST_TOKEN'],
    needed: ['UPSTASH_REDIS_REST_URL', 'UPSTASH_REDIS_REST_TOKEN'],
  },
  {
    given: ['QSTASH_URL', 'QSTASH_TOKEN', 'QSTASH_CURRENT_SIGNING_KEY', 'QSTASH_NEXT_SIGNING_KEY'],
    needed: ['QSTASH_TOKEN', 'QSTASH_CURRENT_SIGNING_KEY', 'QSTASH_NEXT_SIGNING_KEY'],
  },
];

const NEEDED: Readonly<Record<keyof Needs, readonly string[]>> = {
  database: [],
  mail: ['RESEND_API_KEY', 'EMAIL_FROM'],
  jobs: ['QSTASH_TOKEN', 'QSTASH_CURRENT_SIGNING_KEY', 'QSTASH_NEXT_SIGNING_KEY'],
};

const DATABASE_FORM = 'needs postgresql://user:password@host/database';
const ENCODED_FORM = `${DATABASE_FORM}, special characters of the password percent-encoded (# is %23, / is %2F)`;

/**
 * What is wrong with a DATABASE_URL, without a word of it; null: whoever reads it reads the same. `isRemote`: reached over
 * the net, with a name and a password.
 */
export function databaseUrlFault(text: string, { isRemote = false } = {}): string | null {
  if (!/^postgres(ql)?:\/\//.test(text)) return DATABASE_FORM;
  const url = urlOf(text);
  // An unencoded # or / ends the host: what follows it, the rest of the password, would be asked for as a database.
  if (url === null || /[\s#]/.test(text) || /@/.test(url.pathname + url.search)) return ENCODED_FORM;
  if (!isDecodable(url.username + url.password + url.pathname)) return ENCODED_FORM;
  if (!isRemote) return null;
  // Neon's driver reads it by the rules of http.
  if (urlOf(text.replace(/^\w+/, 'http')) === null) return ENCODED_FORM;
  return [url.username, url.password, url.hostname, url.pathname.slice(1)].includes('') ? DATABASE_FORM : null;
}

function urlOf(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function missing(given: Given, needs: Needs): string[] {
  const needed = new Set((Object.keys(NEEDED) as (keyof Needs)[]).flatMap((need) => (needs[need] ? NEEDED[need] : [])));
  const problems = [...needed]
    .filter((name) => given[name] === undefined)
    .map((name) => `${name}: is needed here and missing`);
  for (const group of TOGETHER) {
    const first = group.given.find((name) => given[name] !== undefined);
    for (const name of first === undefined ? [] : group.needed)
      if (given[name] === undefined && !needed.has(name)) problems.push(`${name}: goes together with ${first}`);
  }
  const fault = needs.database ? databaseUrlFault(given.DATABASE_URL ?? '', { isRemote: true }) : null;
  return fault === null ? problems : [...problems, `DATABASE_URL: ${fault}`];
}

/** Printed in the documentation of QStash's development server: whoever has read it can sign with them. */
const PUBLIC_SIGNING_KEYS = new Set(['sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r', 'sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs']);

function forTestsOnly(given: Given, needs: Needs): string[] {
  const isSecure = urlOf(given.SITE_URL ?? '')?.protocol === 'https:';
  const isNobody = needs.mail === true && /\.invalid$/i.test(given.EMAIL_FROM ?? '');
  return [
    ...(isNobody ? ['EMAIL_FROM: needs an address of a domain that is verified at Resend; .invalid is nobody’s'] : []),
    ...['QSTASH_CURRENT_SIGNING_KEY', 'QSTASH_NEXT_SIGNING_KEY']
      .filter((name) => isSecure && PUBLIC_SIGNING_KEYS.has(given[name] ?? ''))
      .map((name) => `${name}: is the public key of a development server, with which anyone can sign`),
  ];
}
