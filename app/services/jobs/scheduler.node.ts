import { HOUR, MINUTE, type Instant } from '~/domain/time/instant';
import type { Job } from './jobs';

/** The `jobs` table as the scheduler works on it: each call a unit of work of its own. */
export interface JobQueue {
  insert(jobs: readonly Job[], now: Instant): Promise<void>;
  /** Locks due jobs until `lockedUntil`, longest due first, and counts the attempt. */
  claim(terms: { now: Instant; lockedUntil: Instant; atMost: number }): Promise<readonly ClaimedJob[]>;
  finish(id: string, now: Instant): Promise<void>;
  postpone(id: string, runAt: Instant, error: string): Promise<void>;
  fail(id: string, now: Instant, error: string): Promise<void>;
  /** Gives claimed jobs back: these, untried, or everyone's. */
  release(ids: readonly string[] | 'everyone'): Promise<void>;
  /** When the next job is due or a lock expires; null when no job is open. */
  nextAt(now: Instant): Promise<Instant | null>;
}

export interface ClaimedJob {
  readonly id: string;
  readonly name: string;
  readonly body: Readonly<Record<string, string>>;
  readonly attempts: number;
}

export interface SchedulerOptions {
  readonly queue: JobQueue;
  /** The headers that prove a POST of this body to this path. */
  readonly sign: (path: string, body: string) => Promise<Record<string, string>>;
  /** Where this machine's own server listens (http://127.0.0.1:3000): no proxy and no certificate on the way. */
  readonly baseUrl: string;
  readonly clock: () => Instant;
  /** Hears what kept the scheduler from working, such as the database being away. */
  readonly report: (error: unknown) => void;
}

export interface Scheduler {
  /** Looks for jobs at `runAt` at the latest. */
  wake(runAt: Instant): void;
  /** Takes on nothing more, waits for the calls under way, gives back the rest. To be called before the server closes. */
  stop(): Promise<void>;
}

/** Calls of one claim. The lock outlives the slowest of its rounds, so that no living scheduler's calls are repeated. */
const BATCH = 10;
const LANES = 5;
const ANSWER_MS = 30_000;
const LOCK_MS = 3 * ANSWER_MS;

/** With the pauses below the last attempt is half an hour after the first; the sweep begins anew what is still owed then. */
const MAX_ATTEMPTS = 8;
const FIRST_PAUSE_MS = 15_000;
const LONGEST_PAUSE_MS = HOUR;

const SWEEP_EVERY_MS = 5 * MINUTE;
/** Jobs that another server enqueued are found after so long; also how long it may be idle without a look. */
const LONGEST_WAIT_MS = MINUTE;
/** After an error of the queue, doubled with each. */
const FIRST_RETRY_MS = 1_000;

/**
 * Runs until stopped: makes the calls that are due and sleeps until the next one is, woken early by `wake`.
 * At its start it takes over what a scheduler that died held; should that one be alive (another server on the same
 * database), some calls are made twice, which every job bears.
 */
export function startScheduler(options: SchedulerOptions): Scheduler {
  const { queue, clock, report } = options;
  const calls = schedulerCalls(options);
  let timer: NodeJS.Timeout | undefined;
  let wakesAt = Infinity;
  let round: Promise<void> | undefined;
  let isStopped = false;
  let hasTakenOver = false;
  let errorsInRow = 0;

  function wake(runAt: Instant): void {
    if (isStopped || (timer !== undefined && runAt >= wakesAt)) return;
    clearTimeout(timer);
    wakesAt = runAt;
    timer = setTimeout(begin, Math.min(Math.max(runAt - clock(), 0), LONGEST_WAIT_MS));
  }

  function begin(): void {
    timer = undefined;
    // What woke it while a round was under way is looked at after that round.
    const before = round ?? Promise.resolve();
    round = before.then(look);
  }

  async function look(): Promise<void> {
    if (isStopped) return;
    try {
      if (!hasTakenOver) await queue.release('everyone');
      hasTakenOver = true;
      await calls.runDue();
      errorsInRow = 0;
      wake(Math.min((await queue.nextAt(clock())) ?? Infinity, clock() + LONGEST_WAIT_MS));
    } catch (error) {
      report(error);
      wake(clock() + Math.min(FIRST_RETRY_MS * 2 ** errorsInRow, LONGEST_WAIT_MS));
      errorsInRow += 1;
    }
  }

  wake(clock());
  return {
    wake,
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      calls.stop();
      await round;
    },
  };
}

/** The scheduler without its timer: what is due when it is asked. */
export function schedulerCalls({ queue, sign, baseUrl, clock }: Omit<SchedulerOptions, 'report'>) {
  let isStopped = false;
  let sweepsUntil = -Infinity;

  return {
    /** Makes every call that is due, in batches, and answers how many it made. Rejects when the queue does. */
    async runDue(): Promise<number> {
      await enqueueSweeps();
      let made = 0;
      for (;;) {
        if (isStopped) return made;
        const claimed = await queue.claim({ now: clock(), lockedUntil: clock() + LOCK_MS, atMost: BATCH });
        if (claimed.length === 0) return made;
        made += await callAll(claimed);
      }
    },
    /** No further call is begun. */
    stop(): void {
      isStopped = true;
    },
  };

  /** The sweep of this five minutes, due now, and that of the next; both once, whoever else enqueues them. */
  async function enqueueSweeps(): Promise<void> {
    const now = clock();
    if (now < sweepsUntil) return;
    const current = Math.floor(now / SWEEP_EVERY_MS) * SWEEP_EVERY_MS;
    const next = current + SWEEP_EVERY_MS;
    await queue.insert(
      [current, next].map((runAt) => ({ name: 'sweep', body: {}, runAt, dedupKey: `sweep:${runAt}` })),
      now,
    );
    sweepsUntil = next;
  }

  /** Every lane takes the next job when its own is over. One that cannot record stops, the others go on. */
  async function callAll(claimed: readonly ClaimedJob[]): Promise<number> {
    const waiting = [...claimed];
    let made = 0;
    const lane = async () => {
      for (let job = next(); job !== undefined; job = next()) {
        made += 1;
        await call(job);
      }
    };
    const next = () => (isStopped ? undefined : waiting.shift());
    const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane));
    if (waiting.length > 0) await queue.release(waiting.map(({ id }) => id));
    for (const one of lanes) if (one.status === 'rejected') throw one.reason;
    return made;
  }

  async function call({ id, name, body, attempts }: ClaimedJob): Promise<void> {
    const outcome = await post(`/api/jobs/${name}`, JSON.stringify(body));
    if (outcome.kind === 'done') return queue.finish(id, clock());
    if (attempts >= MAX_ATTEMPTS) return queue.fail(id, clock(), outcome.error);
    return queue.postpone(id, clock() + Math.max(pauseAfter(attempts), outcome.retryAfterMs), outcome.error);
  }

  async function post(path: string, body: string): Promise<CallOutcome> {
    try {
      const answer = await fetch(baseUrl + path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...(await sign(path, body)) },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      await answer.body?.cancel();
      if (answer.ok) return { kind: 'done' };
      return { kind: 'again', error: `answer ${answer.status}`, retryAfterMs: retryAfterOf(answer) };
    } catch (error) {
      return { kind: 'again', error: `no answer: ${nameOf(error)}`, retryAfterMs: 0 };
    }
  }
}

type CallOutcome =
  { readonly kind: 'done' } | { readonly kind: 'again'; readonly error: string; readonly retryAfterMs: number };

/** Doubles with each attempt; half of it is chance, so that what failed together does not come back together. */
function pauseAfter(attempts: number): number {
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), LONGEST_PAUSE_MS);
  return pause / 2 + (Math.random() * pause) / 2;
}

/** Seconds only; a date or nonsense counts as none (RFC 9110, section 10.2.3). */
function retryAfterOf(answer: Response): number {
  const seconds = Number(answer.headers.get('Retry-After') ?? 0);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds * 1000, 0), LONGEST_PAUSE_MS) : 0;
}

/** The error's code or name; its message may hold what does not belong into a table. */
function nameOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : error instanceof Error ? error.name : 'unknown';
}
