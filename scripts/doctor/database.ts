import pg from 'pg';
import journal from '../../db/migrations/meta/_journal.json';
import { about, inTime, PATIENCE_MS, reasonOf, type Finding } from './finding';

const { ok, warn, wrong } = about('database');

/** Neon's pooled host is the direct one with this behind its first label. */
const POOLED = /^([^.]+)-pooler\./;

export const isNeon = (url: string) => /\.neon\.(tech|build)$/.test(new URL(url).hostname);

/**
 * Where migrations go: not over a pooler, which knows no session locks, and never without TLS over the net. Takes what
 * `databaseUrlFault` finds nothing wrong with.
 */
export function directUrl(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  if (!isNeon(databaseUrl)) return databaseUrl;
  url.hostname = url.hostname.replace(POOLED, '$1.');
  url.searchParams.set('sslmode', 'verify-full');
  // Neon's own strings have it; `pg` does not know the word.
  url.searchParams.delete('channel_binding');
  return url.href;
}

/**
 * Asks the database whether it can be Slotwell's. `beforeMigration`: what a migration will make is not missed yet.
 */
export async function examineDatabase(
  url: string,
  { beforeMigration }: { beforeMigration: boolean },
): Promise<Finding[]> {
  let client: pg.Client;
  try {
    client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: PATIENCE_MS,
      query_timeout: PATIENCE_MS,
    });
    client.on('error', () => undefined);
    await client.connect();
  } catch (error) {
    return [wrong(`cannot be reached: ${reasonOf(error)}${adviceOn(error)}`)];
  }
  try {
    const migrated = await examineMigrations(client, beforeMigration);
    return [
      ok('can be reached'),
      ...examineTransport(client, url),
      ...(await examineServer(client)),
      ...migrated,
      ...(await examineRole(client)),
    ];
  } catch (error) {
    return [wrong(`does not answer as it should: ${reasonOf(error)}`)];
  } finally {
    // Who does not answer does not say goodbye either.
    await inTime(() => client.end()).catch(() => undefined);
  }
}

function adviceOn(error: unknown): string {
  const advice: Record<string, string> = {
    '28P01': ': the password is wrong',
    '3D000': ': there is no database of this name',
    ENOTFOUND: ': there is no such host',
    // Read before anything is asked.
    ENOENT: ': a file that it names (sslrootcert, sslcert, sslkey, or a socket) is not there',
    EACCES: ': a file that it names (sslrootcert, sslcert, sslkey, or a socket) may not be read',
  };
  return advice[reasonOf(error)] ?? '';
}

function examineTransport(client: pg.Client, url: string): Finding[] {
  const { hostname, searchParams } = new URL(url);
  if (hostname === '' || searchParams.has('host') || ['localhost', '127.0.0.1', '[::1]'].includes(hostname)) return [];
  const { stream } = (client as unknown as { connection: { stream: { encrypted?: boolean } } }).connection;
  return [stream.encrypted === true ? ok('TLS') : warn('no TLS: add ?sslmode=verify-full to DATABASE_URL')];
}

async function examineServer(client: pg.Client): Promise<Finding[]> {
  const { rows } = await client.query<{ version: number; gist: boolean; may_create: boolean }>(
    `select current_setting('server_version_num')::int as version,
       exists (select from pg_available_extensions where name = 'btree_gist') as gist,
       has_database_privilege(current_database(), 'CREATE') as may_create`,
  );
  const [row] = rows;
  const version = Math.floor((row?.version ?? 0) / 10_000);
  return [
    version >= 15 ? ok(`Postgres ${version}`) : wrong(`Postgres ${version}: 15 or newer is needed`),
    ...(row?.gist === true ? [] : [wrong('the extension btree_gist is not to be had there')]),
    ...(row?.may_create === true ? [] : [wrong('the role of DATABASE_URL does not own its database')]),
  ];
}

async function examineMigrations(client: pg.Client, beforeMigration: boolean): Promise<Finding[]> {
  const migratedTo = await client
    .query<{ at: string | null }>('select max(created_at) as at from drizzle.__drizzle_migrations')
    .then(({ rows }) => Number(rows[0]?.at ?? 0))
    .catch((error: unknown) => {
      // No such table, or no such schema: nothing was ever migrated there.
      if (['42P01', '3F000'].includes(reasonOf(error))) return 0;
      throw error;
    });
  const pending = journal.entries.filter(({ when }) => when > migratedTo);
  if (pending.length === 0) {
    const newest = Math.max(...journal.entries.map(({ when }) => when));
    return [migratedTo > newest ? warn('migrated by a newer version than this one') : ok('migrated')];
  }
  const told = `${pending.length} of ${journal.entries.length} migrations are still to be made`;
  return [beforeMigration ? ok(`${told}, as deploying does`) : wrong(`${told}: npm run deploy, or npm run db:migrate`)];
}

/** Every unit of work gives up the login's power for the role's, which row level security holds. */
async function examineRole(client: pg.Client): Promise<Finding[]> {
  const { rows } = await client.query<{ exists: boolean; may_make: boolean }>(
    `select exists (select from pg_roles where rolname = 'slotwell_runtime') as exists,
       (select rolsuper or rolcreaterole from pg_roles where rolname = current_user) as may_make`,
  );
  if (rows[0]?.exists !== true)
    return rows[0]?.may_make === true
      ? [ok('may make the role slotwell_runtime')]
      : [wrong('may not make the role slotwell_runtime: see docs/run-on-one-machine.md, “Another Postgres”')];
  await client.query('begin read only');
  try {
    await client.query('set local role slotwell_runtime');
    const power = await client.query<{ past: boolean; holds: boolean | null }>(
      `select (select rolsuper or rolbypassrls from pg_roles where rolname = current_user) as past,
         (select row_security_active(to_regclass('bookings'))) as holds`,
    );
    const [row] = power.rows;
    return [
      row?.past === true || row?.holds === false
        ? wrong('slotwell_runtime is past row level security: alter role slotwell_runtime nosuperuser nobypassrls')
        : ok('works as slotwell_runtime, held by row level security'),
    ];
  } catch (error) {
    return [
      wrong(`cannot work as slotwell_runtime: ${reasonOf(error)}: grant slotwell_runtime to the role of DATABASE_URL`),
    ];
  } finally {
    await client.query('rollback');
  }
}

/** The way of the Worker: a query over HTTPS, as Neon's driver sends it. */
export async function examineNeon(url: string, fetch: typeof globalThis.fetch): Promise<Finding[]> {
  if (!isNeon(url)) return [wrong('is no Neon database: the Worker speaks to no other')];
  const { hostname } = new URL(url);
  const api = hostname.replace(/^[^.]+/, 'api');
  const findings = POOLED.test(hostname)
    ? []
    : [warn(`DATABASE_URL names the direct host: take the pooled one (…-pooler.…) for the Worker`)];
  try {
    const answer = await inTime((signal) =>
      fetch(`https://${api}/sql`, {
        method: 'POST',
        headers: { 'Neon-Connection-String': url, 'Neon-Raw-Text-Output': 'true', 'Neon-Array-Mode': 'true' },
        body: JSON.stringify({ query: 'select 1', params: [] }),
        signal,
      }),
    );
    await answer.body?.cancel();
    return [
      ...findings,
      answer.ok ? ok('answers the Worker’s way (HTTPS)') : wrong(`the Worker’s way is answered ${answer.status}`),
    ];
  } catch (error) {
    return [...findings, wrong(`the Worker’s way (HTTPS) is closed: ${reasonOf(error)}`)];
  }
}
