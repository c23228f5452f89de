import { describe, expect, test } from 'vitest';
import { jobQueue } from '~/data/jobs';
import type { Instant } from '~/domain/time/instant';
import type { Job, Jobs } from '~/services/jobs/jobs';
import { localJobs } from '~/services/jobs/local';
import { signCall } from '~/services/jobs/signature';
import { sign, type Secrets } from '~/crypto/signatures';
import { freshDatabase } from '../support/database';

const SITE = 'https://slotwell.example';
const T0 = Date.parse('2026-03-02T00:00:00Z');
const OLD = 'an older secret of thirty-two characters and more';
const NEW = 'a newer secret of thirty-two characters and more';

interface Stage {
  readonly jobs: Jobs;
  readonly clock: { now: Instant };
  /** The headers of a call as this provider makes it. */
  sign(path: string, body: string): Promise<Record<string, string>>;
  /** What is enqueued and not called yet, by key. */
  enqueued(): Promise<Record<string, { runAt: Instant; body: unknown }>>;
  /** When jobs were told to be due, as the provider heard it. */
  readonly heard: readonly Instant[];
}

async function local(): Promise<Stage> {
  const { db, owner } = await freshDatabase();
  const clock = { now: T0 };
  const heard: Instant[] = [];
  const keys = { secrets: [NEW, OLD] satisfies Secrets, siteUrl: SITE, clock: () => clock.now };
  return {
    clock,
    heard,
    jobs: localJobs({ ...keys, insert: jobQueue(db).insert, onEnqueued: (runAt) => heard.push(runAt) }),
    sign: (path, body) => signCall(keys, path, body),
    enqueued: async () =>
      Object.fromEntries(
        (await owner('select dedup_key, run_at, body from jobs')).map(({ dedup_key, run_at, body }) => [
          String(dedup_key),
          { runAt: Number(run_at), body },
        ]),
      ),
  };
}

const PROVIDERS: Record<string, () => Promise<Stage>> = { 'the jobs table': local };

const PATH = '/api/jobs/notification';
const BODY = '{"id":"7d3c"}';

/** Calls come to whatever address the server has; only path and query of it are asked for. */
const call = (headers: Record<string, string>, { path = PATH, host = SITE } = {}) =>
  new Request(host + path, { method: 'POST', headers, body: BODY });

describe.each(Object.entries(PROVIDERS))('jobs by %s', (_, open) => {
  const job = (dedupKey: string, runAt = T0): Job => ({
    name: 'notification',
    body: { id: dedupKey },
    runAt,
    dedupKey,
  });

  test('what is enqueued has its body and time, and the same key is enqueued once', async () => {
    const { jobs, enqueued } = await open();
    await jobs.enqueue([job('a', T0 + 5), job('b')]);
    await jobs.enqueue([job('a', T0 + 9), job('c')]);
    await Promise.all([jobs.enqueue([job('d')]), jobs.enqueue([job('d')])]);
    await jobs.enqueue([]);
    expect(await enqueued()).toEqual({
      a: { runAt: T0 + 5, body: { id: 'a' } },
      b: { runAt: T0, body: { id: 'b' } },
      c: { runAt: T0, body: { id: 'c' } },
      d: { runAt: T0, body: { id: 'd' } },
    });
  });

  test('a call of its own is believed, through whatever address it comes', async () => {
    const { jobs, sign } = await open();
    const headers = await sign(PATH, BODY);
    expect(await jobs.verify(call(headers), BODY)).toBe(true);
    expect(await jobs.verify(call(headers, { host: 'http://127.0.0.1:3000' }), BODY)).toBe(true);
  });

  test('a call is believed for five minutes, and not before it was made', async () => {
    const { jobs, sign, clock } = await open();
    const headers = await sign(PATH, BODY);
    clock.now = T0 + 299_000;
    expect(await jobs.verify(call(headers), BODY)).toBe(true);
    clock.now = T0 + 300_000;
    expect(await jobs.verify(call(headers), BODY)).toBe(false);
    clock.now = T0 - 4_000;
    expect(await jobs.verify(call(headers), BODY)).toBe(true);
    clock.now = T0 - 60_000;
    expect(await jobs.verify(call(headers), BODY)).toBe(false);
  });

  test('another body, path or query is not believed', async () => {
    const { jobs, sign } = await open();
    const headers = await sign(PATH, BODY);
    expect(await jobs.verify(call(headers), `${BODY} `)).toBe(false);
    expect(await jobs.verify(call(headers, { path: '/api/jobs/sweep' }), BODY)).toBe(false);
    expect(await jobs.verify(call(headers, { path: `${PATH}?x=1` }), BODY)).toBe(false);
    expect(await jobs.verify(call(headers, { path: '/api/JOBS/notification' }), BODY)).toBe(false);
  });

  test('a changed or missing signature is not believed', async () => {
    const { jobs, sign } = await open();
    const [[name = '', token = ''] = []] = Object.entries(await sign(PATH, BODY));
    const [head = '', claims = '', signature = ''] = token.split('.');
    const flipped = (text: string) => (text.startsWith('A') ? 'B' : 'A') + text.slice(1);
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    const forged = [
      '',
      '..',
      'x',
      head,
      `${head}.${claims}`,
      `${head}.${claims}.`,
      `${head}.${claims}.${flipped(signature)}`,
      `${head}.${claims}.${signature.slice(0, -2)}`,
      `${head}.${flipped(claims)}.${signature}`,
      `${flipped(head)}.${claims}.${signature}`,
      `${none}.${claims}.`,
      `${none}.${claims}.${signature}`,
      `${token}.${signature}`,
      'é.ß.ø',
      'a'.repeat(10_000),
    ];
    for (const text of forged) {
      let request: Request;
      try {
        request = call({ [name]: text });
      } catch {
        continue;
      }
      expect(await jobs.verify(request, BODY), text).toBe(false);
    }
    expect(await jobs.verify(call({}), BODY)).toBe(false);
  });
});

describe('the signature of local jobs', () => {
  const keysOf = (secrets: Secrets, siteUrl = SITE) => ({ secrets, siteUrl, clock: () => T0 });

  test('made with a former secret is believed while that is kept', async () => {
    const { jobs } = await local();
    expect(await jobs.verify(call(await signCall(keysOf([OLD]), PATH, BODY)), BODY)).toBe(true);
    expect(await jobs.verify(call(await signCall(keysOf(['x'.repeat(40)]), PATH, BODY)), BODY)).toBe(false);
  });

  test('of another site with the same secret is not believed', async () => {
    const { jobs } = await local();
    const other = keysOf([NEW], 'https://other.example');
    expect(await jobs.verify(call(await signCall(other, PATH, BODY)), BODY)).toBe(false);
  });

  test('over claims that miss a part, under the right key, is not believed', async () => {
    const { jobs } = await local();
    const [[name = '', token = ''] = []] = Object.entries(await signCall(keysOf([NEW]), PATH, BODY));
    const [head = '', payload = ''] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    const key = await sign([NEW], 'key\njob calls');
    const signed = async (changed: unknown) => {
      const part = `${head}.${Buffer.from(JSON.stringify(changed)).toString('base64url')}`;
      return jobs.verify(call({ [name]: `${part}.${await sign([key], part)}` }), BODY);
    };
    expect(await signed(claims)).toBe(true);
    for (const claim of Object.keys(claims)) {
      const { [claim]: _, ...rest } = claims;
      expect(await signed(rest), claim).toBe(false);
    }
    for (const wrong of [null, [], 'x', { ...claims, iss: 'Upstash' }, { ...claims, exp: '9e9' }])
      expect(await signed(wrong)).toBe(false);
  });

  test('the soonest of what is enqueued is told to who sleeps', async () => {
    const { jobs, heard } = await local();
    const at = (runAt: Instant): Job => ({ name: 'sweep', body: {}, runAt, dedupKey: String(runAt) });
    await jobs.enqueue([at(T0 + 9), at(T0 + 3), at(T0 + 5)]);
    await jobs.enqueue([]);
    expect(heard).toEqual([T0 + 3]);
  });

  test('a table that is away is an error to retry', async () => {
    const jobs = localJobs({
      ...keysOf([NEW]),
      insert: () => Promise.reject(new Error('away')),
      onEnqueued: () => expect.unreachable(),
    });
    await expect(jobs.enqueue([{ name: 'sweep', body: {}, runAt: T0, dedupKey: 'x' }])).rejects.toMatchObject({
      name: 'ServiceError',
      remedy: 'retry',
    });
  });
});
