import { z } from 'zod';
import { problemsOfRanges, type RangeProblem } from '~/domain/availability/hours';
import { MOST_RANGES } from '../availability';
import {
  boundField,
  clockField,
  clockText,
  instantText,
  mentorField,
  sessionTypeField,
  span,
  wallText,
  zoneField,
} from './fields';

/** Days that may be asked for at once: a year. */
export const MOST_DAYS = 366;
/** Slots in one answer; the rest follows from `next`. */
export const MOST_SLOTS = 5_000;

/** Which free times are asked for. */
export const availabilityQuery = z
  .strictObject({
    mentorId: mentorField,
    sessionTypeId: sessionTypeField.optional(),
    from: boundField('The first date, or the instant from which on sessions may start.'),
    to: boundField('The last date, or the instant before which sessions start. At most 366 days in all.'),
    timezone: zoneField(
      'In which `from` and `to` are dates and local times are told. Without it the mentor’s.',
    ).optional(),
  })
  .check(span(MOST_DAYS));

export const availabilityAnswer = z.object({
  mentorId: z.uuid(),
  sessionTypeId: z.uuid(),
  timezone: z.string().meta({ description: 'The zone of `localStart` and `localEnd`.' }),
  durationMinutes: z.int().meta({ description: 'How long a session takes.' }),
  from: instantText('From here on sessions may start.'),
  to: instantText('Before here they start.'),
  slots: z
    .array(
      z.object({
        start: instantText('Send it as `start` to book.'),
        end: instantText('When the session ends.'),
        localStart: wallText('The start on the clocks of `timezone`.'),
        localEnd: wallText('The end on the clocks of `timezone`.'),
      }),
    )
    .max(MOST_SLOTS)
    .meta({ description: 'What can be booked just now, soonest first.' }),
  next: instantText(
    `Where there are more than ${MOST_SLOTS}: send it as \`from\`, with this answer’s \`to\`.`,
  ).nullable(),
});

const RANGE_TEXTS: Record<RangeProblem['kind'], string> = {
  reversed: 'Send an endTime that is after startTime.',
  empty: 'Send an endTime that is after startTime.',
  overlaps: 'Send ranges of one day that do not overlap.',
};

const rangeField = z.strictObject({
  dayOfWeek: z
    .int({ error: 'Send a day from 0 (Sunday) to 6 (Saturday).' })
    .min(0, { error: 'Send a day from 0 (Sunday) to 6 (Saturday).' })
    .max(6, { error: 'Send a day from 0 (Sunday) to 6 (Saturday).' })
    .meta({ description: '0 is Sunday, 6 is Saturday.' }),
  startTime: clockField('From `00:00` on.', { until24: true }),
  endTime: clockField('Until `24:00`.', { until24: true }),
  isActive: z
    .boolean({ error: 'Send true or false.' })
    .default(true)
    .meta({ description: 'False keeps the hours of a day without offering them: the same for all ranges of a day.' }),
});

/** The weekly hours that take the place of those there are. */
export const hoursBody = z
  .strictObject({
    timezone: zoneField('The mentor’s zone, in which the hours are. Without it the zone stays.').optional(),
    hours: z
      .array(rangeField, { error: 'Send a list of hours.' })
      .max(7 * MOST_RANGES, { error: `Send at most ${7 * MOST_RANGES} ranges.` })
      .meta({ description: 'All of the week. Days without hours are closed; ranges that touch become one.' }),
  })
  .superRefine(({ hours }, context) => {
    const say = (index: number, field: string, message: string) =>
      context.issues.push({ code: 'custom', path: ['hours', index, field], message, input: hours[index] });
    for (let day = 0; day < 7; day += 1) {
      const ofDay = hours.flatMap(({ dayOfWeek, startTime, endTime, isActive }, index) =>
        dayOfWeek === day ? [{ index, isActive, start: startTime, end: endTime }] : [],
      );
      for (const { index, kind } of problemsOfRanges(ofDay))
        say(ofDay[index]?.index ?? 0, kind === 'overlaps' ? 'startTime' : 'endTime', RANGE_TEXTS[kind]);
      const other = ofDay.find(({ isActive }) => isActive !== ofDay[0]?.isActive);
      if (other) say(other.index, 'isActive', 'Send the same for all ranges of a day.');
      const tooMany = ofDay[MOST_RANGES];
      if (tooMany) say(tooMany.index, 'dayOfWeek', `Send at most ${MOST_RANGES} ranges a day.`);
    }
  });

export const hoursAnswer = z.object({
  timezone: z.string(),
  hours: z
    .array(
      z.object({
        dayOfWeek: z.int().min(0).max(6),
        startTime: clockText('`HH:MM`'),
        endTime: clockText('`HH:MM`, up to `24:00`'),
        isActive: z.boolean(),
      }),
    )
    .meta({ description: 'By day, then by time.' }),
});
