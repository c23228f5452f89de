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
    // Control characters have no place in a line of text; a name that carries them is cleaned, not refused.
    .transform((text) => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim())
    .pipe(z.string().min(min, { error }).max(max, { error }));

/** What a visitor tells to book. The error of each field is the key of its text. */
export const bookingForm = z.object({
  start: startField,
  name: line(2, 100, 'name'),
  email: z
    .string({ error: 'email' })
    .trim()
    .max(254, { error: 'email' })
    .pipe(z.email({ error: 'email' })),
  phone: z
    .string()
    .trim()
    .regex(/^\+?[\d\s().-]{5,30}$/, { error: 'phone' })
    .optional(),
  message: z
    .string()
    .transform((text) => text.replace(/\r\n?/g, '\n').trim())
    .pipe(z.string().max(500, { error: 'message' }))
    .optional(),
});

export const rescheduleForm = z.object({ start: startField });

export const cancellationForm = z.object({
  reason: z
    .string()
    .transform((text) => text.replace(/\r\n?/g, '\n').trim())
    .pipe(z.string().max(500, { error: 'reason' }))
    .optional(),
});
