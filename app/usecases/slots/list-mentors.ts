import type { App } from '~/context';
import { visitor } from '~/data/actor';
import { listedMentors, type Mentor, type SessionType } from '~/data/mentors';
import { scheduleRows } from '~/data/slots';
import { nextFree } from '~/domain/slots/slots';
import { DAY, type Instant } from '~/domain/time/instant';
import { reachOf, situationOf } from './situation';

export interface MentorCard {
  readonly mentor: Mentor;
  readonly types: readonly SessionType[];
  /** First start that is free, of the first session type; null when there is none up to its horizon. */
  readonly nextFree: Instant | null;
}

/** Where most mentors have something free, so that one look is enough for them. */
const FIRST_LOOK_DAYS = 35;

/** Listed mentors with each one's next free time. One round trip, a second one when somebody is long booked out. */
export async function listMentors(app: App): Promise<MentorCard[]> {
  const now = app.clock();
  const near = reachOf({ start: now, end: now + FIRST_LOOK_DAYS * DAY });
  const [listed, rows] = await app.db.read(visitor, (tx) =>
    Promise.all([listedMentors(tx), scheduleRows(tx, 'everyone', near.dates, near.window)]),
  );
  const cards = listed.map(({ mentor, types }): MentorCard => ({ mentor, types, nextFree: null }));
  const soon = cards.map((card) => withNextFree(card, rows, FIRST_LOOK_DAYS, now));
  const booked = soon.filter((card) => card.nextFree === null && horizonOf(card) > FIRST_LOOK_DAYS);
  if (booked.length === 0) return soon;

  const far = reachOf({ start: now, end: now + Math.max(...booked.map(horizonOf)) * DAY });
  const farRows = await app.db.read(visitor, (tx) => scheduleRows(tx, 'everyone', far.dates, far.window));
  return soon.map((card) => (booked.includes(card) ? withNextFree(card, farRows, horizonOf(card), now) : card));
}

const horizonOf = (card: MentorCard): number => card.types[0]?.horizonDays ?? 0;

/** Rows beyond `knownDays` were not read, so nothing beyond them may be called free. */
function withNextFree(
  card: MentorCard,
  rows: Awaited<ReturnType<typeof scheduleRows>>,
  knownDays: number,
  now: Instant,
): MentorCard {
  const type = card.types[0];
  if (!type) return card;
  const free = nextFree(
    situationOf(card.mentor, { ...type, horizonDays: Math.min(type.horizonDays, knownDays) }, rows, now),
  );
  return { ...card, nextFree: free };
}
