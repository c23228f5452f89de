import { sha256Hex } from '~/crypto/hashes';
import { randomToken } from '~/crypto/random-token';
import { isSignedBy, sign, type Secrets } from '~/crypto/signatures';
import { cookieName, findCookie, setCookie } from './cookies';

/** The hidden field of every form; `parseForm` takes it out before the schema sees the rest. */
export const FORM_TOKEN_FIELD = 'csrf';

/** What tokens need to know of the configuration; `app` fits. */
export interface FormKeeper {
  readonly config: { readonly secrets: Secrets; readonly isSecure: boolean };
}

const VISIT_COOKIE = 'slotwell-visit';
const VISIT_SECONDS = 180 * 86_400;

/**
 * A token for one rendered form, to be posted back in `FORM_TOKEN_FIELD`, and the headers that the
 * loader has to answer with (`data(…, { headers })`): they give a new browser its cookie.
 * The token is a random part and its signature together with the browser's cookie, so it is worth
 * nothing in another browser, and nothing is stored.
 */
export async function formToken(app: FormKeeper, request: Request): Promise<{ token: string; headers: Headers }> {
  const headers = new Headers();
  let visit = findVisit(app, request);
  if (visit === undefined) {
    visit = randomToken(16);
    headers.append(
      'Set-Cookie',
      setCookie(cookieName(VISIT_COOKIE, app), visit, {
        maxAgeSeconds: VISIT_SECONDS,
        isSecure: app.config.isSecure,
        isHttpOnly: true,
      }),
    );
  }
  const nonce = randomToken(16);
  return { token: `${nonce}.${await sign(app.config.secrets, signed(visit, nonce))}`, headers };
}

/** Whether this browser was given this token. */
export async function isOwnToken(app: FormKeeper, request: Request, token: string): Promise<boolean> {
  const visit = findVisit(app, request);
  const [nonce, signature, ...rest] = token.split('.');
  if (visit === undefined || !nonce || !signature || rest.length > 0) return false;
  return isSignedBy(app.config.secrets, signed(visit, nonce), signature);
}

/**
 * The key of what one rendered form asks for: SHA-256, hex. The same form sent again for the same
 * thing (`parts`, such as session type and start) has the same key; nobody else can make it.
 */
export function requestKeyOf(token: string, ...parts: readonly string[]): Promise<string> {
  return sha256Hex(JSON.stringify([token, ...parts]));
}

function findVisit(app: FormKeeper, request: Request): string | undefined {
  const visit = findCookie(request, cookieName(VISIT_COOKIE, app));
  return visit !== undefined && /^[\w-]{22}$/.test(visit) ? visit : undefined;
}

/** The purpose is signed too, so that no other signature of the same secret can pass for a form's. */
const signed = (visit: string, nonce: string) => `form\n${visit}\n${nonce}`;
