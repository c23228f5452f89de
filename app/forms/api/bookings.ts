import { z } from 'zod';
import { personFields, reasonField } from '../bookings';
import {
  boundField,
  clockField,
  countField,
  dateField,
  instantField,
  instantText,
  mentorField,
  sessionTypeField,
  span,
  together,
  wallText,
  zoneField,
} from './fields';

const TEXTS = {
  name: 'Send a name of 2 to 100 characters.',
  email: 'Send a complete email address.',
  phone: 'Send a phone number of 5 to 30 digits, blanks and signs, or leave it out.',
  message: 'Send text of at most 500 characters.',
};
const person = personFields((field) => TEXTS[field]);

const STATUSES = ['pending', 'confirmed', 'cancelled', 'completed', 'no_show'] as const;

const start = instantField(
  'When the session starts. Send it instead of `date` and `startTime`; needed where clocks show a time twice.',
);

/** A booking as programs ask for it. */
export const bookingBody = z
  .strictObject({
    mentorId: mentorField,
    sessionTypeId: sessionTypeField.optional(),
    date: dateField('The date of the start, in `timezone`.').optional(),
    startTime: clockField('The time of the start, in `timezone`: `00:00` to `23:59`.', { until24: false }).optional(),
    start: start.optional(),
    timezone: zoneField(
      'The booker’s zone, for `date` and `startTime` and for the mails. Without it the mentor’s.',
    ).optional(),
    name: person.name.meta({ description: 'Who books.', minLength: 2, maxLength: 100, examples: ['Ada Moreau'] }),
    email: person.email.meta({
      description: 'Where the confirmation and the reminders go.',
      format: 'email',
      maxLength: 254,
      examples: ['ada@example.com'],
    }),
    phone: person.phone.meta({ description: 'Where the mentor can call.', examples: ['+82 2 312 3456'] }).optional(),
    message: person.message.meta({ description: 'What the session is about.', maxLength: 500 }).optional(),
    answers: z
      .strictObject({}, { error: 'Send no answers: session types ask no questions yet.' })
      .meta({ description: 'Answers to questions. Session types ask none yet: leave it out, or empty.' })
      .optional(),
    guests: z
      .array(z.string(), { error: 'Send a list.' })
      .refine((guests) => guests.length === 0, { error: 'Send no guests: sessions are for one booker yet.' })
      .meta({ description: 'Further people. Sessions are for one booker yet: leave it out, or empty.', maxItems: 0 })
      .optional(),
  })
  .check(
    together<Partial<Record<'start' | 'date' | 'startTime', unknown>>>(({ start, date, startTime }) => {
      const hasStart = start !== undefined;
      const [hasDate, hasTime] = [date !== undefined, startTime !== undefined];
      if (hasStart && (hasDate || hasTime))
        return [{ path: ['start'], message: 'Send either start, or date and startTime.' }];
      if (hasStart || (hasDate && hasTime)) return [];
      return hasDate
        ? [{ path: ['startTime'], message: 'Send startTime with date.' }]
        : [{ path: ['date'], message: 'Send date and startTime, or start.' }];
    }),
  );

/** What is booked, as the booker is told. */
export const bookingMade = z.object({
  id: z.uuid().meta({ description: 'The booking.' }),
  status: z.enum(STATUSES).meta({ description: 'What has become of it.' }),
  start: instantText('When the session starts.'),
  end: instantText('When it ends.'),
  link: z.url().meta({
    description: 'The booker’s private page, to move or cancel. Whoever has the link can; give it to the booker alone.',
    examples: ['https://slotwell.example/b/PzS8R1pWhQ4k'],
  }),
});

/** No bound. */
const ANY = Infinity;

/** Which of the mentor's bookings are asked for. */
export const bookingsQuery = z
  .strictObject({
    from: boundField('Bookings that start on this date or later, or at this instant or later.').optional(),
    to: boundField('Bookings that start on this date or before, or before this instant.').optional(),
    timezone: zoneField(
      'In which `from` and `to` are dates and local times are told. Without it the mentor’s.',
    ).optional(),
    status: z
      .enum(STATUSES, { error: `Send one of ${STATUSES.join(', ')}.` })
      .meta({ description: 'Bookings of this status alone.' })
      .optional(),
    limit: countField('How many on a page.', { max: 100, usual: 25 }),
    cursor: z
      .string({ error: 'Send the cursor of the page before, unchanged.' })
      .max(200, { error: 'Send the cursor of the page before, unchanged.' })
      .meta({ description: 'The `next` of the page before: with it come the bookings after that page.' })
      .optional(),
  })
  .check(span(ANY));

/** A booking as its mentor sees it. */
export const bookingOfMentor = z.object({
  id: z.uuid(),
  status: z.enum(STATUSES),
  start: instantText('When the session starts.'),
  end: instantText('When it ends.'),
  localStart: wallText('The start on the clocks of `timezone` of the page.'),
  localEnd: wallText('The end on the clocks of `timezone` of the page.'),
  sessionTypeId: z.uuid(),
  sessionType: z.string().meta({ description: 'The title of what is booked.' }),
  name: z.string(),
  email: z.string(),
  phone: z.string().nullable(),
  message: z.string().nullable(),
  answers: z.record(z.string(), z.string()),
  guests: z.array(z.string()),
  timezone: z.string().meta({ description: 'The booker’s zone.' }),
  createdAt: instantText('When it was booked.'),
  updatedAt: instantText('When it changed last.'),
  cancelledAt: instantText('When it was cancelled.').nullable(),
  cancelledBy: z.enum(['booker', 'mentor', 'admin', 'system']).nullable(),
  cancellationReason: z.string().nullable(),
});

export const bookingsPage = z.object({
  timezone: z.string().meta({ description: 'The zone of `localStart` and `localEnd`.' }),
  bookings: z.array(bookingOfMentor).meta({ description: 'By start, soonest first.' }),
  next: z.string().nullable().meta({ description: 'The cursor of the next page; null on the last one.' }),
});

export const cancellationParams = z.object({
  id: z.uuid().meta({ description: 'The booking.' }),
});

/** Why the mentor cancels. */
export const cancellationBody = z.strictObject({
  reason: reasonField('Send text of at most 500 characters.')
    .meta({ description: 'Said to the booker in the mail.', maxLength: 500 })
    .optional(),
});

export const bookingCancelled = z.object({ id: z.uuid(), status: z.literal('cancelled') });
