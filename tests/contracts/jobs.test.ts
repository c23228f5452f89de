import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { jobQueue } from '~/data/jobs';
import type { Instant } from '~/domain/time/instant';
import type { Job, Jobs } from '~/services/jobs/jobs';
import { localJobs } from '~/services/jobs/local';
import { qstashJobs } from '~/services/jobs/qstash';
import { signCall } from '~/services/jobs/signature';
import { sign, type Secrets } from '~/crypto/signatures';
import type { ServiceError } from '~/services/service-error';
import { DAY } from '~/domain/time/instant';
import { freshDatabase } from '../support/database';
import { signedToken, startQstashService, type QstashFault } from '../support/qstash-service';

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
}

async function local(): Promise<Stage & { readonly heard: readonly Instant[] }> {
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

/** Its library reads the machine's clock, so that one is moved. */
async function byQstash(limits?: { publishingMs: number }) {
  vi.useFakeTimers({ toFake: ['Date'], now: T0 });
  const service = await startQstashService();
  onTestFinished(async () => {
    vi.useRealTimers();
    await service.close();
  });
  const { url, token, keys } = service;
  const settings = { url, token, currentSigningKey: keys.current, nextSigningKey: keys.next, siteUrl: SITE };
  const jobs = qstashJobs({ ...settings, clock: () => Date.now() }, limits);
  const stage: Stage = {
    clock: {
      get now() {
        return Date.now();
      },
      set now(instant) {
        vi.setSystemTime(instant);
      },
    },
    jobs,
    sign: (path, body) => Promise.resolve(service.sign(SITE + path, body)),
    enqueued: () =>
      Promise.resolve(
        Object.fromEntries(
          service.messages.map(({ deduplicationId, notBefore, body }) => [
            String(deduplicationId),
            { runAt: notBefore, body: JSON.parse(body) as unknown },
          ]),
        ),
      ),
  };
  return { ...stage, service, settings };
}

const PROVIDERS: Record<string, () => Promise<Stage>> = { 'the jobs table': local, QStash: byQstash };

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
    await jobs.enqueue([job('a', T0 + 5_000), job('b')]);
    await jobs.enqueue([job('a', T0 + 9_000), job('c')]);
    await Promise.all([jobs.enqueue([job('d')]), jobs.enqueue([job('d')])]);
    await jobs.enqueue([]);
    expect(await enqueued()).toEqual({
      a: { runAt: T0 + 5_000, body: { id: 'a' } },
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

  test('a call is believed for five minutes, and not before it was made, but for clocks that differ a little', async () => {
    const { jobs, sign, clock } = await open();
    const headers = await sign(PATH, BODY);
    clock.now = T0 + 299_000;
    expect(await jobs.verify(call(headers), BODY)).toBe(true);
    clock.now = T0 + 306_000;
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

describe('jobs by QStash', () => {
  const job = (dedupKey: string, runAt = T0): Job => ({
    name: 'notification',
    body: { id: dedupKey },
    runAt,
    dedupKey,
  });
  const failureOf = (work: Promise<unknown>) =>
    work.then(
      () => expect.unreachable(),
      (error: unknown) => error as ServiceError,
    );

  test('several leave in one journey, go to the site’s endpoint, at whole seconds that are never early', async () => {
    const { jobs, service } = await byQstash();
    await jobs.enqueue([job('notification:a', T0 + 1), { name: 'sweep', body: {}, runAt: T0 - 1, dedupKey: 'é' }]);
    expect(service.asked).toBe(1);
    expect(service.messages).toMatchObject([
      {
        url: `${SITE}/api/jobs/notification`,
        method: 'POST',
        notBefore: T0 + 1_000,
        deduplicationId: 'notification-a',
      },
      { url: `${SITE}/api/jobs/sweep`, body: '{}', notBefore: T0, headers: { 'Content-Type': 'application/json' } },
    ]);
    expect(service.messages.map(({ retries }) => retries)).toEqual([3, 3]);
  });

  test('as many as a sweep finds leave by the hundred', async () => {
    const { jobs, service } = await byQstash();
    await jobs.enqueue(Array.from({ length: 201 }, (_, i) => job(`n:${i}`)));
    expect([service.asked, service.messages.length]).toEqual([3, 201]);
  });

  test('what is at the end of its reach is taken, what is beyond is not', async () => {
    const { jobs } = await byQstash();
    const reach = jobs.reach ?? expect.unreachable();
    expect(reach).toBeGreaterThan(6.9 * DAY);
    await jobs.enqueue([job('a', T0 + reach)]);
    expect((await failureOf(jobs.enqueue([job('b', T0 + 7 * DAY + 1_000)]))).remedy).toBe('retry');
  });

  test.each<[string, QstashFault, ServiceError['remedy']]>([
    ['a wrong token', { status: 401 }, 'reconnect'],
    ['a request', { status: 400 }, 'give-up'],
    ['the pace', { status: 429, headers: { 'Burst-RateLimit-Limit': '100' } }, 'retry'],
    ['the day’s quota', { status: 429, headers: { 'RateLimit-Limit': '1000' } }, 'retry'],
    ['with a fault of its own', { status: 500, body: 'a stack with b@example.com' }, 'retry'],
    ['with a page', { status: 200, body: '<h1>Welcome</h1>' }, 'retry'],
    ['in words of another', { status: 200, body: '[{"id":"x"}]' }, 'retry'],
  ])('refusing %s', async (_, fault, remedy) => {
    const { jobs, service } = await byQstash();
    service.fault = fault;
    const error = await failureOf(jobs.enqueue([job('a')]));
    expect(error).toMatchObject({ name: 'ServiceError', remedy });
    expect(error.message).not.toContain('example.com');
  });

  test('what was taken before the answer was lost, or by half, is there once when it is enqueued again', async () => {
    const { jobs, service } = await byQstash();
    service.fault = 'cut';
    expect((await failureOf(jobs.enqueue([job('a'), job('b'), job('c'), job('d')]))).remedy).toBe('retry');
    service.fault = 'half';
    const taken = await jobs.enqueue([job('a'), job('b'), job('c'), job('d')]);
    expect(taken.map(({ dedupKey }) => dedupKey)).toEqual(['a', 'b']);
    service.fault = null;
    await jobs.enqueue([job('a'), job('b'), job('c'), job('d')]);
    expect(service.messages.map(({ deduplicationId }) => deduplicationId).sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  test('nobody listens, or nobody answers: to be tried again, soon enough', async () => {
    const { jobs, service, settings } = await byQstash({ publishingMs: 100 });
    service.fault = 'silence';
    expect((await failureOf(jobs.enqueue([job('a')]))).remedy).toBe('retry');
    const nowhere = qstashJobs({ ...settings, url: 'http://127.0.0.1:1', clock: () => Date.now() });
    expect((await failureOf(nowhere.enqueue([job('a')]))).remedy).toBe('retry');
  });

  test('a key that is being replaced is believed with its successor, and no other', async () => {
    const { jobs, service, sign } = await byQstash();
    service.rotate();
    expect(await jobs.verify(call(await sign(PATH, BODY)), BODY)).toBe(true);
    service.rotate();
    expect(await jobs.verify(call(await sign(PATH, BODY)), BODY)).toBe(false);
  });

  test('claims of another issuer, or without address or body, are not believed under the right key', async () => {
    const { jobs, service, sign } = await byQstash();
    const [token = ''] = Object.values(await sign(PATH, BODY));
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<
      string,
      unknown
    >;
    const verify = (changed: Record<string, unknown>) =>
      jobs.verify(call({ 'Upstash-Signature': signedToken(changed, service.keys.current) }), BODY);
    expect(await verify(claims)).toBe(true);
    for (const claim of ['iss', 'sub', 'body']) {
      const { [claim]: _, ...rest } = claims;
      expect(await verify(rest), claim).toBe(false);
    }
    for (const wrong of [{ iss: 'slotwell' }, { sub: `${SITE}/api/jobs/sweep` }, { body: 7 }, { exp: 'never' }])
      expect(await verify({ ...claims, ...wrong }), JSON.stringify(wrong)).toBe(false);
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
