import { z } from 'zod';
import { API_SCOPES } from '~/domain/accounts/scopes';

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

/** A token of the API: what the mentor calls it, and what it may do. */
export const apiTokenForm = z.object({
  name: z
    .string({ error: 'token-name' })
    .transform((text) => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim())
    .pipe(z.string().min(1, { error: 'token-name' }).max(60, { error: 'token-name' })),
  scopes: z
    .array(z.enum(API_SCOPES, { error: 'scopes' }), { error: 'scopes' })
    .min(1, { error: 'scopes' })
    .max(API_SCOPES.length, { error: 'scopes' })
    .transform((ticked) => API_SCOPES.filter((scope) => ticked.includes(scope))),
});

/** Nothing is asked; the form's own token is proof enough. */
export const revocationForm = z.object({});
