import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, test } from 'vitest';
import { BODY_LIMIT, through, type Passage, type Site } from '~/http/door';
import { openMeter } from '~/http/meter';
import type { LogLine } from '~/http/request-log';
import { routeTable } from '~/http/route-table';

const ORIGIN = 'http://localhost:3000';

/** Routes as a build has them; each module by what it exports. */
const ROUTES = {
  layout: { id: 'layout', module: { default: 1 } },
  home: { id: 'home', parentId: 'layout', index: true, module: { default: 1 } },
  mentor: { id: 'mentor', parentId: 'layout', path: 'm/:mentor', module: { loader: 1, default: 1 } },
  book: { id: 'book', parentId: 'layout', path: 'm/:mentor/:type/book', module: { action: 1, default: 1 } },
  booking: { id: 'booking', parentId: 'layout', path: 'b/:token', module: { action: 1, default: 1 } },
  invite: { id: 'invite', path: 'b/:token/invite.ics', module: { loader: 1 } },
  signIn: { id: 'signIn', path: 'sign-in', module: { action: 1, default: 1 } },
  desk: { id: 'desk', path: 'desk', module: { loader: 1, default: 1 } },
  hours: { id: 'hours', parentId: 'desk', path: 'availability', module: { action: 1, default: 1 } },
  agenda: { id: 'agenda', parentId: 'desk', path: 'bookings', module: { default: 1 } },
  jobs: { id: 'jobs', path: 'api/jobs/:job', module: { action: 1 } },
  hook: { id: 'hook', path: 'api/webhooks/:from', module: { action: 1 } },
  bookings: { id: 'bookings', path: 'api/bookings', module: { loader: 1, action: 1 } },
  one: {
    id: 'one',
    path: 'api/bookings/:booking',
    module: { action: 1, handle: { methods: ['GET', 'DELETE'] } },
  },
  health: { id: 'health', path: 'health', module: { loader: 1 } },
  elsewhere: { id: 'elsewhere', parentId: 'layout', path: '*', module: { loader: 1, action: 1, default: 1 } },
};

function house(origin = ORIGIN, { findRequestId }: Pick<Site, 'findRequestId'> = {}) {
  const seen: Request[] = [];
  const lines: LogLine[] = [];
  const meter = openMeter(new AsyncLocalStorage());
  const site: Site = {
    origin,
    refusalPage: (refusal) => `<h1>${refusal}</h1>`,
    routes: routeTable(ROUTES),
    meter,
    findRequestId,
    log: (line) => lines.push(line),
  };
  /** Sends a request through the door to a page that answers 'page', unless told otherwise. */
  const ask = (
    path: string,
    init: RequestInit = {},
    page: (request: Request, passage: Passage) => Promise<Response> = () =>
      Promise.resolve(new Response('page', { headers: { 'Content-Type': 'text/html' } })),
  ) =>
    through(
      new Request(origin + path, { ...init, ...(init.body ? { duplex: 'half' } : {}) }),
      site,
      (request, passage) => {
        seen.push(request);
        return page(request, passage);
      },
    );
  return { ask, seen, lines, meter };
}

const post = (headers: Record<string, string> = {}, body: BodyInit = 'a=1'): RequestInit => ({
  method: 'POST',
  body,
  headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
});

test.each(['/', '/m/min-ji', '/m/min-ji?month=2026-06', '/m/%EA%B9%80', '/b/a%2Fb'])(
  '%s goes through',
  async (path) => {
    const { ask, seen } = house();
    expect((await ask(path)).status).toBe(200);
    expect(seen[0]?.url).toBe(ORIGIN + path);
  },
);

test.each([
  ['a percent sign that begins nothing', '/m/%E0%A4%A'],
  ['bytes that are no UTF-8', '/m/%ff'],
  ['a NUL in the path', '/m/%00'],
  ['a NUL in the query', '/m/min-ji?month=%00'],
  ['the old data protocol', '/?_data=routes%2Fvisitor%2Fhome'],
])('400 for %s', async (_, path) => {
  const { ask, seen } = house();
  const response = await ask(path);
  expect(response.status).toBe(400);
  expect(await response.text()).toBe('<h1>bad-address</h1>');
  expect(seen).toEqual([]);
});

test.each([
  ['/', 'GET, HEAD, OPTIONS', ['POST', 'PROPFIND', 'PUT', 'PATCH', 'DELETE', 'QUERY']],
  ['/m/min-ji/talk/book', 'GET, HEAD, POST, OPTIONS', ['DELETE', 'PUT']],
  ['/M/min-ji/talk/BOOK.data', 'GET, HEAD, POST, OPTIONS', ['PATCH']],
  ['/health', 'GET, HEAD, OPTIONS', ['POST', 'DELETE']],
  ['/api/jobs/sweep', 'POST, OPTIONS', ['GET', 'HEAD', 'DELETE', 'PUT']],
  ['/api/bookings', 'GET, HEAD, POST, OPTIONS', ['DELETE', 'PUT']],
  ['/api/bookings/1', 'GET, HEAD, DELETE, OPTIONS', ['POST', 'PUT']],
])('405 at %s says what is taken there: %s', async (path, allowed, methods) => {
  const { ask, seen } = house();
  for (const method of methods) {
    const response = await ask(path, { method, headers: { Origin: ORIGIN } });
    expect([response.status, response.headers.get('allow')], method).toEqual([405, allowed]);
  }
  expect((await ask(path.replace('.data', ''), { method: 'OPTIONS' })).headers.get('allow')).toBe(allowed);
  expect(seen).toEqual([]);
});

test('OPTIONS runs no loader and grants nothing to other sites', async () => {
  const { ask, seen } = house();
  const response = await ask('/health', {
    method: 'OPTIONS',
    headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' },
  });
  expect(response.status).toBe(204);
  expect(response.headers.get('allow')).toContain('GET');
  expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  expect(seen).toEqual([]);
});

test('HEAD answers with the headers of GET and no body', async () => {
  const { ask, seen } = house();
  const response = await ask('/', { method: 'HEAD' });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/html');
  expect(await response.text()).toBe('');
  expect(seen[0]?.method).toBe('GET');
});

test('a post to a page without an action gets 405 with Allow', async () => {
  const { ask } = house();
  const response = await ask('/', post(), () => Promise.resolve(new Response(null, { status: 405 })));
  expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
});

test.each([
  ['/m/min-ji/', '/m/min-ji'],
  ['//m//min-ji', '/m/min-ji'],
  ['//evil.example/', '/evil.example'],
  ['/\\evil.example', '/evil.example'],
  ['///', '/'],
  ['/m/min-ji/?month=2026-06', '/m/min-ji?month=2026-06'],
])('%s is sent on to %s, never to another host', async (path, canonical) => {
  const { ask, seen } = house();
  const response = await ask(path);
  expect(response.status).toBe(308);
  expect(response.headers.get('location')).toBe(canonical);
  expect(seen).toEqual([]);
});

test.each([
  '/health.data',
  '/HEALTH.data',
  '/api/jobs/sweep.data',
  '/%61pi/jobs/sweep.data',
  '/API/jobs/sweep.data?_routes=x',
])('single fetch does not reach %s', async (path) => {
  const { ask, seen } = house();
  expect((await ask(path)).status).toBe(404);
  expect((await ask(path, post({ 'Content-Type': 'application/json' }, '{}'))).status).toBe(404);
  expect(seen).toEqual([]);
});

test('single fetch of pages goes through', async () => {
  const { ask } = house();
  expect((await ask('/desk/availability.data')).status).toBe(200);
});

test.each<[string, Record<string, string>]>([
  ['a foreign Origin', { Origin: 'https://evil.example' }],
  ['an Origin of the same host on another port', { Origin: 'http://localhost:3001' }],
  ['the null Origin', { Origin: 'null' }],
  ['a garbage Origin', { Origin: '::' }],
  ['a cross-site fetch', { 'Sec-Fetch-Site': 'cross-site' }],
  ['a same-site fetch from a sibling', { 'Sec-Fetch-Site': 'same-site', Origin: ORIGIN }],
  [
    'a foreign Origin under a forged X-Forwarded-Host',
    { Origin: 'https://evil.example', 'X-Forwarded-Host': 'evil.example' },
  ],
  ['a bearer token outside the API', { Origin: 'https://evil.example', Authorization: 'Bearer x' }],
])('403 for a post with %s', async (_, headers) => {
  const { ask, seen } = house();
  for (const path of ['/m/min-ji/x/book', '/m/min-ji/x/book.data', '/desk/availability']) {
    expect((await ask(path, post(headers))).status).toBe(403);
  }
  expect(seen).toEqual([]);
});

test.each<[string, Record<string, string>]>([
  ['our own Origin', { Origin: ORIGIN }],
  ['our own fetch', { 'Sec-Fetch-Site': 'same-origin', Origin: ORIGIN }],
  ['no Origin, as text browsers send', {}],
  ['a reload by hand', { 'Sec-Fetch-Site': 'none' }],
])('a post with %s goes through, without what Remix would stumble over', async (_, headers) => {
  const { ask, seen } = house();
  expect((await ask('/sign-in', post({ ...headers, 'X-Forwarded-Host': 'elsewhere' }))).status).toBe(200);
  expect(seen[0]?.headers.get('origin')).toBeNull();
  expect(seen[0]?.headers.get('x-forwarded-host')).toBeNull();
  expect(await seen[0]?.text()).toBe('a=1');
});

test.each<[string, Record<string, string>]>([
  ['/api/jobs/notification', {}],
  ['/api/webhooks/stripe', {}],
  ['/api/bookings', { Authorization: 'Bearer token' }],
])('%s proves itself by more than its origin', async (path, headers) => {
  const { ask } = house();
  const foreign = { 'Content-Type': 'application/json', Origin: 'https://elsewhere.example', ...headers };
  expect((await ask(path, post(foreign, '{}'))).status).toBe(200);
});

test('an API post without a bearer token has to come from our pages', async () => {
  const { ask } = house();
  const foreign = { 'Content-Type': 'application/json', Origin: 'https://elsewhere.example' };
  const response = await ask('/api/bookings', post(foreign, '{}'));
  expect(response.status).toBe(403);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(await response.json()).toMatchObject({ status: 403, title: expect.any(String) as string });
});

test.each([
  ['/sign-in', 'application/json'],
  ['/sign-in', 'text/plain'],
  ['/sign-in', 'application/x-www-form-urlencodedX'],
  ['/api/jobs/sweep', 'text/plain'],
  ['/api/jobs/sweep', 'application/x-www-form-urlencoded'],
])('415 at %s for %s', async (path, type) => {
  const { ask, seen } = house();
  expect((await ask(path, post({ 'Content-Type': type }))).status).toBe(415);
  expect(seen).toEqual([]);
});

test('415 for a body without a type, and for a compressed one', async () => {
  const { ask, seen } = house();
  expect((await ask('/sign-in', { method: 'POST', body: new Uint8Array([1]) })).status).toBe(415);
  expect((await ask('/sign-in', post({ 'Content-Encoding': 'gzip' }))).status).toBe(415);
  expect(seen).toEqual([]);
});

test.each(['application/x-www-form-urlencoded; charset=UTF-8', 'Multipart/Form-Data; boundary=x'])(
  'forms of type %s go through',
  async (type) => {
    const { ask } = house();
    expect((await ask('/sign-in', post({ 'Content-Type': type }))).status).toBe(200);
  },
);

/** A body that counts what was taken from it. */
function countedBody(bytes: number) {
  const taken = { bytes: 0 };
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = new Uint8Array(Math.min(65_536, bytes - taken.bytes)).fill(97);
      taken.bytes += chunk.length;
      if (chunk.length === 0) controller.close();
      else controller.enqueue(chunk);
    },
  });
  return { stream, taken };
}

test('a body at the limit goes through whole', async () => {
  const { ask, seen } = house();
  expect((await ask('/sign-in', post({}, countedBody(BODY_LIMIT).stream))).status).toBe(200);
  expect((await seen[0]?.arrayBuffer())?.byteLength).toBe(BODY_LIMIT);
});

test('413 for a body over the limit, of which no more is read', async () => {
  const { ask, seen } = house();
  const { stream, taken } = countedBody(10_000_000);
  const response = await ask('/sign-in', post({}, stream));
  expect(response.status).toBe(413);
  expect(response.headers.get('connection')).toBeNull();
  expect(taken.bytes).toBeLessThan(BODY_LIMIT + 3 * 65_536);
  expect(seen).toEqual([]);
});

test('413 for a body that says its size, of which nothing is read', async () => {
  const { ask } = house();
  const { stream, taken } = countedBody(10_000_000);
  expect((await ask('/sign-in', post({ 'Content-Length': '10000000' }, stream))).status).toBe(413);
  expect(taken.bytes).toBeLessThanOrEqual(65_536);
});

test.each(['/', '/m/%ff', '/m/x/', '/api/nothing.data'])(
  'the answer for %s carries every security header',
  async (path) => {
    const nonces = await Promise.all(
      [1, 2].map(async () => {
        let given = '';
        const { ask } = house('https://slotwell.example');
        const { headers } = await ask(path, {}, (_, { nonce }) => {
          given = nonce;
          return Promise.resolve(new Response('page'));
        });
        const policy = headers.get('content-security-policy') ?? '';
        expect(policy).toContain(`frame-ancestors 'none'`);
        expect(policy).not.toContain('unsafe');
        if (path === '/') expect(policy).toContain(`script-src 'nonce-${given}'`);
        expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d{7,}/);
        expect(headers.get('referrer-policy')).toBe('same-origin');
        expect(headers.get('x-content-type-options')).toBe('nosniff');
        expect(headers.get('permissions-policy')).toContain('camera=()');
        return /'nonce-([^']+)'/.exec(policy)?.[1];
      }),
    );
    expect(nonces[0]).toMatch(/^[\w-]{22}$/);
    expect(nonces[0]).not.toBe(nonces[1]);
  },
);

test('no HSTS over http, and what a page sets itself stays', async () => {
  const { ask } = house();
  const response = await ask('/dev/outbox/1', {}, () =>
    Promise.resolve(new Response('mail', { headers: { 'Content-Security-Policy': 'sandbox', 'Set-Cookie': 'a=1' } })),
  );
  expect(response.headers.get('strict-transport-security')).toBeNull();
  expect(response.headers.get('content-security-policy')).toBe('sandbox');
  expect(response.headers.getSetCookie()).toEqual(['a=1']);
});

test('two cookies leave as two', async () => {
  const { ask } = house();
  const response = await ask('/', {}, () => {
    const headers = new Headers();
    headers.append('Set-Cookie', 'a=1; Path=/');
    headers.append('Set-Cookie', 'b=2; Path=/');
    return Promise.resolve(new Response('page', { headers }));
  });
  expect(response.headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2; Path=/']);
});

const databaseGone = () =>
  Object.assign(new Error('Failed query: select … params: secret@example.com'), {
    cause: Object.assign(new Error('connect ECONNREFUSED /run/s'), { code: 'ECONNREFUSED' }),
  });

test('what a page throws becomes a calm page, and a log line without its message', async () => {
  const { ask, lines } = house();
  const response = await ask('/b/private-token', {}, () => Promise.reject(new TypeError('secret@example.com')));
  expect(response.status).toBe(500);
  expect(await response.text()).toBe('<h1>fault</h1>');
  expect(lines).toEqual([
    expect.objectContaining({ level: 'error', route: '/b/:token', error: 'TypeError' }),
    expect.objectContaining({ level: 'warn', route: '/b/:token', status: 500 }),
  ]);
  expect(lines[0]?.id).toBe(lines[1]?.id);
  expect(response.headers.get('x-request-id')).toBe(lines[0]?.id);
  expect(JSON.stringify(lines)).not.toMatch(/secret@|private-token/);
});

test('503 with Retry-After when the database is away, thrown or reported', async () => {
  const thrown = house();
  const response = await thrown.ask('/', {}, () => Promise.reject(databaseGone()));
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('10');

  const reported = house();
  const answer = await reported.ask('/b/private-token', {}, (_, { report }) => {
    const error = databaseGone();
    report(error);
    report(error);
    return Promise.resolve(new Response('Unexpected Server Error', { status: 500 }));
  });
  expect(answer.status).toBe(503);
  expect(await answer.text()).toBe('<h1>away</h1>');
  expect(reported.lines).toEqual([
    expect.objectContaining({ level: 'error', route: '/b/:token', code: 'ECONNREFUSED' }),
    expect.objectContaining({ level: 'warn', status: 503 }),
  ]);
  expect(JSON.stringify(reported.lines)).not.toContain('secret@');
});

test('for single fetch only the status says that the database is away', async () => {
  const { ask } = house();
  const response = await ask('/desk/bookings.data', {}, (_, { report }) => {
    report(databaseGone());
    return Promise.resolve(new Response('encoded', { status: 500, headers: { 'Content-Type': 'text/x-script' } }));
  });
  expect(response.status).toBe(503);
  expect(await response.text()).toBe('encoded');
});

test('the last resort of the framework is replaced by a calm page', async () => {
  const { ask } = house();
  const response = await ask('/b/x/invite.ics', {}, () =>
    Promise.resolve(
      new Response('Unexpected Server Error\n\nat secret.ts:1', {
        status: 500,
        headers: { 'Content-Type': 'text/plain' },
      }),
    ),
  );
  expect(response.status).toBe(500);
  expect(await response.text()).toBe('<h1>fault</h1>');
});
