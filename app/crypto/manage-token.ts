import { sha256Hex } from './hashes';
import { sign, type Secrets } from './signatures';

/**
 * The token of a booking's private link, made from the booking's id and a secret: mail that leaves later can carry
 * the link although only its hash is stored. 43 characters, base64url.
 */
export const makeManageToken = (secrets: Secrets, bookingId: string): Promise<string> =>
  sign(secrets, `manage-link\n${bookingId}`);

/** What is stored and looked up: SHA-256 of the token, hex. */
export const hashManageToken = (token: string): Promise<string> => sha256Hex(token);

/** Finds a booking's token again, whichever of the secrets made it; null when none of them did. */
export async function deriveManageToken(
  secrets: Secrets,
  bookingId: string,
  expectedHash: string,
): Promise<string | null> {
  for (const secret of secrets) {
    const token = await makeManageToken([secret], bookingId);
    if ((await hashManageToken(token)) === expectedHash) return token;
  }
  return null;
}
