import type { App } from '~/context';
import { visitor } from '~/data/actor';
import { findSessionType, type MentorKey, type TypeKey } from '~/data/mentors';
import { scheduleRows } from '~/data/slots';
import { slotsIn } from '~/domain/slots/slots';
import { DAY, MINUTE, type Instant, type Interval } from '~/domain/time/instant';
import { addDays, type LocalDate } from '~/domain/time/local-date';
import { dateExists, startOfDate, type ZoneId } from '~/domain/time/zones';
import { callerOf } from '~/services/limits/limits';
import { reachOf, situationOf, UTC, zoneOf } from './situation';

/** Two dates, both whole, or two instants. */
export type Span =
  { readonly first: LocalDate; readonly last: LocalDate } | { readonly start: Instant; readonly end: Instant };

export interface SlotsWish {
  readonly mentor: MentorKey;
  readonly type: TypeKey;
  readonly span: Span;
  /** In which the span's dates are; null for the mentor's. */
  readonly zone: ZoneId | null;
  /** At most so many slots. */
  readonly atMost: number;
  /** Whom looks are counted by; null when the call was counted already. */
  readonly clientAddress: string | null;
}

export type SlotsFound =
  | {
      readonly kind: 'found';
      readonly mentorId: string;
      readonly typeId: string;
      readonly zone: ZoneId;
      readonly durationMinutes: number;
      readonly window: Interval;
      readonly slots: readonly Interval[];
      /** The first start that is left out. */
      readonly next: Instant | null;
    }
  /** The zone skipped this date. */
  | { readonly kind: 'no-such-date'; readonly bound: 'first' | 'last' }
  | { readonly kind: 'limited'; readonly retryAfterSeconds: number }
  | { readonly kind: 'not-found' };

/** What can be booked within a span, for a visitor. One round trip, and the limit's. */
export async function listSlots(app: App, wish: SlotsWish): Promise<SlotsFound> {
  if (wish.clientAddress !== null) {
    const looks = await app.limits.take([{ limit: 'api-looks', who: callerOf(wish.clientAddress) }]);
    if (looks.kind === 'limited') return { kind: 'limited', retryAfterSeconds: looks.retryAfterSeconds };
  }
  const now = app.clock();
  // Read before the mentor's zone is known, so a day more on either side.
  const guess = windowOf(wish.span, wish.zone ?? UTC);
  const margin = wish.zone === null ? DAY : 0;
  const reach = reachOf({ start: guess.start - margin, end: guess.end + margin });
  const [found, rows] = await app.db.read(visitor, (tx) =>
    Promise.all([
      findSessionType(tx, wish.mentor, wish.type),
      scheduleRows(tx, wish.mentor, reach.dates, reach.window),
    ]),
  );
  if (!found) return { kind: 'not-found' };
  const { mentor, type } = found;
  const zone = wish.zone ?? zoneOf(mentor.timeZone);
  const { span } = wish;
  if ('first' in span)
    for (const bound of ['first', 'last'] as const)
      if (!dateExists(zone, span[bound])) return { kind: 'no-such-date', bound };
  const window = windowOf(span, zone);
  const free = slotsIn(window, situationOf(mentor, type, rows, now)).filter(({ state }) => state === 'free');
  return {
    kind: 'found',
    mentorId: mentor.id,
    typeId: type.id,
    zone,
    durationMinutes: type.durationMinutes,
    window,
    slots: free.slice(0, wish.atMost).map(({ start }) => ({ start, end: start + type.durationMinutes * MINUTE })),
    next: free[wish.atMost]?.start ?? null,
  };
}

const windowOf = (span: Span, zone: ZoneId): Interval =>
  'first' in span
    ? { start: startOfDate(zone, span.first), end: startOfDate(zone, addDays(span.last, 1)) }
    : { start: span.start, end: span.end };
