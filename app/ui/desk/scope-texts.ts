import type { ApiScope } from '~/domain/accounts/scopes';
import type { MessageKey } from '~/locales/messages';
import type { Translator } from '~/locales/translator';

/** What a token may do, in the order it is asked. */
export const SCOPE_KEYS = {
  'bookings:read': 'desk.tokens.scope.bookings-read',
  'bookings:write': 'desk.tokens.scope.bookings-write',
  'availability:write': 'desk.tokens.scope.availability-write',
} as const satisfies Record<ApiScope, MessageKey>;

export const SCOPES = Object.keys(SCOPE_KEYS) as ApiScope[];

/** 'read my bookings · cancel my bookings' */
export const scopeTexts = (scopes: readonly ApiScope[], t: Translator): string =>
  SCOPES.filter((scope) => scopes.includes(scope))
    .map((scope) => t(SCOPE_KEYS[scope]))
    .join(' · ');
