import { findZone, type ZoneId } from '~/domain/time/zones';
import { LOCALES, type Locale } from '~/locales/translator';
import { findCookie, setCookie, type CookieKeeper } from './cookies';

/** The optional script writes this one too, so it is neither HttpOnly nor `__Host-`. */
export const ZONE_COOKIE = 'slotwell-zone';
export const LOCALE_COOKIE = 'slotwell-lang';
const YEAR_SECONDS = 365 * 86_400;

export interface Preferences {
  /** Null when the visitor has chosen none that we know: pages then take the mentor's. */
  readonly zone: ZoneId | null;
  readonly locale: Locale;
}

/** `?tz=` and `?lang=` win, then cookies, then Accept-Language, then English. Unknown zones and languages count as absent. */
export function readPreferences(request: Request): Preferences {
  const asked = askedFor(request);
  const zoneCookie = findCookie(request, ZONE_COOKIE);
  return {
    zone: asked.zone ?? (zoneCookie === undefined ? undefined : findZone(decoded(zoneCookie))) ?? null,
    locale: asked.locale ?? findLocale(findCookie(request, LOCALE_COOKIE)) ?? acceptedLocale(request.headers) ?? 'en',
  };
}

/**
 * Cookies for what this request's address asks for, to be sent by a loader: `data(…, { headers })`. None where a browser
 * only looks ahead (`Sec-Purpose: prefetch`): nobody has chosen anything yet.
 */
export function rememberPreferences(request: Request, app: CookieKeeper): Headers {
  if (request.headers.get('sec-purpose')?.startsWith('prefetch')) return new Headers();
  const { zone, locale } = askedFor(request);
  const options = { maxAgeSeconds: YEAR_SECONDS, isSecure: app.config.isSecure, isHttpOnly: false };
  const headers = new Headers();
  if (zone !== undefined) headers.append('Set-Cookie', setCookie(ZONE_COOKIE, encodeURIComponent(zone), options));
  if (locale !== undefined) headers.append('Set-Cookie', setCookie(LOCALE_COOKIE, locale, options));
  return headers;
}

function askedFor(request: Request): { zone: ZoneId | undefined; locale: Locale | undefined } {
  const { searchParams } = new URL(request.url);
  const zone = searchParams.get('tz');
  return {
    zone: zone === null ? undefined : findZone(zone),
    locale: findLocale(searchParams.get('lang') ?? undefined),
  };
}

const findLocale = (text: string | undefined) => LOCALES.find((locale) => locale === text?.toLowerCase());

/** The best of ours by the header's weights (RFC 9110 section 12.5.4); `ko-KR` asks for `ko`. */
function acceptedLocale(headers: Headers): Locale | undefined {
  return (headers.get('accept-language') ?? '')
    .split(',')
    .slice(0, 20)
    .map((part) => {
      const [tag, ...parameters] = part.split(';').map((piece) => piece.trim());
      const weight = parameters.find((parameter) => parameter.startsWith('q='));
      return { locale: findLocale(tag?.split('-')[0]), weight: weight === undefined ? 1 : Number(weight.slice(2)) };
    })
    .filter(({ locale, weight }) => locale !== undefined && weight > 0)
    .sort((a, b) => b.weight - a.weight)[0]?.locale;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
