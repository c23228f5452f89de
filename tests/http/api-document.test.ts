import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv from 'ajv/dist/2020';
import openapiTypescript, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { expect, onTestFinished, test } from 'vitest';
import { API_REFUSALS } from '~/http/api-refusals';
import { call, giveToken, type ApiAnswer, type ApiCall } from '../support/api';
import { putBookings } from '../support/desk';
import { SITE } from '../support/scene';
import { PROJECT } from '../support/server-process';
import { serve, type Served } from '../support/server';

const wish = { now: '2026-03-02T00:00Z', zone: 'Asia/Kathmandu', hours: 'Mon-Fri 9-17' };

interface Described {
  operationId: string;
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
  requestBody?: { content: Record<string, { schema: object; example: object }> };
}
interface Document {
  openapi: string;
  servers: { url: string }[];
  paths: Record<string, Record<string, Described>>;
  components: object;
}

const documentOf = async (site: Served) => (await call(site, 'GET', '/api/openapi.json')).json as unknown as Document;

/** Answers as they are, against what the document says of them; `formats` are words here, proven elsewhere. */
function judge({ components, paths }: Document) {
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  return (method: string, path: string, { status, headers, json }: ApiAnswer): string => {
    const response = paths[path]?.[method]?.responses[String(status)];
    if (response === undefined) return `${method} ${path} documents no ${status}`;
    const type = headers.get('Content-Type') ?? '';
    const schema = response.content?.[type]?.schema;
    if (json === null) return response.content === undefined ? 'fits' : `${status} has no body`;
    if (schema === undefined) return `${method} ${path} ${status} documents no ${type}`;
    // Strict: what is answered is documented.
    const validate = ajv.compile({ ...schema, components });
    return validate(json) ? 'fits' : ajv.errorsText(validate.errors);
  };
}

test('an independent validator finds the document to be OpenAPI 3.1', async () => {
  const document = await documentOf(await serve(wish));
  expect(document.openapi).toBe('3.1.0');
  expect(document.servers).toEqual([{ url: SITE }]);
  const result = await new Validator().validate({ ...document });
  expect(result.errors ?? []).toEqual([]);
  expect(result.valid).toBe(true);
  const broken = await new Validator().validate({ ...document, paths: { nothing: { get: {} } } });
  expect(broken.valid).toBe(false);
});

test('it may be kept for minutes and needs no token', async () => {
  const answer = await call(await serve(wish), 'GET', '/api/openapi.json');
  expect([answer.status, answer.headers.get('Content-Type'), answer.headers.get('Cache-Control')]).toEqual([
    200,
    'application/json',
    'public, max-age=300',
  ]);
});

test('every address and method of the routes is documented, and the other way round', async () => {
  const { paths } = await documentOf(await serve(wish));
  const documented = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(documented.sort()).toEqual([
    'DELETE /api/bookings/{id}',
    'GET /api/availability',
    'GET /api/bookings',
    'POST /api/availability',
    'POST /api/bookings',
  ]);
});

/** One call for each response that a program can bring about. */
const CALLS: readonly (readonly [
  method: string,
  path: string,
  status: number,
  wish: ApiCall & { at?: string; is?: string },
])[] = [
  ['get', '/api/availability', 200, { at: '?mentorId=min-ji&from=2026-03-03&to=2026-03-04' }],
  [
    'get',
    '/api/availability',
    304,
    { at: '?mentorId=min-ji&from=2026-03-03&to=2026-03-04', headers: { 'If-None-Match': '*' } },
  ],
  ['get', '/api/availability', 400, {}],
  ['get', '/api/availability', 404, { at: '?mentorId=nobody&from=2026-03-03&to=2026-03-04' }],
  ['get', '/api/availability', 401, { at: '?mentorId=min-ji&from=2026-03-03&to=2026-03-04', token: 'x' }],
  ['get', '/api/availability', 405, { is: 'PUT' }],
  ['get', '/api/bookings', 200, { token: 'ours' }],
  ['get', '/api/bookings', 200, { token: 'ours', at: '?limit=1' }],
  ['get', '/api/bookings', 400, { token: 'ours', at: '?limit=0' }],
  ['get', '/api/bookings', 401, {}],
  ['get', '/api/bookings', 403, { token: 'narrow' }],
  ['post', '/api/bookings', 201, { body: 'booking', address: '198.51.100.1' }],
  ['post', '/api/bookings', 409, { body: 'booking', address: '198.51.100.2' }],
  ['post', '/api/bookings', 400, { body: {} }],
  [
    'post',
    '/api/bookings',
    404,
    { body: { mentorId: 'nobody', date: '2026-03-04', startTime: '10:00', name: 'Ada', email: 'ada@example.com' } },
  ],
  ['post', '/api/bookings', 429, { body: 'booking', address: '198.51.100.3', is: 'limited' }],
  ['post', '/api/bookings', 403, { body: {}, headers: { Origin: 'https://evil.example' } }],
  ['delete', '/api/bookings/{id}', 200, { token: 'ours' }],
  ['delete', '/api/bookings/{id}', 200, { token: 'ours', body: { reason: 'again' } }],
  ['delete', '/api/bookings/{id}', 400, { token: 'ours', body: { reason: 1 } }],
  ['delete', '/api/bookings/{id}', 404, { token: 'ours', is: 'unknown' }],
  ['delete', '/api/bookings/{id}', 409, { token: 'ours', is: 'begun' }],
  ['delete', '/api/bookings/{id}', 401, {}],
  ['delete', '/api/bookings/{id}', 403, { token: 'narrow' }],
  // Last: without hours nothing can be booked.
  [
    'post',
    '/api/availability',
    200,
    { token: 'ours', body: { hours: [{ dayOfWeek: 1, startTime: '09:00', endTime: '24:00' }] } },
  ],
  ['post', '/api/availability', 200, { token: 'ours', body: { hours: [] }, headers: { 'Idempotency-Key': 'k' } }],
  [
    'post',
    '/api/availability',
    409,
    { token: 'ours', body: { hours: [], timezone: 'UTC' }, headers: { 'Idempotency-Key': 'k' } },
  ],
  ['post', '/api/availability', 400, { token: 'ours', body: { hours: 1 } }],
  ['post', '/api/availability', 400, { token: 'ours', body: '{' }],
  ['post', '/api/availability', 401, { body: { hours: [] } }],
  ['post', '/api/availability', 403, { token: 'narrow', body: { hours: [] } }],
  ['post', '/api/availability', 413, { token: 'ours', body: ' '.repeat(1_000_001) }],
  ['post', '/api/availability', 415, { token: 'ours', body: 'x', headers: { 'Content-Type': 'text/plain' } }],
];

test('real answers, refusals too, fit the schemas that are documented for them', async () => {
  const site = await serve(wish);
  const verdict = judge(await documentOf(site));
  const tokens: Record<string, string> = {
    ours: await giveToken(site, site.mentor),
    narrow: await giveToken(site, await site.addMentor({ slug: 'other' }), ['bookings:write']),
  };
  const readOnly = await giveToken(site, site.mentor, ['bookings:read']);
  const [open = '', begun = ''] = await putBookings(site, site.mentor, [
    { start: '2026-03-04T08:15Z', message: 'Hello' },
    { start: '2026-03-01T23:30Z' },
  ]);
  const booking = { mentorId: 'min-ji', date: '2026-03-02', startTime: '10:00', name: 'Ada', email: 'ada@example.com' };
  for (const [method, path, status, { at = '', is, token, body, ...more }] of CALLS) {
    const id = is === 'unknown' ? crypto.randomUUID() : is === 'begun' ? begun : open;
    const narrow = method === 'delete' ? readOnly : tokens.narrow;
    if (is === 'limited') for (let i = 0; i < 5; i += 1) await call(site, 'POST', path, { body: booking, ...more });
    const answer = await call(site, is === 'PUT' ? 'PUT' : method.toUpperCase(), path.replace('{id}', id) + at, {
      ...more,
      ...(token === undefined ? {} : { token: token === 'narrow' ? narrow : (tokens[token] ?? token) }),
      ...(body === undefined ? {} : { body: body === 'booking' ? booking : body }),
    });
    expect([method, path, answer.status, verdict(method, path, answer)]).toEqual([method, path, status, 'fits']);
  }
});

test('the examples of the document are taken as they stand', async () => {
  const site = await serve({
    ...wish,
    now: '2026-06-01T00:00Z',
    zone: 'Asia/Seoul',
    slug: 'min-ji-kwon',
    type: { slug: 'conversation' },
  });
  const { paths } = await documentOf(site);
  const token = await giveToken(site, site.mentor);
  const exampleOf = (path: string, method: string) =>
    paths[path]?.[method]?.requestBody?.content['application/json']?.example ?? {};
  const answer = await call(site, 'POST', '/api/bookings', { body: exampleOf('/api/bookings', 'post') });
  expect(answer.status).toBe(201);
  const id = String(answer.json?.id);
  const cancelled = await call(site, 'DELETE', `/api/bookings/${id}`, {
    token,
    body: exampleOf('/api/bookings/{id}', 'delete'),
  });
  expect(cancelled.status).toBe(200);
  expect(
    (await call(site, 'POST', '/api/availability', { token, body: exampleOf('/api/availability', 'post') })).status,
  ).toBe(200);
});

/** What somebody writes who has nothing but the document. */
const CLIENT = `
import createClient from 'openapi-fetch';
import type { paths } from './schema';
export async function bookFirst(site: { baseUrl: string; fetch: (request: Request) => Promise<Response> }, token: string) {
  const api = createClient<paths>(site);
  const query = { mentorId: 'min-ji', from: '2026-03-03', to: '2026-03-09', timezone: 'Europe/Berlin' };
  const { data: free } = await api.GET('/api/availability', { params: { query } });
  const start: string | undefined = free?.slots[2]?.start;
  const { data: made, error } = await api.POST('/api/bookings', {
    params: { header: { 'Idempotency-Key': 'generated' } },
    body: { mentorId: 'min-ji', start, name: 'Ada Moreau', email: 'ada@example.com' },
  });
  if (made === undefined) throw new Error(error.title);
  const { data: page } = await api.GET('/api/bookings', {
    params: { query: { status: 'confirmed' } },
    headers: { Authorization: \`Bearer \${token}\` },
  });
  const link: string = made.link;
  return { start, id: made.id, link, listed: page?.bookings.map(({ id, name }) => \`\${id} \${name}\`) };
}
`;

/** What the compiler says of a client over these types. */
function complaints(schema: string, client: string): string[] {
  const folder = new URL('./', import.meta.url).pathname;
  const files: Record<string, string> = { [`${folder}schema.ts`]: schema, [`${folder}client.ts`]: client };
  const options: ts.CompilerOptions = {
    ...{ strict: true, noEmit: true, skipLibCheck: true, types: [], lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'] },
    ...{
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
    },
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile: read } = host;
  host.fileExists = (name) => name in files || fileExists.call(host, name);
  host.readFile = (name) => files[name] ?? read.call(host, name);
  host.getSourceFile = (name, version, ...rest) => {
    const text = files[name];
    return text === undefined
      ? getSourceFile.call(host, name, version, ...rest)
      : ts.createSourceFile(name, text, version);
  };
  return ts
    .getPreEmitDiagnostics(ts.createProgram([`${folder}client.ts`], options, host))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

type Client = (site: object, token: string) => Promise<Record<string, unknown>>;

/** The client as it runs, in a folder from which it finds its package. */
async function loaded(client: string): Promise<Client> {
  const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  const cache = join(PROJECT, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'api-client-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'client.mjs');
  await writeFile(file, ts.transpileModule(client, { compilerOptions: options }).outputText);
  return ((await import(pathToFileURL(file).href)) as { bookFirst: Client }).bookFirst;
}

test('a client generated from the document books and lists against the running application', async () => {
  const site = await serve(wish);
  const document = await documentOf(site);
  const schema = astToString(await openapiTypescript(JSON.stringify(document)));
  expect(complaints(schema, CLIENT)).toEqual([]);
  // The types hold: a slip in the client does not compile.
  for (const [right, slip] of [
    ["'/api/availability'", "'/api/availabilities'"],
    ["status: 'confirmed'", "status: 'open'"],
    ['email:', 'mail:'],
    ['made.link', 'made.url'],
  ] as const)
    expect([slip, complaints(schema, CLIENT.replace(right, slip)).length > 0]).toEqual([slip, true]);

  const bookFirst = await loaded(CLIENT);
  const done = await bookFirst(
    { baseUrl: SITE, fetch: (request: Request) => site.fetch(request) },
    await giveToken(site, site.mentor),
  );
  const [row] = await site.database.owner('select id, name, status from bookings');
  expect(row).toMatchObject({ name: 'Ada Moreau', status: 'confirmed' });
  expect(done).toEqual({
    start: '2026-03-03T05:15:00Z',
    id: row?.id,
    link: expect.stringMatching(/\/b\/[\w-]{43}$/),
    listed: [`${String(row?.id)} Ada Moreau`],
  });
});

test('the page explains every operation, field and refusal, each where its address leads, without script', async () => {
  const site = await serve(wish);
  const page = await site.browser().get('/api');
  expect(page.status).toBe(200);
  expect(page.text).not.toMatch(/__remix|modulepreload|type="module"/);
  for (const [path, methods] of Object.entries((await documentOf(site)).paths))
    for (const [method, { operationId, requestBody }] of Object.entries(methods)) {
      expect(page.text).toContain(`id="${operationId}"`);
      expect(page.text).toContain(`<b>${method.toUpperCase()}</b> <code>${path}</code>`);
      const { properties = {} } = (requestBody?.content['application/json']?.schema ?? {}) as { properties?: object };
      for (const field of Object.keys(properties)) expect(page.text).toContain(`<code>${field}</code>`);
    }
  for (const name of Object.keys(API_REFUSALS)) expect(page.text).toContain(`id="${name}"`);
  const korean = await site.browser().get('/api', { 'Accept-Language': 'ko' });
  expect(korean.text).toContain('필드 설명은 영어로만 제공됩니다.');
});

test('docs/api.md names what there is', async () => {
  const text = await readFile(new URL('../../docs/api.md', import.meta.url), 'utf8');
  const { paths } = await documentOf(await serve(wish));
  for (const path of Object.keys(paths)) expect(text).toContain(path.replace('{id}', ''));
  for (const [, name = ''] of text.matchAll(/\/api#([\w-]+)/g)) expect(Object.keys(API_REFUSALS)).toContain(name);
});
