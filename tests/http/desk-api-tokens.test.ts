import { describe, expect, test } from 'vitest';
import { sweepNotifications } from '~/usecases/notifications/sweep-notifications';
import { call, giveToken } from '../support/api';
import { atDesk } from '../support/desk';
import { serve, type Served } from '../support/server';

const TOKENS = '/desk/api-tokens';
const wish = { now: '2026-06-09T06:05Z', zone: 'Asia/Seoul' };

const TOKEN = /slotwell_[\w-]{43}/;
const shown = (page: string): string | undefined => TOKEN.exec(page)?.[0];
const kept = (site: Served) =>
  site.database.owner('select name, scopes, token_hash, revoked_at from api_tokens order by created_at, name');

test('a mentor makes a token: shown this once, kept as a hash, and it works', async () => {
  const site = await serve(wish);
  const browser = await atDesk(site);
  const empty = await browser.get(TOKENS);
  expect(empty.text).toContain('None yet.');
  const made = await browser.post(TOKENS, { name: '  Office calendar ', scopes: 'bookings:read' });
  const token = shown(made.text) ?? '';
  expect([made.status, made.location]).toEqual([200, null]);
  expect(made.headers.get('Cache-Control')).toBe('no-store');
  expect(made.headers.get('Set-Cookie') ?? '').not.toContain(token);
  const [row] = await kept(site);
  expect(row).toMatchObject({ name: 'Office calendar', scopes: ['bookings:read'], revoked_at: null });
  expect(JSON.stringify(await site.database.owner('select * from api_tokens'))).not.toContain(token.slice(9));

  expect((await call(site, 'GET', '/api/bookings', { token })).status).toBe(200);
  await site.settled();
  const again = await browser.get(TOKENS);
  expect(shown(again.text)).toBeUndefined();
  for (const piece of [
    'Office calendar',
    'read my bookings',
    'Made Tuesday 9 June 2026',
    'last used Tuesday 9 June 2026, 15:05',
  ])
    expect(again.text).toContain(piece);
  expect(await site.database.owner('select actor, actor_id, action, details from audit_log')).toEqual([
    { actor: 'mentor', actor_id: site.mentor.id, action: 'api-token.made', details: { scopes: 'bookings:read' } },
  ]);
  expect(JSON.stringify(site.lines)).not.toContain(token.slice(9));
});

test('the same form sent twice makes one token and shows it both times; other words make another', async () => {
  const site = await serve(wish);
  const browser = await atDesk(site);
  const page = await browser.get(TOKENS);
  const csrf = /name="csrf" value="([^"]*)"/.exec(page.text)?.[1] ?? '';
  const form = { csrf, name: 'One', scopes: 'bookings:read' };
  const tokens = (await Promise.all([1, 2, 3].map(() => browser.post(TOKENS, form)))).map(({ text }) => shown(text));
  expect(new Set(tokens).size).toBe(1);
  expect(await kept(site)).toHaveLength(1);
  const other = await browser.post(TOKENS, { ...form, name: 'Two' });
  expect(shown(other.text)).not.toBe(tokens[0]);
  expect(await kept(site)).toHaveLength(2);
  // What was revoked does not come back by sending its form again.
  await site.database.owner('update api_tokens set revoked_at = now()');
  const late = await browser.post(TOKENS, form);
  expect([late.status, shown(late.text)]).toEqual([409, undefined]);
  expect(late.text).toContain('is revoked already');
});

describe('what is refused', () => {
  test.each([
    ['no name and no scope', {}, ['Write a name of 1 to 60 characters.', 'Tick what the token may do.']],
    [
      'a name too long',
      { name: 'x'.repeat(61), scopes: 'bookings:read' },
      ['Write a name of 1 to 60 characters.', 'x'.repeat(61)],
    ],
    ['a scope that is none', { name: 'Mine', scopes: 'everything' }, ['Tick what the token may do.', 'value="Mine"']],
  ])('%s: told, and kept as typed', async (_, fields, pieces) => {
    const site = await serve(wish);
    const browser = await atDesk(site);
    await browser.get(TOKENS);
    const refused = await browser.post(TOKENS, fields);
    expect(refused.status).toBe(400);
    expect(refused.text).toMatch(/<title>Error: /);
    for (const piece of pieces) expect(refused.text).toContain(piece);
    expect(await kept(site)).toEqual([]);
  });

  test('a twenty-first token that works; revoked ones do not count', async () => {
    const site = await serve(wish);
    for (let i = 0; i < 20; i += 1) await giveToken(site, site.mentor);
    const browser = await atDesk(site);
    await browser.get(TOKENS);
    const refused = await browser.post(TOKENS, { name: 'One more', scopes: 'bookings:read' });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('Twenty tokens work already.');
    await site.database.owner(
      'update api_tokens set revoked_at = now() where id = (select id from api_tokens limit 1)',
    );
    await browser.get(TOKENS);
    expect((await browser.post(TOKENS, { name: 'One more', scopes: 'bookings:read' })).status).toBe(200);
    // Two at once at the last place: one of them.
    await site.database.owner(
      'update api_tokens set revoked_at = now() where id = (select id from api_tokens where revoked_at is null limit 1)',
    );
    await browser.get(TOKENS);
    const both = await Promise.all(['A', 'B'].map((name) => browser.post(TOKENS, { name, scopes: 'bookings:read' })));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test('whoever is not signed in, or posts from elsewhere', async () => {
    const site = await serve(wish);
    const stranger = site.browser();
    expect((await stranger.get(TOKENS)).location).toBe(`/sign-in?next=${encodeURIComponent(TOKENS)}`);
    await stranger.get('/sign-in');
    expect((await stranger.post(TOKENS, { name: 'x', scopes: 'bookings:read' })).status).toBe(303);
    const browser = await atDesk(site);
    expect((await browser.post(TOKENS, { name: 'x', scopes: 'bookings:read', csrf: 'forged' })).status).toBe(403);
    const foreign = await browser.post(TOKENS, { name: 'x' }, { 'Sec-Fetch-Site': 'cross-site' });
    expect(foreign.status).toBe(403);
    expect(await kept(site)).toEqual([]);
  });
});

test('a token is revoked after being asked once more: it stops working at once, and stays in the list', async () => {
  const site = await serve(wish);
  const token = await giveToken(site, site.mentor);
  const browser = await atDesk(site);
  const link = /href="(\/desk\/api-tokens\/[\w-]+\/revoke)"/.exec((await browser.get(TOKENS)).text)?.[1] ?? '';
  const question = await browser.get(link);
  expect(question.text).toContain('Programs that use it are refused at once.');
  expect((await call(site, 'GET', '/api/bookings', { token })).status).toBe(200);
  const answer = await browser.post(link, {});
  expect([answer.status, answer.location]).toEqual([303, `${TOKENS}?revoked`]);
  expect((await call(site, 'GET', '/api/bookings', { token })).status).toBe(401);
  const list = await browser.get(`${TOKENS}?revoked`);
  expect(list.text).toContain('Revoked. Programs that use this token are refused from now on.');
  expect(list.text).toContain('revoked Tuesday 9 June 2026');
  expect(list.text).not.toContain('/revoke"');
  // Again changes nothing.
  site.at('2026-06-10T00:00Z');
  await browser.get(TOKENS);
  expect((await browser.post(link, {})).status).toBe(303);
  expect((await kept(site))[0]?.revoked_at).toEqual(new Date('2026-06-09T06:05Z'));
  expect((await browser.get(link)).text).toContain('This token is revoked already.');
  expect(await site.database.owner(`select 1 from audit_log where action = 'api-token.revoked'`)).toHaveLength(1);
});

test('tokens of another mentor are neither listed nor revoked: 404', async () => {
  const site = await serve(wish);
  const other = await site.addMentor({ slug: 'other' });
  await giveToken(site, other);
  const [theirs] = await site.database.owner('select id from api_tokens');
  const browser = await atDesk(site);
  expect((await browser.get(TOKENS)).text).toContain('None yet.');
  for (const id of [String(theirs?.id), crypto.randomUUID(), 'x', '%20']) {
    expect((await browser.get(`${TOKENS}/${id}/revoke`)).status, id).toBe(404);
    await browser.get(TOKENS);
    expect((await browser.post(`${TOKENS}/${id}/revoke`, {})).status, id).toBe(404);
  }
  expect((await kept(site))[0]?.revoked_at).toBeNull();
});

test('names are shown as text, however they were meant, and in Korean the page is Korean', async () => {
  const site = await serve(wish);
  const browser = await atDesk(site);
  await browser.get(TOKENS);
  await browser.post(TOKENS, { name: '<img src=x onerror=alert(1)>', scopes: 'bookings:write' });
  const page = await browser.get(TOKENS, { 'Accept-Language': 'ko' });
  expect(page.text).not.toContain('<img src=x');
  for (const piece of ['API 토큰', '예약 취소하기', '아직 쓰지 않음', '&lt;img src=x'])
    expect(page.text).toContain(piece);
});

test('the sweep forgets requests after a day', async () => {
  const site = await serve({ ...wish, hours: 'Mon-Fri 9-17' });
  const token = await giveToken(site, site.mentor);
  await call(site, 'POST', '/api/availability', { token, body: { hours: [] }, headers: { 'Idempotency-Key': 'k' } });
  const count = async () => {
    await sweepNotifications(site.app);
    return (await site.database.owner('select 1 from idempotency_keys')).length;
  };
  site.at('2026-06-10T06:04Z');
  expect(await count()).toBe(1);
  site.at('2026-06-10T06:05Z');
  expect(await count()).toBe(0);
});
