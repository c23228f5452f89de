import { findBase64url, toBase64url } from './base64url';

const encoder = new TextEncoder();
const HMAC = { name: 'HMAC', hash: 'SHA-256' };

/** Secrets, newest first: the first signs, each verifies. */
export type Secrets = readonly [string, ...string[]];

/** HMAC-SHA-256 of the text under the newest secret, base64url. */
export async function sign(secrets: Secrets, text: string): Promise<string> {
  const key = await hmacKey(secrets[0], 'sign');
  return toBase64url(new Uint8Array(await crypto.subtle.sign(HMAC, key, encoder.encode(text))));
}

/** Whether any of the secrets made this signature; takes the same time for every wrong one. */
export async function isSignedBy(secrets: Secrets, text: string, signature: string): Promise<boolean> {
  const bytes = findBase64url(signature);
  if (bytes === undefined) return false;
  const verdicts = await Promise.all(
    secrets.map(async (secret) =>
      crypto.subtle.verify(HMAC, await hmacKey(secret, 'verify'), bytes, encoder.encode(text)),
    ),
  );
  return verdicts.includes(true);
}

function hmacKey(secret: string, usage: 'sign' | 'verify'): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', encoder.encode(secret), HMAC, false, [usage]);
}
