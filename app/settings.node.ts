import { z } from 'zod';
import { databaseUrl } from './data/pg-wire.node';

/** An unset variable and an empty one are the same; blanks around a value are nobody's wish. */
const variable = <T extends z.ZodType>(schema: T) =>
  z.preprocess((text) => (typeof text === 'string' ? text.trim() || undefined : text), schema);

const wholeNumber = (most: number) =>
  z
    .string()
    .regex(/^\d+$/, `needs a whole number from 0 to ${most}`)
    .transform(Number)
    .refine((number) => number <= most, `needs a whole number from 0 to ${most}`);

const settings = z
  .object({
    DATA_DIR: variable(z.string().default('./data')),
    PORT: variable(wholeNumber(65_535).default(3000)),
    HOST: variable(z.string().optional()),
    SITE_URL: variable(z.string().optional()),
    DATABASE_URL: variable(databaseUrl.optional()),
    TRUSTED_PROXIES: variable(wholeNumber(10).default(0)),
    SEED_DEMO: variable(z.enum(['0', '1']).optional()),
  })
  .transform(({ DATA_DIR, PORT, HOST, SITE_URL, DATABASE_URL, TRUSTED_PROXIES, SEED_DEMO }) => ({
    dataDir: DATA_DIR,
    port: PORT,
    // Without an address of its own the site is being tried out: nobody else should find it.
    host: HOST ?? (SITE_URL === undefined ? '127.0.0.1' : undefined),
    databaseUrl: DATABASE_URL,
    trustedProxies: TRUSTED_PROXIES,
    // A database of one's own is not filled with strangers unless asked for.
    withDemo: SEED_DEMO === undefined ? DATABASE_URL === undefined : SEED_DEMO === '1',
  }));

/** What only one machine's server needs to know; the rest of the environment is `config.ts`'s. */
export type Settings = z.infer<typeof settings>;

/** Problems of all variables at once, by name, never by value. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Reads the variables of one machine. `others` read theirs and throw, a line for each problem, so that all problems are
 * told together. Throws SettingsError.
 */
export function readSettings(
  variables: Variables,
  others: readonly ((variables: Variables) => unknown)[] = [],
): Settings {
  const parsed = settings.safeParse(variables);
  const problems = [...(parsed.success ? [] : linesOf(parsed.error)), ...others.flatMap((read) => complaints(read))];
  if (parsed.success && problems.length === 0) return parsed.data;
  // Two may read the same variable.
  throw new SettingsError([...new Set(problems)].join('\n'));

  function complaints(read: (variables: Variables) => unknown): string[] {
    try {
      read(variables);
      return [];
    } catch (error) {
      if (error instanceof Error && (error.name === 'ConfigError' || error.constructor === Error))
        return error.message.split('\n');
      throw error;
    }
  }
}

const linesOf = ({ issues }: z.ZodError) => issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
