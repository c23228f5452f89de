import { Client, neon, types as known, type Connection, type CustomTypesConfig, type Submittable } from '@neondatabase/serverless';
import type { Answer, Statement, Wire } from './database';

interface NeonOptions {
  /** Lets the goodbye to the database outlive the answer. */
  readonly waitUntil: (work: Promise<unknown>) => void;
  /** Hears each journey to the database, connecting not counted (for tests and logs). */
  readonly onRoundTrip?: () => void;
}

/** A batch that takes longer is given up, so that a request never hangs on a lost answer. */
const LONGEST_BATCH_MS = 15_000;
const LONGEST_CONNECT_MS = 5_000;

/**
 * Opens Neon as it can be had from Workers: a batch is one HTTP request, a transaction a WebSocket
 * that lives no longer than the unit of work (Workers may not share connections between requests).
 */
export function openNeonWire(connectionString: string, { waitUntil, onRoundTrip }: NeonOptions): Wire {
  return {
    async batch(statements, access) {
      onRoundTrip?.();
      const sql = neon<true, true>(connectionString, { arrayMode: true, fullResults: true });
      const results = await sql.transaction(
        [SETTINGS, ...statements].map((one) => sql.query(one.sql, one.params.map(toText), { types })),
        { readOnly: access === 'read only', fetchOptions: { signal: AbortSignal.timeout(LONGEST_BATCH_MS) } },
      );
      return results.slice(1).map(({ rows }) => ({ rows }));
    },
    async transaction(work) {
      const client = new Client({ connectionString, connectionTimeoutMillis: LONGEST_CONNECT_MS });
      // Whoever waits for an answer hears of a lost connection; without a listener it would be thrown once more.
      client.on('error', () => undefined);
      let begun = false;
      try {
        await client.connect();
        const result = await work(async (statements) => {
          onRoundTrip?.();
          if (begun) return together(client, statements);
          begun = true;
          return (await together(client, [BEGIN, SETTINGS, ...statements])).slice(2);
        });
        if (begun) {
          onRoundTrip?.();
          await together(client, [COMMIT]);
        }
        return result;
      } catch (error) {
        // A socket that is refused or breaks makes the driver (1.2.0) raise the socket's event, which is no Error.
        throw error instanceof Error ? error : new Error('Connection terminated: the WebSocket failed', { cause: error });
      } finally {
        // What was not committed is rolled back when the connection goes.
        waitUntil(client.end());
      }
    },
    // Nothing stays open between units of work.
    end: () => Promise.resolve(),
  };
}

const BEGIN: Statement = { sql: 'begin', params: [] };
const COMMIT: Statement = { sql: 'commit', params: [] };
/** Set in the transaction: pooled hosts take no such settings when connecting. */
const SETTINGS: Statement = {
  sql: `select set_config('timezone', 'UTC', true), set_config('statement_timeout', '15s', true)`,
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
