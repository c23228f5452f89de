import type { App } from '~/context';
import { mentor } from '~/data/actor';
import { recordAudit } from '~/data/audit';
import { insertSpecialDays, removeSpecialDays } from '~/data/availability';
import { violatedConstraint } from '~/data/errors';
import { lockMentor } from '~/data/mentors';
import { joinTouching, type DateRun, type SpecialDays } from '~/domain/availability/special-days';
import { addDays, daysBetween } from '~/domain/time/local-date';
import { toWall, type ZoneId } from '~/domain/time/zones';
import { CONSTRAINTS } from '~db/schema';

/** Plans reach this far, beyond every horizon within which can be booked. */
export const FARTHEST_DAYS = 1_100;

export type SpecialDaysSaved =
  | { readonly kind: 'saved' }
  /** Over already, or too far ahead. */
  | { readonly kind: 'past' | 'too-far' }
  | { readonly kind: 'overlaps' };

/**
 * Makes the days of a run differ from the week, all alike; what was said of them before is replaced. Refused when the
 * run ends before today in the mentor's zone or more than `FARTHEST_DAYS` after it. What is booked stays as it is.
 */
export async function saveSpecialDays(
  app: App,
  { mentorId, zone }: { mentorId: string; zone: ZoneId },
  days: SpecialDays,
): Promise<SpecialDaysSaved> {
  const now = app.clock();
  const today = toWall(zone, now).date;
  if (days.until < today) return { kind: 'past' };
  if (days.until > addDays(today, FARTHEST_DAYS)) return { kind: 'too-far' };
  const ranges = joinTouching(days.ranges);
  const dates = Array.from({ length: daysBetween(days.from, days.until) + 1 }, (_, i) => addDays(days.from, i));
  const actor = mentor(mentorId);
  try {
    await app.db.writeAtOnce(actor, (tx) =>
      Promise.all([
        lockMentor(tx, { id: mentorId }),
        removeSpecialDays(tx, mentorId, days),
        insertSpecialDays(
          tx,
          mentorId,
          dates.map((date) => ({ date, ranges, reason: days.reason })),
        ),
        recordAudit(tx, actor, now, {
          action: 'availability.days-changed',
          subjectType: 'mentor',
          subjectId: mentorId,
          details: { from: days.from, until: days.until, ranges: ranges.length },
        }),
      ]),
    );
    return { kind: 'saved' };
  } catch (error) {
    if (violatedConstraint(error) === CONSTRAINTS.overrideOverlap) return { kind: 'overlaps' };
    throw error;
  }
}

/** Makes the days of a run as in the week again; nothing happens where they are so already. */
export async function restoreDays(app: App, mentorId: string, dates: DateRun): Promise<void> {
  const actor = mentor(mentorId);
  await app.db.writeAtOnce(actor, (tx) =>
    Promise.all([
      lockMentor(tx, { id: mentorId }),
      removeSpecialDays(tx, mentorId, dates),
      recordAudit(tx, actor, app.clock(), {
        action: 'availability.days-restored',
        subjectType: 'mentor',
        subjectId: mentorId,
        details: { from: dates.from, until: dates.until },
      }),
    ]),
  );
}
