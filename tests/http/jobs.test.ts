import { describe, expect, test } from 'vitest';
import { schedulingOf } from '~/compose';
import { signCall } from '~/services/jobs/signature';
import { sign } from '~/crypto/signatures';
import { SITE, TEST_VARIABLES } from '../support/scene';
import { serve, type Served } from '../support/server';

const NOW = Date.parse('2026-03-01T00:00:00Z');
const PATH = '/api/jobs/notification';

/** A booking that owes mail to booker and mentor at once, and the ids of what it owes. */
async function owing(): Promise<Served & { ids: string[] }> {
  const stage = await serve({ now: '2026-03-01T00:00:00Z' });
  const { owner } = stage.database;
  const booking = crypto.randomUUID();
  await owner(
    `insert into bookings (id, mentor_id, session_type_id, starts_at, ends_at, reserved, status, name, email, answers,
       guests, time_zone, locale, ical_uid, manage_token_hash, request_key, created_at, updated_at)
     values ($1::text::uuid, $2, $3, '2026-03-04T00:00Z', '2026-03-04T01:00Z', '[2026-03-04T00:00Z,2026-03-04T01:00Z)', 'confirmed',
       'Asha Rai', 'asha@people.example', '{}', '{}', 'Asia/Kathmandu', 'en', $1::text, $1::text, $1::text, now(), now())`,
    [booking, stage.mentor.id, stage.mentor.typeId],
  );
  const rows = await owner(
    `insert into booking_notifications (id, booking_id, type, channel, recipient, sequence, due_at, created_at)
     select gen_random_uuid(), $1, 'confirmed', 'mail', recipient, 0, '2026-03-01T00:00Z', '2026-03-01T00:00Z'
     from unnest(array['booker', 'mentor']) recipient returning id`,
    [booking],
  );
  return { ...stage, ids: rows.map(({ id }) => String(id)) };
}

/** As the scheduler calls. */
const post = (stage: Served, path: string, body: string, headers: Record<string, string>) =>
  stage.fetch(
    new Request(SITE + path, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body }),
  );

const signed = async (stage: Served, path: string, body: string) =>
  post(stage, path, body, await schedulingOf(stage.app).sign(path, body));

/** All that a call could have changed. */
const state = ({ database: { owner } }: Served) =>
  Promise.all([
    owner('select * from booking_notifications order by id'),
    owner('select * from jobs order by id'),
    owner('select * from audit_log'),
    owner('select * from rate_limit_counters'),
  ]);

describe('the endpoint of delayed jobs', () => {
  test('sends what a signed call names; the same call again changes nothing', async () => {
    const stage = await owing();
    const body = JSON.stringify({ id: stage.ids[0] });
    expect((await signed(stage, PATH, body)).status).toBe(204);
    expect(stage.sent.length).toBe(1);
    const after = await state(stage);
    expect((await signed(stage, PATH, body)).status).toBe(204);
    expect(stage.sent.length).toBe(1);
    expect(await state(stage)).toEqual(after);
  });

  test('sweeps on a signed call: what was forgotten is enqueued', async () => {
    const stage = await owing();
    expect((await signed(stage, '/api/jobs/sweep', '{}')).status).toBe(204);
    const keys = (await stage.database.owner('select dedup_key from jobs')).map(({ dedup_key }) => dedup_key);
    expect(keys.sort()).toEqual(stage.ids.map((id) => `notification:${id}`).sort());
  });

  test('says when to come back for what is not due yet', async () => {
    const stage = await owing();
    stage.at(NOW - 600_000);
    const answer = await signed(stage, PATH, JSON.stringify({ id: stage.ids[0] }));
    expect([answer.status, answer.headers.get('Retry-After')]).toEqual([503, '600']);
    expect(stage.sent).toEqual([]);
  });

  test('knows no other job, and takes no other body, however well signed', async () => {
    const stage = await owing();
    const before = await state(stage);
    for (const [path, body] of [
      ['/api/jobs/everything', '{}'],
      ['/api/jobs/constructor', '{}'],
      [PATH, ''],
      [PATH, '{'],
      [PATH, 'null'],
      [PATH, '[]'],
      [PATH, '{"id":7}'],
      [PATH, '{"id":"1; drop table jobs"}'],
      [PATH, '{"__proto__":{"id":"x"}}'],
    ] as const)
      expect((await signed(stage, path, body)).status, `${path} ${body}`).toBe(404);
    expect(await state(stage)).toEqual(before);
    // A message that is not there is nothing to do.
    expect((await signed(stage, PATH, JSON.stringify({ id: crypto.randomUUID() }))).status).toBe(204);
  });

  test('refuses every forged call with 401, and does nothing for it', async () => {
    const stage = await owing();
    const before = await state(stage);
    const body = JSON.stringify({ id: stage.ids[0] });
    const other = JSON.stringify({ id: stage.ids[1] });
    const secrets = [TEST_VARIABLES.SESSION_SECRET] as const;
    const keys = { secrets, siteUrl: SITE, clock: () => NOW };
    const good = await signCall(keys, PATH, body);
    const [[name = '', token = ''] = []] = Object.entries(good);
    const [head = '', claims = '', signature = ''] = token.split('.');
    const none = btoa('{"alg":"none","typ":"JWT"}').replaceAll('=', '');
    const forgeries: Record<string, Record<string, string>> = {
      'no signature': {},
      'an empty one': { [name]: '' },
      'no token': { [name]: 'nonsense' },
      'another body': await signCall(keys, PATH, other),
      'another path': await signCall(keys, '/api/jobs/sweep', body),
      'another site': await signCall({ ...keys, siteUrl: 'https://slotwell.example' }, PATH, body),
      'another key': await signCall({ ...keys, secrets: ['another-secret-of-more-than-32-characters'] }, PATH, body),
      'the secret itself as key': { [name]: `${head}.${claims}.${await sign(secrets, `${head}.${claims}`)}` },
      expired: await signCall({ ...keys, clock: () => NOW - 300_000 }, PATH, body),
      'of the future': await signCall({ ...keys, clock: () => NOW + 60_000 }, PATH, body),
      'without algorithm': { [name]: `${none}.${claims}.` },
      'cut off': { [name]: `${head}.${claims}` },
      'one bit flipped': {
        [name]: `${head}.${claims}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
      },
      'as bearer token': { Authorization: `Bearer ${token}` },
      'in QStash’s header': { 'Upstash-Signature': token },
    };
    for (const [what, headers] of Object.entries(forgeries)) {
      const answer = await post(stage, PATH, body, headers);
      expect(answer.status, what).toBe(401);
      expect(answer.headers.get('Content-Type'), what).toBe('application/problem+json');
    }
    // Nor does it tell which jobs there are.
    expect((await post(stage, '/api/jobs/everything', '{}', {})).status).toBe(401);
    expect(stage.sent).toEqual([]);
    expect(await state(stage)).toEqual(before);
    expect((await post(stage, PATH, body, good)).status).toBe(204);
  });

  test('takes no other way in: not by GET, by single fetch, nor with more than a job is long', async () => {
    const stage = await owing();
    const look = await stage.fetch(new Request(SITE + PATH));
    expect([look.status, look.headers.get('Allow')]).toEqual([405, 'POST, OPTIONS']);
    const body = JSON.stringify({ id: stage.ids[0] });
    expect((await signed(stage, `${PATH}.data`, body)).status).toBe(404);
    expect((await signed(stage, PATH, 'x'.repeat(2_000_000))).status).toBe(413);
    expect(stage.sent).toEqual([]);
  });

  test('answers 5xx while the mail service is away, and sends when it is back', async () => {
    const stage = await owing();
    const { send } = stage.app.mail;
    const body = JSON.stringify({ id: stage.ids[0] });
    Object.assign(stage.app.mail, { send: () => Promise.reject(new Error('away')) });
    expect((await signed(stage, PATH, body)).status).toBeGreaterThanOrEqual(500);
    Object.assign(stage.app.mail, { send });
    expect((await signed(stage, PATH, body)).status).toBe(204);
    expect(stage.sent.length).toBe(1);
  });
});
