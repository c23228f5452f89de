import { drizzle, type PgRemoteDatabase } from 'drizzle-orm/pg-proxy';
import { actorKey, type Actor } from './actor';

/** One statement on its way to Postgres. */
export interface Statement {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** Rows as arrays, in column order. Instants, dates and times come as Postgres text. */
export interface Answer {
  readonly rows: unknown[][];
}

/** What a driver offers: the only thing that differs between `pg` and Neon. */
export interface Wire {
  /** Runs the statements as one transaction, in one round trip. */
  batch(statements: readonly Statement[], access: 'read only' | 'read write'): Promise<Answer[]>;
  /** Opens a read-write transaction; each `send` is one round trip however many statements it carries. */
  transaction<T>(work: (send: (statements: readonly Statement[]) => Promise<Answer[]>) => Promise<T>): Promise<T>;
  /** Waits for what is under way, then closes. */
  end(): Promise<void>;
}

declare const inTransaction: unique symbol;
/** Drizzle inside a transaction that has its role and its actor. Only `Database` makes one. */
export type Tx = PgRemoteDatabase & { readonly [inTransaction]: true };

/** Units of work. Statements asked for in the same tick travel together: `Promise.all` is one round trip. */
export interface Database {
  /** Read-only. Each tick's statements are one transaction and one round trip. */
  read<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Read-write: one transaction, committed when `work` resolves and rolled back when it throws. */
  write<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * Read-write in one round trip, commit included: for work whose statements all leave in one tick.
   * A statement that comes later is refused, since it would stand outside the transaction.
   */
  writeAtOnce<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T>;
}

export function openDatabase(wire: Wire): Database {
  return {
    read: (actor, work) =>
      work(
        travellingTogether(async (statements) => {
          const answers = await wire.batch([asActor(actor), ...statements], 'read only');
          return answers.slice(1);
        }),
      ),
    write: (actor, work) =>
      wire.transaction((send) => {
        let begun = false;
        return work(
          travellingTogether(async (statements) => {
            if (begun) return send(statements);
            begun = true;
            return (await send([asActor(actor), ...statements])).slice(1);
          }),
        );
      }),
    writeAtOnce: (actor, work) => {
      let hasLeft = false;
      return work(
        travellingTogether(async (statements) => {
          if (hasLeft) throw new Error('a statement came after the transaction had left: use write');
          hasLeft = true;
          const answers = await wire.batch([asActor(actor), ...statements], 'read write');
          return answers.slice(1);
        }),
      );
    },
  };
}

/** `set_config('role', …, true)` is SET LOCAL ROLE as a function, so both settings are one statement. */
function asActor(actor: Actor): Statement {
  return {
    sql: `select set_config('role', 'slotwell_runtime', true), set_config('slotwell.actor', $1, true), set_config('slotwell.key', $2, true)`,
    params: [actor.kind, actorKey(actor)],
  };
}

interface Waiting extends Statement {
  resolve(answer: Answer): void;
  reject(reason: unknown): void;
}

/**
 * Collects the statements of one tick and sends them at its end. `Promise.all` starts its queries in
 * microtasks that stand before ours in the queue, so all of them are on board when it leaves.
 */
function travellingTogether(send: (statements: readonly Statement[]) => Promise<Answer[]>): Tx {
  let waiting: Waiting[] = [];
  const leave = () => {
    const leaving = waiting;
    waiting = [];
    send(leaving).then(
      (answers) => leaving.forEach((one, i) => one.resolve(answers[i] ?? { rows: [] })),
      (reason: unknown) => leaving.forEach((one) => one.reject(reason)),
    );
  };
  const callback = (sql: string, params: unknown[]) =>
    new Promise<Answer>((resolve, reject) => {
      if (waiting.length === 0) queueMicrotask(leave);
      waiting.push({ sql, params, resolve, reject });
    });
  return drizzle(callback) as Tx;
}
