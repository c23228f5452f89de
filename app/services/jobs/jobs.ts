import type { Instant } from '~/domain/time/instant';

export type JobName = 'notification' | 'sweep';

/** A delayed call of `/api/jobs/<name>` with this body. */
export interface Job {
  readonly name: JobName;
  readonly body: Readonly<Record<string, string>>;
  readonly runAt: Instant;
  /** The same key is enqueued once. */
  readonly dedupKey: string;
}

export interface Jobs {
  /**
   * Milliseconds from now within which a job can be enqueued; null for any time. What is due later is left to the sweep,
   * which enqueues it in time.
   */
  readonly reach: number | null;
  /**
   * Gives those that were taken, which may be fewer. Delivery is at least once, in any order, late or twice. Throws
   * ServiceError where none was.
   */
  enqueue(jobs: readonly Job[]): Promise<readonly Job[]>;
  /** Proves that a call of a job endpoint comes from us: its signature covers address and body. */
  verify(request: Request, body: string): Promise<boolean>;
}
