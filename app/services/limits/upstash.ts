import { Ratelimit } from '@upstash/ratelimit';
import { Redis } from '@upstash/redis/cloudflare';
import { z } from 'zod';
import type { Secrets } from '~/crypto/signatures';
import type { Instant } from '~/domain/time/instant';
import { countedTakings } from './counted-key';
import { LIMITS, type LimitName, type Limits, type Taken } from './limits';

export interface UpstashLimits {
  readonly url: string;
  readonly token: string;
  readonly secrets: Secrets;
  readonly clock: () => Instant;
  readonly waitUntil: (work: Promise<unknown>) => void;
  /** Who decides while Upstash does not answer. What it had counted by then stays counted there. */
  readonly otherwise: Limits;
}

/** Redis answers in a few ms; whoever waits for a form is not to wait for a broken one. */
const ANSWER_MS = 1_000;
/** Keys known to be full, kept so that an attack costs Upstash nothing; the oldest make room. */
const MOST_FULL_KEYS = 10_000;

/**
 * Limits counted by Upstash: sliding windows by two counters, the former window weighted by what is left of it
 * (docs/decisions/0011-limits-at-the-edge.md). One journey a call: commands of one tick share a pipeline.
 */
export function upstashLimits(
  { url, token, secrets, clock, waitUntil, otherwise }: UpstashLimits,
  { answerMs = ANSWER_MS, mostFullKeys = MOST_FULL_KEYS } = {},
): Limits {
  const redis = checked(new Redis({ url, token, retry: { retries: 0 }, enableTelemetry: false }));
  const fullUntil = new BoundedMap<string, number>(mostFullKeys);
  const counters = new Map(
    (Object.keys(LIMITS) as LimitName[]).map((name) => [
      name,
      new Ratelimit({
        redis,
        limiter: Ratelimit.slidingWindow(LIMITS[name].max, `${LIMITS[name].windowSeconds} s`),
        prefix: 'slotwell',
        timeout: answerMs,
        ephemeralCache: fullUntil,
        analytics: false,
        enableProtection: false,
        enableTelemetry: false,
      }),
    ]),
  );

  return {
    async take(takings): Promise<Taken> {
      const counted = await countedTakings(secrets, takings);
      const answers = await Promise.all(
        counted.map(async ({ key, limit, amount }) => ({
          limit,
          answer: await counters.get(limit)?.limit(key, { rate: amount }),
        })),
      ).catch(() => null);
      if (answers === null || answers.some(({ answer }) => answer === undefined || answer.reason === 'timeout'))
        return otherwise.take(takings);
      let last: { limit: LimitName; freeAt: Instant } | undefined;
      for (const { limit, answer } of answers) {
        if (answer === undefined) continue;
        waitUntil(answer.pending);
        if (!answer.success && (last === undefined || answer.reset > last.freeAt))
          last = { limit, freeAt: answer.reset };
      }
      if (last === undefined) return { kind: 'allowed' };
      // At the very start of the next window the former still weighs in full: a moment later it does not.
      const retryAfterSeconds = Math.max(1, Math.floor((last.freeAt - clock()) / 1000) + 1);
      return { kind: 'limited', limit: last.limit, retryAfterSeconds };
    },
  };
}

/** What a sliding window's script answers: how much is left (-1: nothing was), and the limit. */
const scriptAnswer = z.tuple([z.int(), z.int()]);

/** Redis, whose scripts answer as they have to or not at all: the library takes `null` for room and a text for none. */
const checked = (redis: Redis) => ({
  get: redis.get,
  set: redis.set,
  evalsha: async <Args extends unknown[], Answer>(...call: Parameters<typeof redis.evalsha<Args, Answer>>) =>
    scriptAnswer.parse(await redis.evalsha<Args, Answer>(...call)) as Answer,
  eval: async <Args extends unknown[], Answer>(...call: Parameters<typeof redis.eval<Args, Answer>>) =>
    scriptAnswer.parse(await redis.eval<Args, Answer>(...call)) as Answer,
});

/** The newest `most` entries. */
class BoundedMap<K, V> extends Map<K, V> {
  constructor(private readonly most: number) {
    super();
  }

  override set(key: K, value: V): this {
    this.delete(key);
    super.set(key, value);
    for (const oldest of this.keys()) {
      if (this.size <= this.most) break;
      this.delete(oldest);
    }
    return this;
  }
}
