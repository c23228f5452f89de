import type { Instant } from '~/domain/time/instant';
import type { MentorWish, SceneMentor } from '../scene';
import type { Browser } from '../server';

/** A letter as whoever reads it has it, by whichever service it came. */
export interface Letter {
  readonly to: string;
  readonly replyTo: string | undefined;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly invitation: { readonly method: string; readonly content: string } | undefined;
}

/**
 * The application in one of its homes, with a database and a mentor of its own. The clock is the real one: what a
 * flow does is told relative to `now()`, or read from the page.
 */
export interface FlowSite {
  /** Scheme, host and port that people know it by. */
  readonly origin: string;
  /** Min-ji Kwon, in Kathmandu, open day and night for talks of an hour. */
  readonly mentor: SceneMentor;
  now(): Instant;
  /** A new browser at an address of its own. */
  browser(): Browser;
  /** A request as it comes from the net, past any browser; `path` is sent as it is written. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  addMentor(wish: MentorWish): Promise<SceneMentor>;
  /** Straight to the tables, past every policy. */
  owner(sql: string, params?: unknown[]): Promise<Record<string, unknown>[]>;
  /** Letters to this address, oldest first, as soon as there are so many; fails when they do not come. */
  letters(to: string, count: number): Promise<readonly Letter[]>;
  /** The home makes the delayed calls that are due by then (by now, when nothing is said), of all that was asked so far. */
  deliver(until?: Instant): Promise<void>;
  /** What the home does every five minutes. */
  sweep(): Promise<void>;
}

/** Something that people do here, from beginning to end. */
export interface Flow {
  /** A sentence of behaviour. */
  readonly name: string;
  run(site: FlowSite): Promise<void>;
}

/** Whom a flow's site begins with. */
export const FLOW_MENTOR: MentorWish = { name: 'Min-ji Kwon', zone: 'Asia/Kathmandu', hours: 'Sun-Sat 0-24' };

/** The letters, when there are so many. */
export function atLeast(count: number, letters: readonly Letter[]): readonly Letter[] {
  if (letters.length >= count) return letters;
  throw new Error(`${letters.length} letters, not ${count}: ${letters.map(({ subject }) => subject).join(', ')}`);
}

/** Rejects as long as a message waits for nothing. */
export async function everythingEnqueued({ owner }: Pick<FlowSite, 'owner'>): Promise<void> {
  const waiting = await owner(
    `select 1 from booking_notifications
     where enqueued_at is null and sent_at is null and failed_at is null and withdrawn_at is null`,
  );
  if (waiting.length > 0) throw new Error(`${waiting.length} messages are not enqueued`);
}
