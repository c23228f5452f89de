import pg from 'pg';
import { z } from 'zod';
import type { Answer, Statement, Wire } from './database';

// Instants, dates and times stay text: the schema's column types read them.
const TEXT_TYPES = new Set([1082, 1083, 1114, 1184, 1186, 1266]);
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): unknown =>
    TEXT_TYPES.has(oid) ? (text: string) => text : pg.types.getTypeParser(oid, format),
};

/** Where a Postgres is, as an operator writes it. */
export const databaseUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'needs postgresql://user:password@host/database',
});

/** Opens a pool over any Postgres; `onRoundTrip` hears each journey to it (for counting in tests and logs). */
export function openPgWire(
  connectionString: string,
  options: { max?: number; onRoundTrip?: () => void; onIdleError?: (error: Error) => void } = {},
): Wire {
  // `pipeline` sends statements without waiting for the answers of those before.
  const pool = new pg.Pool({
    connectionString,
    max: options.max ?? 10,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 15_000,
    idle_in_transaction_session_timeout: 30_000,
    options: '-c timezone=UTC',
    pipeline: true,
  });
  pool.on('error', (error) => options.onIdleError?.(error));
  // A connection that is lost between two statements of a transaction says so by an event, which unheard ends the
  // process; the next statement fails by itself.
  pool.on('connect', (client) => client.on('error', () => undefined));

  const together = async (client: pg.PoolClient, statements: readonly Statement[]): Promise<Answer[]> => {
    options.onRoundTrip?.();
    const results = await Promise.allSettled(
      statements.map(({ sql, params }) =>
        client.query({ text: sql, values: [...params], rowMode: 'array', types }),
      ),
    );
    return results.map((result) => {
      if (result.status === 'rejected') throw result.reason;
      return { rows: result.value.rows as unknown[][] };
    });
  };
  const begin: Statement = { sql: 'begin', params: [] };
  const commit: Statement = { sql: 'commit', params: [] };

  return {
    async batch(statements, access) {
      // A pooled connection may have died since it was last used: then what only reads is asked again, once.
      for (let isRepeatable = access === 'read only'; ; isRepeatable = false) {
        const client = await pool.connect();
        try {
          const answers = await together(client, [{ sql: `begin ${access}`, params: [] }, ...statements, commit]);
          client.release();
          return answers.slice(1, -1);
        } catch (error) {
          // After a failed statement the closing `commit` has rolled back; only a broken connection is thrown away.
          const isLost = isConnectionLost(error);
          client.release(isLost);
          if (!isLost || !isRepeatable) throw error;
        }
      }
    },
    async transaction(work) {
      const client = await pool.connect();
      let begun = false;
      try {
        const result = await work(async (statements) => {
          if (begun) return together(client, statements);
          begun = true;
          return (await together(client, [begin, ...statements])).slice(1);
        });
        if (begun) await together(client, [commit]);
        client.release();
        return result;
      } catch (error) {
        if (begun) await client.query('rollback').catch(() => undefined);
        client.release(isConnectionLost(error));
        throw error;
      }
    },
    end: () => pool.end(),
  };
}

/** What is no answer of the server's, and the class 57P of those (shutdown), ends the connection. */
const isConnectionLost = (error: unknown): boolean =>
  !(error instanceof pg.DatabaseError) || error.code?.startsWith('57P') === true;
