import { isSignedBy, sign, type Secrets } from '~/crypto/signatures';
import { MINUTE } from '~/domain/time/instant';

/** A code is good for this long. */
export const CODE_MINUTES = 10;
export const CODE_LIFE = CODE_MINUTES * MINUTE;
/** After so many wrong tries a code is void. */
export const MAX_TRIES = 5;

/** Six digits, each code as likely as any other. */
export function makeCode(): string {
  const codes = 1_000_000;
  // Numbers above the last full million would make small codes likelier.
  const limit = Math.floor(2 ** 32 / codes) * codes;
  for (;;) {
    const [random = limit] = crypto.getRandomValues(new Uint32Array(1));
    if (random < limit) return String(random % codes).padStart(6, '0');
  }
}

/** What is stored of a code: a million plain hashes are made in a second, so this one has a key. */
export const hashCode = (secrets: Secrets, accountId: string, code: string): Promise<string> =>
  sign(secrets, signedText(accountId, code));

export const isCodeOf = (secrets: Secrets, accountId: string, code: string, hash: string): Promise<boolean> =>
  isSignedBy(secrets, signedText(accountId, code), hash);

const signedText = (accountId: string, code: string) => `sign-in-code\n${accountId}\n${code}`;
