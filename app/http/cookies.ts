/** What cookies need to know of the configuration; `app` fits. */
export interface CookieKeeper {
  readonly config: { readonly isSecure: boolean };
}

/**
 * `__Host-` ties a cookie to this very host and to https. Over http browsers drop such a cookie
 * (all but on loopback), so the name is decided once, from SITE_URL.
 */
export function cookieName(name: string, { config }: CookieKeeper): string {
  return config.isSecure ? `__Host-${name}` : name;
}

/** The first cookie of this name as sent, undecoded (RFC 6265 section 5.4). */
export function findCookie(request: Request, name: string): string | undefined {
  for (const pair of (request.headers.get('cookie') ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/** A `Set-Cookie` value for the whole site, lax; `value` has to be of cookie characters already. */
export function setCookie(
  name: string,
  value: string,
  { maxAgeSeconds, isSecure, isHttpOnly }: { maxAgeSeconds: number; isSecure: boolean; isHttpOnly: boolean },
): string {
  return `${name}=${value}; Path=/; Max-Age=${maxAgeSeconds}; SameSite=Lax${isHttpOnly ? '; HttpOnly' : ''}${isSecure ? '; Secure' : ''}`;
}

/**
 * The `Cookie` header with this cookie alone, for Remix's signed cookies; null when the cookie is
 * missing or is nothing that Remix has signed. Its Workers' half throws at a signature that is no
 * base64 (@remix-run/cloudflare 2.17.5, `unsign`), so one forged cookie would be a 500 on every page.
 */
export function signedCookieHeader(request: Request, name: string): string | null {
  const value = findCookie(request, name);
  return value !== undefined && SIGNED.test(value) ? `${name}=${value}` : null;
}

/** Payload and HMAC-SHA-256 in base64, the latter without padding, as the `cookie` package encodes both. */
const SIGNED = /^(?:[a-z0-9+/=]|%2B|%2F|%3D)+\.(?:[a-z0-9+/]|%2B|%2F){43}$/i;
