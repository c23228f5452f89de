import type { App } from '~/context';
import { visitor } from '~/data/actor';
import { findMentorBySlug } from '~/data/mentors';
import { scheduleRows } from '~/data/slots';
import { slotsIn } from '~/domain/slots/slots';
import { DAY } from '~/domain/time/instant';
import { reachOf, situationOf } from './situation';

/** How many starts of a mentor's first session type visitors can choose in the next days; 0 without one. One round trip. */
export async function countFreeTimes(app: App, slug: string, days: number): Promise<number> {
  const now = app.clock();
  const window = { start: now, end: now + days * DAY };
  const reach = reachOf(window);
  const [found, rows] = await app.db.read(visitor, (tx) =>
    Promise.all([findMentorBySlug(tx, slug), scheduleRows(tx, { slug }, reach.dates, reach.window)]),
  );
  const type = found?.types[0];
  if (!found || !type) return 0;
  return slotsIn(window, situationOf(found.mentor, type, rows, now)).filter(({ state }) => state === 'free').length;
}
