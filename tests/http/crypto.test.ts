import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findBase64url, toBase64url } from '~/crypto/base64url';
import { sha256Hex } from '~/crypto/hashes';
import { randomToken } from '~/crypto/random-token';
import { isSignedBy, sign } from '~/crypto/signatures';

const text = fc.string({ unit: 'grapheme' });

test('hashes and signatures are those of Node', async () => {
  await fc.assert(
    fc.asyncProperty(text, fc.string({ minLength: 1 }), async (content, secret) => {
      expect(await sha256Hex(content)).toBe(createHash('sha256').update(content).digest('hex'));
      expect(await sign([secret], content)).toBe(createHmac('sha256', secret).update(content).digest('base64url'));
    }),
  );
});

test('base64url comes back as it went, and is Node’s', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(toBase64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
      expect(findBase64url(toBase64url(bytes))).toEqual(new Uint8Array(bytes));
    }),
  );
  for (const none of ['a', 'ab+c', 'ab=', 'é', 'ab c', 'abcde']) expect(findBase64url(none), none).toBeUndefined();
});

test('a signature is good for its text and any of the secrets, and for nothing else', async () => {
  const signature = await sign(['old'], 'text');
  expect(await isSignedBy(['new', 'old'], 'text', signature)).toBe(true);
  expect(await isSignedBy(['new'], 'text', signature)).toBe(false);
  expect(await isSignedBy(['old'], 'texT', signature)).toBe(false);
  for (const wrong of ['', signature.slice(1), `${signature}AA`, 'no base64!']) {
    expect(await isSignedBy(['old'], 'text', wrong), wrong).toBe(false);
  }
});

test('random tokens are long, of address characters, and never twice', () => {
  const tokens = Array.from({ length: 1_000 }, () => randomToken());
  expect(new Set(tokens).size).toBe(1_000);
  for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/);
  expect(randomToken(16)).toHaveLength(22);
});
