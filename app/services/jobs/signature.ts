import { z } from 'zod';
import { findBase64url, toBase64url } from '~/crypto/base64url';
import { isSignedBy, sign, type Secrets } from '~/crypto/signatures';
import type { Instant } from '~/domain/time/instant';

/** What both ends of a call know. */
export interface CallKeys {
  readonly secrets: Secrets;
  /** Origin of the site: calls may come by another way (loopback), and are signed for this one. */
  readonly siteUrl: string;
  readonly clock: () => Instant;
}

const HEADER = 'Slotwell-Signature';
const ISSUER = 'slotwell';
const LIFETIME_SECONDS = 300;
/** Two servers' clocks may differ by so much. */
const TOLERANCE_SECONDS = 5;

/** The one header that is made and accepted: no other algorithm can be asked for (RFC 8725, section 3.1). */
const JOSE_HEADER = encode({ alg: 'HS256', typ: 'JWT' });

const claimsOf = z.object({
  iss: z.literal(ISSUER),
  sub: z.string(),
  iat: z.int(),
  nbf: z.int(),
  exp: z.int(),
  body: z.string(),
});

/**
 * The headers that prove a POST of `body` to `path` (with its query) to be ours for five minutes: a JWT (RFC 7519)
 * with HS256, whose claims name the address and the body's SHA-256. Same shape as QStash's, with a key of our own.
 */
export async function signCall(keys: CallKeys, path: string, body: string): Promise<Record<string, string>> {
  const now = Math.floor(keys.clock() / 1000);
  const claims = {
    iss: ISSUER,
    sub: keys.siteUrl + path,
    iat: now,
    nbf: now,
    exp: now + LIFETIME_SECONDS,
    body: await hashOf(body),
  };
  const signed = `${JOSE_HEADER}.${encode(claims)}`;
  return { [HEADER]: `${signed}.${await sign(await callSecrets(keys.secrets), signed)}` };
}

/** Whether `signCall` made this request's header, for its address and this body, and not long ago. */
export async function isSignedCall(keys: CallKeys, request: Request, body: string): Promise<boolean> {
  const [header, payload, signature, ...rest] = (request.headers.get(HEADER) ?? '').split('.');
  if (header !== JOSE_HEADER || payload === undefined || signature === undefined || rest.length > 0) return false;
  // The signature decides first, in constant time; what is compared after it is no secret.
  if (!(await isSignedBy(await callSecrets(keys.secrets), `${header}.${payload}`, signature))) return false;
  const claims = findClaims(payload);
  if (claims === undefined) return false;
  const now = keys.clock() / 1000;
  const { pathname, search } = new URL(request.url);
  return (
    claims.sub === keys.siteUrl + pathname + search &&
    claims.nbf <= now + TOLERANCE_SECONDS &&
    claims.iat <= now + TOLERANCE_SECONDS &&
    claims.exp > now &&
    claims.body === (await hashOf(body))
  );
}

/** Secrets for this purpose alone, so that nothing else that is signed can pass for a call. */
async function callSecrets([newest, ...older]: Secrets): Promise<Secrets> {
  const derive = (secret: string) => sign([secret], 'key\njob calls');
  return [await derive(newest), ...(await Promise.all(older.map(derive)))];
}

function findClaims(payload: string): z.infer<typeof claimsOf> | undefined {
  const bytes = findBase64url(payload);
  if (bytes === undefined) return undefined;
  try {
    return claimsOf.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data;
  } catch {
    return undefined;
  }
}

function encode(part: Readonly<Record<string, unknown>>): string {
  return toBase64url(new TextEncoder().encode(JSON.stringify(part)));
}

async function hashOf(body: string): Promise<string> {
  return toBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body))));
}
