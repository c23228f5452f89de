import { z } from 'zod';

/** An unset variable and an empty one are the same. */
const variable = <T extends z.ZodType>(schema: T) => z.preprocess((text) => (text === '' ? undefined : text), schema);

const settings = z
  .object({
    DATA_DIR: variable(z.string().default('./data')),
    PORT: variable(z.coerce.number().int().min(0).max(65_535).default(3000)),
    HOST: variable(z.string().optional()),
    SITE_URL: variable(z.string().optional()),
    DATABASE_URL: variable(z.url({ protocol: /^postgres(ql)?$/ }).optional()),
    TRUSTED_PROXIES: variable(z.coerce.number().int().min(0).max(10).default(0)),
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

/** Reads the variables of one machine. Throws SettingsError. */
export function readSettings(variables: Readonly<Record<string, string | undefined>>): Settings {
  const parsed = settings.safeParse(variables);
  if (parsed.success) return parsed.data;
  throw new SettingsError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
}
