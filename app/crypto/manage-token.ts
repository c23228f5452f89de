import { hmacSha256, sha256Hex, toBase64Url } from './bytes';

/**
 * The token of a booking's private link, made from the booking's id and a secret: mail that leaves later
 * can carry the link although only its hash is stored. 24 bytes, base64url.
 */
export async function makeManageToken(secret: string, bookingId: string): Promise<string> {
  const mac = await hmacSha256(secret, `manage-link:${bookingId}`);
  return toBase64Url(mac.slice(0, 24));
}

/** What is stored and compared: SHA-256 of the token, hex. */
export const hashManageToken = (token: string): Promise<string> => sha256Hex(token);

/** Finds the token of a booking again, whichever of the secrets (newest first) made it; null when none did. */
export async function deriveManageToken(
  secrets: readonly string[],
  bookingId: string,
  expectedHash: string,
): Promise<string | null> {
  for (const secret of secrets) {
    const token = await makeManageToken(secret, bookingId);
    if ((await hashManageToken(token)) === expectedHash) return token;
  }
  return null;
}
