import type { ApiScope } from '~/domain/accounts/scopes';
import { refuse, refuseTooMany } from './api-refusals';

export type Recognition<Who> =
  | { readonly kind: 'known'; readonly who: Who }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'limited'; readonly retryAfterSeconds: number };

/** Whether a request says that it comes with a token. */
export const hasToken = (request: Request): boolean => request.headers.has('authorization');

/**
 * Who calls by the token of the request (RFC 6750), as `recognise` knows it, when the token may do this (`scope`; null:
 * any token may); otherwise the refusal: 401 without a token or with one that is not valid, 403 without the scope, 429.
 */
export async function requireToken<App, Who extends { readonly scopes: readonly ApiScope[] }>(
  request: Request,
  app: App,
  scope: ApiScope | null,
  recognise: (app: App, token: string) => Promise<Recognition<Who>>,
): Promise<Who | Response> {
  const sent = request.headers.get('authorization');
  if (sent === null) return refuse('token-missing', { headers: { 'WWW-Authenticate': 'Bearer' } });
  const token = /^bearer +([\w.~+/-]+=*)$/i.exec(sent)?.[1];
  const known = token === undefined ? ({ kind: 'unknown' } as const) : await recognise(app, token);
  switch (known.kind) {
    case 'unknown':
      return refuse('token-unknown', { headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' } });
    case 'limited':
      return refuseTooMany('too-many-requests', known.retryAfterSeconds);
    case 'known':
      if (scope === null || known.who.scopes.includes(scope)) return known.who;
      return refuse('scope-missing', {
        detail: `This needs a token with the scope ${scope}.`,
        headers: { 'WWW-Authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
      });
  }
}
