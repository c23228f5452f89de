import type { Secrets } from '~/crypto/signatures';
import type { Instant } from '~/domain/time/instant';
import { countedTakings } from './counted-key';
import { LIMITS, type Limits, type Taken } from './limits';

/** Where takings are counted: the queries of `app/data/limits.ts`, each in a unit of work of its own. */
export interface CounterTable {
  /** Counts all or none; answers with the keys that have no room and when they will have. */
  take(
    counts: readonly { key: string; amount: number; max: number; windowMs: number }[],
    now: Instant,
  ): Promise<readonly { key: string; freeAt: Instant }[]>;
}

/** Limits counted in Postgres: exact sliding windows, one round trip a call, for any number of servers. */
export function postgresLimits({
  table,
  secrets,
  clock,
}: {
  table: CounterTable;
  secrets: Secrets;
  clock: () => Instant;
}): Limits {
  return {
    async take(takings): Promise<Taken> {
      if (takings.length === 0) return { kind: 'allowed' };
      const now = clock();
      const counted = await countedTakings(secrets, takings);
      const full = await table.take(
        counted.map(({ key, limit, amount }) => ({
          key,
          amount,
          max: LIMITS[limit].max,
          windowMs: LIMITS[limit].windowSeconds * 1000,
        })),
        now,
      );
      // Of several the one that takes longest: until then another try would be refused again.
      const last = full.reduce<(typeof full)[number] | undefined>(
        (latest, one) => (latest === undefined || one.freeAt > latest.freeAt ? one : latest),
        undefined,
      );
      const limit = last && counted.find(({ key }) => key === last.key)?.limit;
      if (last === undefined || limit === undefined) return { kind: 'allowed' };
      return { kind: 'limited', limit, retryAfterSeconds: Math.max(1, Math.ceil((last.freeAt - now) / 1000)) };
    },
  };
}
