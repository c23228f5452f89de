import { sql } from 'drizzle-orm';
import type { Instant } from '~/domain/time/instant';
import { rateLimitCounters } from '~db/schema';
import { system } from './actor';
import type { Database, Tx } from './database';

/** `amount` takings of one key, of which `max` fit into any `windowMs` milliseconds. */
export interface Count {
  readonly key: string;
  readonly amount: number;
  readonly max: number;
  readonly windowMs: number;
}

/** A key that has no room, and when it will have. */
export interface FullKey {
  readonly key: string;
  readonly freeAt: Instant;
}

/**
 * Counts the takings of all keys, or of none when any has no room; answers with those that have none. The window
 * slides exactly: each row is a taking with its instant, at most `max` of them a key, and refusals leave none.
 * One journey of two statements, which leave together: the second has to be one of its own, because a statement sees
 * what was committed before it began, and so before the lock let it in.
 */
export async function takeCounts(tx: Tx, counts: readonly Count[], now: Instant): Promise<FullKey[]> {
  const [, full] = await Promise.all([
    lockKeys(
      tx,
      counts.map(({ key }) => key),
    ),
    tx.execute(sql`
      with asked as (
        select * from jsonb_to_recordset(${JSON.stringify(counts)}::jsonb)
          as asked (key text, amount int, max int, "windowMs" bigint)
      ),
      -- Each taking with how many are as new or newer: when the one that fills the window leaves it, there is room.
      taken as (
        select asked.*, one.window_start,
               sum(one.count) over (partition by asked.key order by one.window_start desc) as newer
        from asked join ${rateLimitCounters} one on one.key = asked.key
          and one.window_start > ${at(now)} - asked."windowMs" * interval '1 ms'
      ),
      full_keys as (
        select key, max(window_start + "windowMs" * interval '1 ms') as free_at
        from taken where newer > max - amount group by key
        union all
        select key, ${at(now)} + "windowMs" * interval '1 ms' from asked where amount > max
      ),
      counted as (
        insert into ${rateLimitCounters} as one (key, window_start, count, expires_at)
        select key, ${at(now)}, amount, ${at(now)} + "windowMs" * interval '1 ms'
        from asked where not exists (select from full_keys)
        on conflict (key, window_start) do update set count = one.count + excluded.count
      )
      select key, (extract(epoch from max(free_at)) * 1000)::float8 from full_keys group by key`),
  ]);
  return rowsOf<[string, number]>(full).map(([key, freeAt]) => ({ key, freeAt }));
}

/** Removes counters that count no longer; at most `atMost` rows. Answers how many. */
export async function deleteExpiredCounts(tx: Tx, now: Instant, atMost: number): Promise<number> {
  const deleted = await tx.execute(sql`
    delete from ${rateLimitCounters} where (key, window_start) in (
      select key, window_start from ${rateLimitCounters} where expires_at <= ${at(now)} limit ${atMost}
    ) returning 1`);
  return rowsOf(deleted).length;
}

/** Whoever counts one of the keys waits for the others; in one order, so that nobody waits in a circle. */
const lockKeys = (tx: Tx, keys: readonly string[]) =>
  tx.execute(sql`
    select pg_advisory_xact_lock(number) from (
      select distinct hashtextextended(key, 1) as number from unnest(${textArray(keys)}) key order by number
    ) locks`);

const at = (now: Instant) => sql`${new Date(now).toISOString()}::timestamptz`;

/** One parameter for the list, whatever its length. */
const textArray = (texts: readonly string[]) => sql`${sql.param(texts)}::text[]`;

/** Rows come as arrays, in column order. */
const rowsOf = <Row = unknown[]>(answer: unknown) => answer as Row[];

/** The counters as the limits need them: each call a unit of work of its own, in one round trip. */
export function counterTable(db: Database) {
  const actor = system('limits');
  return {
    take: (counts: readonly Count[], now: Instant) => db.writeAtOnce(actor, (tx) => takeCounts(tx, counts, now)),
  };
}
