import { z } from 'zod';

const secret = z.string().min(32);

const environment = z.object({
  SITE_URL: z.url({ protocol: /^https?$/ }).transform((text) => new URL(text).origin),
  /** Newest first: all verify, the first signs. */
  SESSION_SECRET: z.string().transform((text, context) => {
    const secrets = text.split(',').map((one) => one.trim());
    if (secrets.length === 0 || secrets.some((one) => !secret.safeParse(one).success))
      context.addIssue({ code: 'custom', message: 'needs at least 32 characters (several: newest first, by comma)' });
    return secrets as [string, ...string[]];
  }),
  EMAIL_FROM: z.email().default('bookings@slotwell.invalid'),
  ADMIN_EMAIL: z.email().optional(),
});

/** The environment, checked once. Nothing else reads variables. */
export interface Config {
  /** Origin, without a slash at the end. */
  readonly siteUrl: string;
  readonly isSecure: boolean;
  readonly secrets: readonly [string, ...string[]];
  readonly emailFrom: string;
  readonly adminEmail: string | undefined;
  readonly version: string;
}

/** Problems of all variables at once, by name, never by value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Reads the variables that both homes share; empty ones count as absent. Throws ConfigError. */
export function parseEnvironment(variables: Readonly<Record<string, unknown>>): Config {
  const given = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => typeof value === 'string' && value !== ''),
  );
  const parsed = environment.safeParse(given);
  if (!parsed.success)
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
  const { SITE_URL, SESSION_SECRET, EMAIL_FROM, ADMIN_EMAIL } = parsed.data;
  return {
    siteUrl: SITE_URL,
    isSecure: SITE_URL.startsWith('https:'),
    secrets: SESSION_SECRET,
    emailFrom: EMAIL_FROM,
    adminEmail: ADMIN_EMAIL,
    version: '0.1.0',
  };
}
