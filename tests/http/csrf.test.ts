import { expect, test } from 'vitest';
import { formToken, isOwnToken, requestKeyOf } from '~/http/csrf';
import { keeper, openedForm } from '../support/forms';

const from = (cookie: string) => new Request('http://localhost/form', { method: 'POST', headers: { Cookie: cookie } });

test('a browser gets its cookie once and may post every form that it opened', async () => {
  const first = await openedForm();
  const second = await formToken(keeper, from(first.cookie));
  expect(second.headers.getSetCookie()).toEqual([]);
  expect(second.token).not.toBe(first.token);
  expect(await isOwnToken(keeper, from(`other=1; ${first.cookie}`), first.token)).toBe(true);
  expect(await isOwnToken(keeper, from(first.cookie), second.token)).toBe(true);
});

test('the cookie is for this host alone, and out of reach for scripts', async () => {
  const http = await formToken(keeper, new Request('http://localhost/'));
  expect(http.headers.get('set-cookie')).toMatch(
    /^slotwell-visit=[\w-]{22}; Path=\/; Max-Age=\d+; SameSite=Lax; HttpOnly$/,
  );
  const secure = { config: { ...keeper.config, isSecure: true } };
  const https = await formToken(secure, new Request('https://slotwell.example/'));
  expect(https.headers.get('set-cookie')).toMatch(/^__Host-slotwell-visit=[\w-]{22}; .*; Secure$/);
  expect(https.headers.get('set-cookie')).not.toContain('Domain');
});

test('a token of another browser, a changed one or none is refused', async () => {
  const mine = await openedForm();
  const other = await openedForm();
  const [nonce = '', signature = ''] = mine.token.split('.');
  const [otherNonce = ''] = other.token.split('.');
  for (const token of [
    '',
    '.',
    other.token,
    nonce,
    `${nonce}.`,
    `.${signature}`,
    `${otherNonce}.${signature}`,
    `${mine.token}A`,
    `${mine.token}.x`,
    `${nonce}.${'é'.repeat(10)}`,
  ]) {
    expect(await isOwnToken(keeper, from(mine.cookie), token), token).toBe(false);
  }
  expect(await isOwnToken(keeper, from(''), mine.token)).toBe(false);
  expect(await isOwnToken(keeper, from('slotwell-visit='), mine.token)).toBe(false);
  expect(await isOwnToken(keeper, from(mine.cookie), mine.token)).toBe(true);
});

test('a token outlives the change of the secret as long as the old one is kept', async () => {
  const { token, cookie } = await openedForm();
  const newer = 'a-newer-secret-of-more-than-32-characters';
  const rotated = { config: { ...keeper.config, secrets: [newer, keeper.config.secrets[0]] as const } };
  expect(await isOwnToken(rotated, from(cookie), token)).toBe(true);
  const forgotten = { config: { ...keeper.config, secrets: [newer] as const } };
  expect(await isOwnToken(forgotten, from(cookie), token)).toBe(false);
});

test('the same form sent again for the same start has the same key; anything else has another', async () => {
  const { token, cookie } = await openedForm();
  const again = await openedForm(keeper, cookie);
  const key = await requestKeyOf(token, 'type', '1781139600000');
  expect(key).toMatch(/^[0-9a-f]{64}$/);
  expect(await requestKeyOf(token, 'type', '1781139600000')).toBe(key);
  expect(await requestKeyOf(token, 'type', '1781143200000')).not.toBe(key);
  expect(await requestKeyOf(token, 'type1', '781139600000')).not.toBe(key);
  expect(await requestKeyOf(again.token, 'type', '1781139600000')).not.toBe(key);
});
