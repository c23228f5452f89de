import { z } from 'zod';
import type { Instant } from '~/domain/time/instant';

/** An instant in a form or an address: `2026-06-11T01:00:00Z`, to the minute, of this century or the next. */
export const startField = z
  .string({ error: 'start' })
  .regex(/^2[01]\d\d-/, { error: 'start' })
  .regex(/:00Z$/, { error: 'start' })
  .pipe(z.iso.datetime({ error: 'start', precision: 0 }))
  .transform((text): Instant => Date.parse(text));

export const startText = (start: Instant): string => new Date(start).toISOString().replace('.000Z', 'Z');

const line = (min: number, max: number, error: string) =>
  z
    .string({ error })
    // Control characters and halves of pairs have no place in a line of text; a name that carries them is cleaned, not
    // refused.
    .transform((text) => text.replace(/[\p{Cc}\p{Cs}\u2028\u2029]+/gu, ' ').trim())
    .pipe(z.string().min(min, { error }).max(max, { error }));

/** Several lines; NUL, which Postgres does not take, is dropped. */
const lines = (max: number, error: string) =>
  z
    .string({ error })
    .transform((text) => text.replaceAll('\0', '').replace(/\r\n?/g, '\n').trim())
    .pipe(z.string().max(max, { error }));

/** What a visitor tells of themselves; `say` gives each field its error. */
export const personFields = (say: (field: 'name' | 'email' | 'phone' | 'message') => string) => ({
  name: line(2, 100, say('name')),
  email: z
    .string({ error: say('email') })
    .trim()
    .max(254, { error: say('email') })
    .pipe(z.email({ error: say('email') })),
  phone: z
    .string({ error: say('phone') })
    .trim()
    .regex(/^\+?[\d\s().-]{5,30}$/, { error: say('phone') }),
  message: lines(500, say('message')),
});

const formFields = personFields((field) => field);

/** What a visitor tells to book. The error of each field is the key of its text. */
export const bookingForm = z.object({
  start: startField,
  name: formFields.name,
  email: formFields.email,
  phone: formFields.phone.optional(),
  message: formFields.message.optional(),
});

export const rescheduleForm = z.object({ start: startField });

/** Why a booking is cancelled, in the canceller's words. */
export const reasonField = (error: string) => lines(500, error);

export const cancellationForm = z.object({ reason: reasonField('reason').optional() });
