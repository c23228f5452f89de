import { sign, type Secrets } from '~/crypto/signatures';
import type { Instant } from '~/domain/time/instant';
import { LIMITS, type Limits, type Taken, type Taking } from './limits';

/** Where takings are counted: the queries of `app/data/limits.ts`, each in a unit of work of its own. */
export interface CounterTable {
  /** Counts all or none; answers with the keys that have no room and when they will have. */
  take(
    counts: readonly { key: string; amount: number; max: number; windowMs: number }[],
    now: Instant,
  ): Promise<readonly { key: string; freeAt: Instant }[]>;
}

/**
 * Limits counted in Postgres: exact sliding windows, one round trip a call, for any number of servers.
 * Whom a limit counts is stored as a keyed hash, so that the table says nothing of people; case and surrounding
 * blanks make nobody another person.
 */
export function postgresLimits({
  table,
  secrets,
  clock,
}: {
  table: CounterTable;
  secrets: Secrets;
  clock: () => Instant;
}): Limits {
  const keyOf = async ({ limit, who }: Taking) =>
    `${limit}:${await sign(secrets, `limit\n${limit}\n${who.trim().toLowerCase()}`)}`;

  return {
    async take(takings): Promise<Taken> {
      if (takings.length === 0) return { kind: 'allowed' };
      const now = clock();
      const keys = await Promise.all(takings.map(keyOf));
      const limitOfKey = new Map(takings.map(({ limit }, i) => [keys[i], limit]));
      const counts = [...limitOfKey].flatMap(([key, limit]) =>
        key === undefined
          ? []
          : [
              {
                key,
                amount: keys.filter((one) => one === key).length,
                max: LIMITS[limit].max,
                windowMs: LIMITS[limit].windowSeconds * 1000,
              },
            ],
      );
      const full = await table.take(counts, now);
      // Of several the one that takes longest: until then another try would be refused again.
      const last = full.reduce<(typeof full)[number] | undefined>(
        (latest, one) => (latest === undefined || one.freeAt > latest.freeAt ? one : latest),
        undefined,
      );
      const limit = last && limitOfKey.get(last.key);
      if (last === undefined || limit === undefined) return { kind: 'allowed' };
      return { kind: 'limited', limit, retryAfterSeconds: Math.max(1, Math.ceil((last.freeAt - now) / 1000)) };
    },
  };
}
