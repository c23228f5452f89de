import { expect, test } from 'vitest';
import { readSignIn, signInCookie, signOutCookie } from '~/http/sign-in-cookie';
import { keeper } from '../support/forms';

const signIn = {
  accountId: '6f9619ff-8b86-4011-b42d-00c04fc964ff',
  mentorId: '7f9619ff-8b86-4011-b42d-00c04fc964ff',
  signInVersion: 1,
};
const secure = { config: { ...keeper.config, isSecure: true } };
const from = (cookie: string) =>
  new Request('http://localhost/desk', { headers: { Cookie: cookie.split(';')[0] ?? '' } });

test('who signs in is known by the cookie', async () => {
  expect(await readSignIn(from(await signInCookie(keeper, signIn)), keeper)).toEqual(signIn);
  const admin = { ...signIn, mentorId: null };
  expect(await readSignIn(from(await signInCookie(keeper, admin)), keeper)).toEqual(admin);
});

test('the cookie is HttpOnly and lax; on https it is tied to its host', async () => {
  expect(await signInCookie(keeper, signIn)).toMatch(
    /^slotwell=(?=.*; HttpOnly)(?=.*; SameSite=Lax)(?=.*Path=\/)(?!.*Secure)/,
  );
  expect(await signInCookie(secure, signIn)).toMatch(
    /^__Host-slotwell=(?=.*; HttpOnly)(?=.*; Secure)(?=.*Path=\/)(?!.*Domain)/,
  );
});

test('a forged, changed or emptied cookie signs nobody in', async () => {
  const cookie = (await signInCookie(keeper, signIn)).split(';')[0] ?? '';
  const [name = '', value = ''] = cookie.split('=');
  const [payload = '', signature = ''] = decodeURIComponent(value).split('.');
  const forged = btoa(JSON.stringify({ signIn: { ...signIn, accountId: signIn.mentorId } }));
  for (const text of [
    '',
    'x',
    payload,
    `${forged}.${signature}`,
    `${payload}.AAAA`,
    `.${signature}`,
    `${payload}.A`,
    '.',
    '%E0%A4%A.x',
    'x.'.repeat(500),
  ]) {
    expect(await readSignIn(from(`${name}=${encodeURIComponent(text)}`), keeper), text).toBeNull();
  }
  expect(await readSignIn(from(await signOutCookie(keeper)), keeper)).toBeNull();
  expect(await readSignIn(new Request('http://localhost/'), keeper)).toBeNull();
});

test('a cookie made with the secret of before still signs in', async () => {
  const rotated = {
    config: { ...keeper.config, secrets: ['b'.repeat(32), ...keeper.config.secrets] as [string, ...string[]] },
  };
  expect(await readSignIn(from(await signInCookie(keeper, signIn)), rotated)).toEqual(signIn);
});
