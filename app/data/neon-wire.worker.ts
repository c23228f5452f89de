import { Client, neon, types as known, type Connection, type CustomTypesConfig, type Submittable } from '@neondatabase/serverless';
import type { Answer, Statement, Wire } from './database';

interface NeonOptions {
  /** Lets the goodbye to the database outlive the answer. */
  readonly waitUntil: (work: Promise<unknown>) => void;
  /** Hears each journey to the database, connecting not counted (for tests and logs). */
  readonly onRoundTrip?: () => void;
  /** How long is waited for the answer of a journey, and for a connection. */
  readonly limits?: { readonly answerMs: number; readonly connectMs: number };
}

/** What takes longer is given up, so that a request never hangs on a lost answer. */
const LIMITS = { answerMs: 15_000, connectMs: 5_000 };
const LATE = 'timeout exceeded when trying to connect';

/**
 * Opens Neon as it can be had from Workers: a batch is one HTTP request, a transaction a WebSocket
 * that lives no longer than the unit of work (Workers may not share connections between requests).
 * What can have had no effect is tried once more when it fails by chance: a batch that only reads, and connecting.
 */
export function openNeonWire(
  connectionString: string,
  { waitUntil, onRoundTrip, limits = LIMITS }: NeonOptions,
): Wire {
  const batchOnce: Wire['batch'] = async (statements, access) => {
    onRoundTrip?.();
    const sql = neon<true, true>(connectionString, { arrayMode: true, fullResults: true });
    const queries = [SETTINGS, ...statements].map((one) => sql.query(one.sql, one.params.map(toText), { types }));
    const results = await sql
      .transaction(queries, {
        readOnly: access === 'read only',
        fetchOptions: { signal: AbortSignal.timeout(limits.answerMs) },
      })
      .catch(raiseAnswer);
    if (results.length !== queries.length) throw new Error(UNANSWERED);
    return results.slice(1).map(({ rows }) => ({ rows }));
  };
  const connectOnce = async (): Promise<Client> => {
    const client = new Client({ connectionString, connectionTimeoutMillis: limits.connectMs });
    // Whoever waits for an answer hears of a lost connection; without a listener it would be thrown once more.
    client.on('error', () => undefined);
    // The driver ends a late socket itself (1.2.0), but what it raises then is not told from one that was refused.
    await within(limits.connectMs, LATE, () => client.connect());
    return client;
  };
  // A socket may fall silent in mid-transaction; what was not committed is rolled back when it is let go.
  const ask = (client: Client, statements: readonly Statement[]) =>
    within(limits.answerMs, UNANSWERED, () => together(client, statements));

  return {
    batch: (statements, access) =>
      access === 'read only'
        ? twice(() => batchOnce(statements, access))
        // A writing one whose answer is lost may have been committed.
        : batchOnce(statements, access),
    async transaction(work) {
      let client: Client | undefined;
      let begun = false;
      try {
        const connected = (client = await twice(connectOnce));
        const result = await work(async (statements) => {
          onRoundTrip?.();
          if (begun) return ask(connected, statements);
          begun = true;
          return (await ask(connected, [BEGIN, SETTINGS, ...statements])).slice(2);
        });
        if (begun) {
          onRoundTrip?.();
          await ask(connected, [COMMIT]);
        }
        return result;
      } catch (error) {
        // A socket that is refused or breaks makes the driver (1.2.0) raise the socket's event, which is no Error.
        throw error instanceof Error ? error : new Error('Connection terminated: the WebSocket failed', { cause: error });
      } finally {
        // What was not committed is rolled back when the connection goes.
        if (client !== undefined) waitUntil(client.end());
      }
    },
    // Nothing stays open between units of work.
    end: () => Promise.resolve(),
  };
}

/** What came back, or did not, is nothing that Postgres says. */
const UNANSWERED = 'Connection terminated: no whole answer of Postgres';

/** Lets through what Postgres itself has refused; all else (a proxy's page, half an answer, silence) is the connection's. */
function raiseAnswer(error: unknown): never {
  const isOfPostgres = error instanceof Error && /^[0-9A-Z]{5}$/.test(String((error as { code?: unknown }).code));
  throw isOfPostgres ? error : new Error(UNANSWERED, { cause: error });
}

/** Begins the work and rejects with these words when it takes longer. */
async function within<T>(ms: number, words: string, work: () => Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(words)), ms);
  });
  try {
    return await Promise.race([late, work()]);
  } finally {
    clearTimeout(timer);
  }
}

/** Once more, at once, after what may have been chance. */
async function twice<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (!isPassing(error)) throw error;
    return attempt();
  }
}

/**
 * A lost connection, a server that is being stopped or started (57P0x), a proxy's 5xx. What Postgres has refused stays
 * refused, and what took its whole time has had it.
 */
function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return true;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return code.startsWith('57P0');
  const cause = error.message === UNANSWERED && error.cause instanceof Error ? error.cause : error;
  const isLate =
    cause.message === LATE || (cause as { sourceError?: { name?: unknown } }).sourceError?.name === 'TimeoutError';
  return !isLate && !/^Server error \(HTTP status [1-4]/.test(cause.message);
}

const BEGIN: Statement = { sql: 'begin', params: [] };
const COMMIT: Statement = { sql: 'commit', params: [] };
/** Set in the transaction: pooled hosts take no such settings when connecting. */
const SETTINGS: Statement = {
  sql: `select set_config('timezone', 'UTC', true), set_config('statement_timeout', '15s', true),
    set_config('idle_in_transaction_session_timeout', '30s', true)`,
  params: [],
};

// Instants, dates and times stay text: the schema's column types read them.
const TEXT_TYPES = new Set([1082, 1083, 1114, 1184, 1186, 1266]);
type Parse = (text: string) => unknown;
const parserOf = (oid: number): Parse =>
  TEXT_TYPES.has(oid) ? (text) => text : (known.getTypeParser(oid, 'text') as Parse);
const types: CustomTypesConfig = { getTypeParser: (oid: number) => parserOf(oid) };

/** Postgres takes parameters as text; objects come here as JSON already. */
function toText(param: unknown): string | null {
  if (param === null || param === undefined) return null;
  if (typeof param === 'string') return param;
  if (typeof param === 'number' || typeof param === 'boolean' || typeof param === 'bigint') return String(param);
  if (Array.isArray(param)) return `{${param.map(toElement).join()}}`;
  throw new TypeError(`a parameter is no text, number, boolean, list or null but ${typeof param}`);
}

/** What stands between the braces of a list (documentation of Postgres, "Array Value Input"). */
function toElement(element: unknown): string {
  const text = toText(element);
  if (text === null) return 'NULL';
  return Array.isArray(element) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** Sends the statements without waiting in between, and gives their answers or the first error. */
function together(client: Client, statements: readonly Statement[]): Promise<Answer[]> {
  return new Promise((resolve, reject) => {
    client.query(new Together(statements, resolve, reject));
  });
}

interface RowDescription {
  readonly fields: readonly { readonly dataTypeID: number }[];
}

interface DataRow {
  readonly fields: readonly (string | null)[];
}

/**
 * Several statements with one Sync at their end: one round trip, where the driver's own queries wait
 * for each other. After an error Postgres passes over the rest up to the Sync (documentation of
 * Postgres, "Extended Query"). The methods are what the driver's client calls on its active query.
 */
class Together implements Submittable {
  private readonly answers: Answer[] = [];
  private parsers: Parse[] = [];
  private rows: unknown[][] = [];

  constructor(
    private readonly statements: readonly Statement[],
    private readonly resolve: (answers: Answer[]) => void,
    private readonly reject: (reason: unknown) => void,
  ) {}

  submit(connection: Connection): void {
    for (const { sql, params } of this.statements) {
      connection.parse({ name: '', text: sql, types: [] }, true);
      connection.bind({ values: params.map(toText) }, true);
      connection.describe({ type: 'P' }, true);
      connection.execute({}, true);
    }
    connection.sync();
  }

  handleRowDescription({ fields }: RowDescription): void {
    this.parsers = fields.map(({ dataTypeID }) => parserOf(dataTypeID));
  }

  handleDataRow({ fields }: DataRow): void {
    this.rows.push(fields.map((text, i) => (text === null ? null : this.parsers[i]?.(text))));
  }

  handleCommandComplete(): void {
    this.answers.push({ rows: this.rows });
    this.rows = [];
  }

  handleReadyForQuery(): void {
    this.resolve(this.answers);
  }

  handleError(error: unknown): void {
    this.reject(error);
  }
}
