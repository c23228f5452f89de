import { expect, test } from 'vitest';
import { call, giveToken, refusalOf } from '../support/api';
import { atDesk, putBookings } from '../support/desk';
import { serve } from '../support/server';

const wish = { now: '2026-03-02T00:00Z', zone: 'Asia/Kathmandu', hours: 'Mon-Fri 9-17' };
const ID = '00000000-0000-4000-8000-000000000001';

/** What needs a token, with the scope that it needs. */
const GUARDED = [
  ['POST', '/api/availability', 'availability:write', { hours: [] }],
  ['GET', '/api/bookings', 'bookings:read', undefined],
  ['DELETE', `/api/bookings/${ID}`, 'bookings:write', undefined],
] as const;

test.each(GUARDED)(
  '%s %s needs a token with its scope, and does nothing without',
  async (method, path, scope, body) => {
    const site = await serve(wish);
    await putBookings(site, site.mentor, [{ start: '2026-03-04T04:15Z' }]);
    await site.database.owner(`update bookings set id = '${ID}'`);
    const sent = body === undefined ? {} : { body };
    const before = site.database.roundTrips();

    const missing = await call(site, method, path, sent);
    expect(refusalOf(missing)).toEqual({ status: 401, type: '/api#token-missing', fields: [] });
    expect(missing.headers.get('WWW-Authenticate')).toBe('Bearer');
    for (const wrong of [
      'Bearer',
      'Bearer x',
      'Basic YTpi',
      `Bearer slotwell_${'x'.repeat(42)}`,
      `Token slotwell_${'x'.repeat(43)}`,
    ])
      expect([
        wrong,
        refusalOf(await call(site, method, path, { ...sent, headers: { Authorization: wrong } })).type,
      ]).toEqual([wrong, '/api#token-unknown']);
    // What cannot be a token of ours is not looked up.
    expect(site.database.roundTrips()).toBe(before);

    const made = await call(site, method, path, { ...sent, token: `slotwell_${'x'.repeat(43)}` });
    expect(refusalOf(made).type).toBe('/api#token-unknown');
    expect(made.headers.get('WWW-Authenticate')).toBe('Bearer error="invalid_token"');

    const others = (['availability:write', 'bookings:read', 'bookings:write'] as const).filter((one) => one !== scope);
    const narrow = await call(site, method, path, { ...sent, token: await giveToken(site, site.mentor, others) });
    expect(refusalOf(narrow)).toEqual({ status: 403, type: '/api#scope-missing', fields: [] });
    expect(narrow.headers.get('WWW-Authenticate')).toBe(`Bearer error="insufficient_scope", scope="${scope}"`);
    expect(narrow.json?.detail).toContain(scope);
    await site.settled();
    expect(await site.database.owner('select status from bookings')).toEqual([{ status: 'confirmed' }]);
    expect(await site.database.owner('select 1 from mentor_availability')).toHaveLength(5);

    const revoked = await giveToken(site, site.mentor);
    await site.database.owner('update api_tokens set revoked_at = now()');
    expect(refusalOf(await call(site, method, path, { ...sent, token: revoked })).type).toBe('/api#token-unknown');
    expect(
      (await call(site, method, path, { ...sent, token: await giveToken(site, site.mentor, [scope]) })).status,
    ).toBe(200);
  },
);

test('when a token was used last is noted, at most once a minute', async () => {
  const site = await serve(wish);
  const token = await giveToken(site, site.mentor);
  const used = async () => {
    await call(site, 'GET', '/api/bookings', { token });
    await site.settled();
    const [row] = await site.database.owner('select last_used_at from api_tokens');
    return (row?.last_used_at as Date).toISOString();
  };
  expect(await used()).toBe('2026-03-02T00:00:00.000Z');
  site.at('2026-03-02T00:00:59Z');
  expect(await used()).toBe('2026-03-02T00:00:00.000Z');
  site.at('2026-03-02T00:01:00Z');
  expect(await used()).toBe('2026-03-02T00:01:00.000Z');
});

test('calls are counted by token: the 301st in a minute is refused with when to come back', async () => {
  const site = await serve(wish);
  const token = await giveToken(site, site.mentor);
  const read = () => call(site, 'GET', '/api/bookings', { token });
  for (let calls = 0; calls < 300; calls += 1) expect((await read()).status).toBe(200);
  const refused = await read();
  expect(refusalOf(refused)).toEqual({ status: 429, type: '/api#too-many-requests', fields: [] });
  expect(refused.headers.get('Retry-After')).toBe('60');
  expect((await call(site, 'GET', '/api/bookings', { token: await giveToken(site, site.mentor) })).status).toBe(200);
  site.at('2026-03-02T00:01:00.001Z');
  expect((await read()).status).toBe(200);
});

test('a signed-in mentor’s cookie opens nothing of the API', async () => {
  const site = await serve(wish);
  const browser = await atDesk(site);
  expect((await browser.get('/api/bookings')).status).toBe(401);
});

test('a database that cannot serve is 503 in the API’s own format, and nothing of a token is logged', async () => {
  const site = await serve(wish);
  const token = await giveToken(site, site.mentor);
  await site.database.owner('drop table api_tokens');
  const answer = await call(site, 'GET', '/api/bookings', { token });
  expect(refusalOf(answer)).toEqual({ status: 503, type: '/api#away', fields: [] });
  expect(answer.headers.get('Retry-After')).toBe('10');
  expect(JSON.stringify(site.lines)).not.toContain(token.slice(9));
});
