import { z } from 'zod';

/** Asks for a sign-in code. */
export const signInForm = z.object({
  email: z
    .string({ error: 'email' })
    .trim()
    .max(254, { error: 'email' })
    .pipe(z.email({ error: 'email' })),
});

/** The six digits of the mail; spaces and hyphens between them are forgiven. */
export const signInCodeForm = z.object({
  code: z
    .string({ error: 'code' })
    .max(40, { error: 'code' })
    .transform((text) => text.replace(/[\s-]/g, ''))
    .pipe(z.string().regex(/^\d{6}$/, { error: 'code' })),
});
