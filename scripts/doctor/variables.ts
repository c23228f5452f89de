import { ConfigError, EDGE_NEEDS, parseEnvironment, type Config } from '../../app/config';
import { findSmtpSettings } from '../../app/services/mail/smtp.node';
import { readSettings, SettingsError } from '../../app/settings.node';
import { about, type Finding } from './finding';

export type Variables = Readonly<Record<string, string | undefined>>;
export type Home = 'edge' | 'machine';

/** What does not look like one may be a piece of a secret, and is not printed. */
export const isVariableName = (text: string) => /^[A-Z][A-Z0-9_]{1,60}$/.test(text);

/**
 * What the Worker reads, all of it brought there by `npm run deploy`: the first part is needed, the second may be left out.
 */
export const EDGE_VARIABLES = {
  needed: [
    'SITE_URL',
    'SESSION_SECRET',
    'DATABASE_URL',
    'EMAIL_FROM',
    'RESEND_API_KEY',
    'QSTASH_TOKEN',
    'QSTASH_CURRENT_SIGNING_KEY',
    'QSTASH_NEXT_SIGNING_KEY',
  ],
  optional: ['QSTASH_URL', 'UPSTASH_REDIS_REST_URL', 'UPSTASH_REDIS_REST_TOKEN'],
} as const;

/** The environment as the server itself would read it, and what is wrong in it. */
export function examineVariables(variables: Variables, home: Home): { findings: Finding[]; config: Config | null } {
  const { ok, warn, wrong } = about('variables');
  try {
    const config = home === 'edge' ? parseEnvironment(variables, EDGE_NEEDS) : parseMachine(variables);
    const known: readonly string[] = [...EDGE_VARIABLES.needed, ...EDGE_VARIABLES.optional];
    const strangers = home === 'edge' ? Object.keys(variables).filter((name) => !known.includes(name)) : [];
    return {
      config,
      findings: [
        ok('all that are needed are there and can be read'),
        ...strangers
          .filter(isVariableName)
          .map((name) => warn(`${name} is nothing that the Worker reads: it is not brought there`)),
        ...(home === 'edge' && config.upstash === null
          ? [warn('without UPSTASH_REDIS_REST_URL limits are counted in the database: slower, and as strict')]
          : []),
      ],
    };
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof SettingsError)) throw error;
    return { config: null, findings: error.message.split('\n').map(wrong) };
  }
}

/** Secrets that one machine makes itself are left to it. */
function parseMachine(variables: Variables): Config {
  const filled = {
    ...variables,
    SITE_URL: variables.SITE_URL || `http://localhost:${variables.PORT || 3000}`,
    SESSION_SECRET: variables.SESSION_SECRET || 'x'.repeat(32),
  };
  readSettings(variables, [findSmtpSettings, () => parseEnvironment(filled)]);
  return parseEnvironment(filled);
}
