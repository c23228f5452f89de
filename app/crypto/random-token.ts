import { toBase64url } from './base64url';

/** An unguessable text of `byteCount` random bytes, base64url: 16 bytes make 22 characters, 32 make 43. */
export function randomToken(byteCount = 32): string {
  return toBase64url(crypto.getRandomValues(new Uint8Array(byteCount)));
}
