import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { createRequestListener } from '@remix-run/node-fetch-server';
import { expect, onTestFinished, test } from 'vitest';
import { atDesk, fieldsOf } from '../support/desk';
import { SITE } from '../support/scene';
import { serve, type Browser, type Served } from '../support/server';

// What Remix alone answers by a 500 or a surprise, and what attackers send: through the door, to the real pages.

const START = '2026-03-03T01:00:00Z';
const BOOK = `/m/min-ji/talk/book?start=${START}`;
const HOURS = '/desk/availability';

async function openSite() {
  const site = await serve();
  const send = async (path: string, init: RequestInit = {}) => {
    const response = await site.fetch(new Request(SITE + path, init));
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  return { site, send };
}

/** A post of this browser's, its body as it stands. */
async function sendAs(site: Served, { cookies }: Browser, path: string, body: BodyInit, type?: string) {
  const headers: Record<string, string> = {
    Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    'Sec-Fetch-Site': 'same-origin',
    ...(type === undefined ? {} : { 'Content-Type': type }),
  };
  const response = await site.fetch(new Request(SITE + path, { method: 'POST', body, headers }));
  return { status: response.status, text: await response.text() };
}

/** The token of a page's first form. */
function tokenIn(page: string): string {
  const [, token] = /name="csrf" value="([^"]+)"/.exec(page) ?? [];
  if (token === undefined) throw new Error('no token in this page');
  return token;
}

const form = (fields: Record<string, string>, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams(fields),
  headers,
});

test('posts that come from elsewhere are refused at pages and at endpoints alike', async () => {
  const { send } = await openSite();
  const foreign: Record<string, string>[] = [
    { Origin: 'https://evil.example' },
    { Origin: 'https://evil.example', 'X-Forwarded-Host': 'evil.example' },
    { Origin: 'null' },
    { Origin: ':garbage:' },
    { 'Sec-Fetch-Site': 'cross-site' },
  ];
  for (const headers of foreign) {
    for (const path of [BOOK, '/sign-in', '/sign-out', '/desk/availability', '/desk/availability.data']) {
      const { status, text } = await send(path, form({ a: '1' }, headers));
      expect([path, status], JSON.stringify(headers)).toEqual([path, 403]);
      expect(text).toContain('This form came from another address');
    }
  }
});

test('a form without its token is refused by every form page, and says what to do', async () => {
  const { site, send } = await openSite();
  for (const path of [BOOK, '/sign-in']) {
    const { status, text } = await send(path, form({ email: 'a@example.com' }, { Origin: SITE }));
    expect([path, status]).toEqual([path, 403]);
    expect(text).toContain('Open this form once more');
  }
  const desk = await atDesk(site);
  const own = fieldsOf((await desk.get(HOURS)).text, HOURS);
  const stranger = site.browser();
  const theirs = tokenIn((await stranger.get('/sign-in')).text);
  expect((await desk.post(HOURS, { ...own, csrf: theirs })).status).toBe(403);
});

test('bodies that are no forms are refused, never a fault', async () => {
  const { site, send } = await openSite();
  const browser = site.browser();
  await browser.get(BOOK);
  for (const [type, body, status] of [
    ['application/json', '{}', 415],
    ['text/plain', 'a=1', 415],
    ['text/xml', '<a/>', 415],
    ['multipart/form-data', 'x', 400],
    ['multipart/form-data; boundary=b', '--b\r\nContent-Disposition: form-data; name="a"', 400],
    ['multipart/form-data; boundary=b', '', 400],
    ['application/x-www-form-urlencoded', '%%%=%', 403],
    ['application/x-www-form-urlencoded', '', 403],
  ] as const) {
    expect((await sendAs(site, browser, BOOK, body, type)).status, `${type} ${body}`).toBe(status);
  }
  expect((await send(BOOK, { method: 'POST' })).status).toBe(400);
});

test('ten megabytes are refused without being read, and the page says what was kept', async () => {
  const { site, send } = await openSite();
  const { status, text } = await send(BOOK, form({ message: 'x'.repeat(10_000_000) }, { Origin: SITE }));
  expect(status).toBe(413);
  expect(text).toContain('That was more than fits');
  expect(await site.database.owner('select * from bookings')).toEqual([]);
});

test('over a real connection the answer to sixty megabytes arrives while they are still being sent', async () => {
  const { site } = await openSite();
  const server = createServer(createRequestListener((request: Request) => site.fetch(request)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  onTestFinished(() => void server.close());

  const before = process.memoryUsage().rss;
  const socket = connect(port, '127.0.0.1');
  socket.write(
    `POST /sign-in HTTP/1.1\r\nHost: localhost\r\nOrigin: ${SITE}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000000\r\n\r\n`,
  );
  const chunk = Buffer.alloc(1_000_000, 'x');
  let isAnswered = false;
  const answer = new Promise<string>((resolve) =>
    socket.once('data', (data) => {
      isAnswered = true;
      resolve(String(data));
    }),
  );
  socket.on('error', () => undefined);
  for (let sent = 0; sent < 60 && !isAnswered; sent += 1) {
    if (!socket.write(chunk)) await Promise.race([answer, new Promise((resolve) => socket.once('drain', resolve))]);
  }
  const head = await answer;
  expect(head).toMatch(/^HTTP\/1\.1 413 /);
  expect(head).not.toMatch(/^connection: close/im);
  expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  socket.destroy();
});

test('addresses that cannot be read are 400, unknown ones 404, and other spellings lead to the one', async () => {
  const { send } = await openSite();
  const statusOf = async (path: string) => (await send(path)).status;
  for (const path of ['/m/%E0%A4%A', '/m/%ff', '/m/%00', '/m/min-ji%00', '/?_data=root', `${BOOK}%00`]) {
    expect([path, await statusOf(path)]).toEqual([path, 400]);
  }
  for (const path of [
    '/m/nobody',
    '/m/nobody/talk',
    '/m/min-ji/nothing',
    '/m/nobody/talk/book?start=2026-03-03T01:00:00Z',
    '/b/wrong-token',
    `/b/${'A'.repeat(43)}`,
    '/b/wrong-token/cancel',
    '/b/wrong-token/reschedule',
    '/b/wrong-token/invite.ics',
    '/nothing/at/all',
    '/health.data',
    '/api/jobs/sweep.data',
    '/api/nothing',
    '/m/%F0%9F%92%A9',
    "/m/'%20or%201=1",
    '/.env',
    '/m/min-ji%2Ftalk',
  ]) {
    expect([path, await statusOf(path)]).toEqual([path, 404]);
  }
  for (const [path, location] of [
    ['/m/min-ji/', '/m/min-ji'],
    ['//m/min-ji', '/m/min-ji'],
    ['//evil.example', '/evil.example'],
    ['/desk/', '/desk'],
  ] as const) {
    const { status, headers } = await send(path);
    expect([path, status, headers.get('location')]).toEqual([path, 308, location]);
  }
});

test('methods: what is not taken is 405 and says what is; OPTIONS and HEAD run nothing twice', async () => {
  const { send } = await openSite();
  for (const [path, init, status] of [
    ['/', { method: 'PROPFIND' }, 405],
    ['/', { method: 'DELETE' }, 405],
    ['/health', { method: 'PUT', body: 'x' }, 405],
    ['/', form({ a: '1' }, { Origin: SITE }), 405],
    ['/?index', form({ a: '1' }, { Origin: SITE }), 405],
    ['/cities', form({ a: '1' }, { Origin: SITE }), 405],
    ['/health', form({ a: '1' }, { Origin: SITE }), 405],
  ] as const) {
    const answer = await send(path, init);
    expect([path, init.method, answer.status]).toEqual([path, init.method, status]);
    expect(answer.headers.get('allow')).toContain('GET');
  }
  expect((await send('/health', { method: 'OPTIONS' })).status).toBe(204);
  for (const path of ['/health', '/', '/m/min-ji/talk']) {
    const [head, get] = [await send(path, { method: 'HEAD' }), await send(path)];
    expect([path, head.status, head.text]).toEqual([path, 200, '']);
    expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'));
  }
});

const NASTY = [
  '',
  ' ',
  '-1',
  '0',
  'NaN',
  '99999999999999999999999',
  '2026-02-30',
  '0000-00',
  '9999-12',
  '275761-01',
  '-271821-04-20T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '2026-03-03T01:00:00+99:00',
  '__proto__',
  'constructor',
  '%ED%A0%80',
  '%F0%9F%91%A9%F0%9F%8F%BD%E2%80%8D%F0%9F%92%BB',
  '%3Cscript%3Ealert(1)%3C/script%3E',
  "'%3B%20drop%20table%20bookings--",
  '%0D%0ASet-Cookie:%20a=1',
  '..%2F..%2Fetc%2Fpasswd',
  'Etc/Unknown',
  'UTC%2B8',
  '%D7%99%D7%A9%D7%A8%D7%90%D7%9C',
  'x'.repeat(8_000),
];

test('no query gives a fault, on any page, and nothing of it comes back unescaped', async () => {
  const { send } = await openSite();
  for (const value of NASTY) {
    for (const path of [
      `/?tz=${value}&lang=${value}`,
      `/m/min-ji?tz=${value}`,
      `/m/min-ji/talk?month=${value}&date=${value}&tz=${value}`,
      `/m/min-ji/talk/book?start=${value}&tz=${value}`,
      `/m/${value}/${value}?month=2026-03`,
      `/b/${value}?new=${value}`,
      `/sign-in?next=${value}&sent=${value}`,
      `/cities?back=${value}&q=${value}`,
      `/health?x=${value}`,
      `/m/min-ji/talk.data?_routes=${value}&month=${value}`,
    ]) {
      const { status, text, headers } = await send(path);
      expect(status, `${path.slice(0, 200)} ${text.slice(0, 300)}`).toBeLessThan(500);
      expect(text).not.toContain('<script>alert');
      expect(headers.getSetCookie().join()).not.toMatch(/^a=1/m);
      expect(headers.get('location') ?? '/').toMatch(/^\/(?!\/)/);
    }
  }
});

test('no cookie gives a fault', async () => {
  const { send } = await openSite();
  for (const value of [...NASTY, 'eyJ9.AAAA', '.', '.'.repeat(40), 'a.b.c', `e30=.${'A'.repeat(43)}`]) {
    const Cookie = ['slotwell', 'slotwell-visit', 'slotwell-zone', 'slotwell-lang', 'code-asked']
      .map((name) => `${name}=${value}`)
      .join('; ');
    for (const path of ['/', BOOK, '/desk', HOURS, '/sign-in', '/sign-in/code']) {
      const { status, text } = await send(path, { headers: { Cookie } });
      expect(status, `${path} ${value.slice(0, 60)} ${text.slice(0, 300)}`).toBeLessThan(500);
    }
    expect((await send(BOOK, form({ name: 'x' }, { Cookie, Origin: SITE }))).status).toBe(403);
  }
});

test('no header gives a fault', async () => {
  const { send } = await openSite();
  const strange: Record<string, string>[] = [
    { 'Accept-Language': `ko;q=${'9'.repeat(5_000)}` },
    { 'Accept-Language': ',;=,;q=,'.repeat(500) },
    { 'X-Forwarded-Host': 'evil.example, other', 'X-Forwarded-For': 'garbage' },
    { Cookie: '='.repeat(5_000) },
    { Accept: '*/*;q=', Range: 'bytes=0-0,-1', 'If-None-Match': '*' },
    { 'X-Remix-Data': 'yes', Purpose: 'prefetch' },
    { Host: 'evil.example' },
  ];
  for (const headers of strange) {
    const { status, text } = await send('/m/min-ji/talk', { headers });
    expect(status).toBe(200);
    expect(text).not.toContain('evil.example');
  }
});

test('no value in the booking form gives a fault, nor a booking', async () => {
  const { site } = await openSite();
  const browser = site.browser();
  const own = { start: START, csrf: tokenIn((await browser.get(BOOK)).text) };
  for (const encoded of NASTY) {
    const value = encoded.includes('%') ? safelyDecoded(encoded) : encoded;
    for (const name of ['start', 'name', 'email', 'phone', 'message']) {
      const fields = { ...own, name: 'Ada', email: 'ada', [name]: value };
      const { status, text } = await sendAs(site, browser, BOOK, new URLSearchParams(fields));
      expect(status, `${name}=${value.slice(0, 60)} ${text.slice(0, 300)}`).toBeLessThan(500);
      expect(status).not.toBe(303);
    }
  }
  expect(await site.database.owner('select * from bookings')).toEqual([]);
});

test('forged names and intents in the booking form cost nothing and give no fault', async () => {
  const { site } = await openSite();
  const browser = site.browser();
  const own = { start: START, csrf: tokenIn((await browser.get(BOOK)).text) };
  const good = { ...own, name: 'Ada', email: 'ada' };
  for (const [name, value] of [
    ['days[30000].x', '1'],
    ['name[1000000]', '1'],
    ['name.first', 'x'],
    ['name[]', 'x'],
    ['__proto__.polluted', 'x'],
    ['__state__', '{'],
    ['constructor', 'x'],
  ] as const) {
    const before = performance.now();
    const { status } = await sendAs(site, browser, BOOK, new URLSearchParams([...Object.entries(good), [name, value]]));
    expect([name, status]).toEqual([name, 400]);
    expect(performance.now() - before, name).toBeLessThan(2_000);
  }
  for (const intent of ['{', 'null', '{"type":"reset","payload":{}}', '{"type":"insert","payload":{"name":"name"}}']) {
    const { status } = await sendAs(site, browser, BOOK, new URLSearchParams({ ...good, __intent__: intent }));
    expect([intent, status]).toEqual([intent, 400]);
  }
  const twice = new URLSearchParams([...Object.entries(good), ['name', 'Other'], ['start', START]]);
  expect((await sendAs(site, browser, BOOK, twice)).status).toBe(400);
  const many = new URLSearchParams(Array.from({ length: 600 }, () => ['name', 'x'] as [string, string]));
  many.set('csrf', own.csrf);
  for (let i = 0; i < 600; i += 1) many.append('email', 'x');
  expect((await sendAs(site, browser, BOOK, many)).status).toBe(400);
});

test('forged names and intents in the hours of the desk cost nothing, give no fault and save nothing', async () => {
  const { site } = await openSite();
  const browser = await atDesk(site);
  const own = fieldsOf((await browser.get(HOURS)).text, HOURS);
  const hours = () =>
    site.database.owner('select day_of_week, start_time, end_time from mentor_availability order by 1');
  const before = await hours();
  const intent = (type: string, payload: unknown) => ({ __intent__: JSON.stringify({ type, payload }) });
  const forged: Record<string, string>[] = [
    { 'days[30000].ranges[0].start': '9' },
    { 'days[6].ranges[13].start': '9' },
    { 'days[0].ranges[12].start': 'x', 'days[0].ranges[0].start': 'x' },
    { days: '1' },
    { 'days[0]': '1' },
    { 'days[0].ranges': '1' },
    { 'days[0].copyTo[5]': '1', 'days[0].copyTo': '9' },
    { 'days[9].day': '9', 'days[3].day': 'x'.repeat(900_000) },
    { intent: 'copy:9' },
    { intent: 'copy:0:::' },
    { intent: 'restore:9999-99-99:0000-00-00' },
    { intent: 'restore:2026-01-01:2999-01-01' },
    { intent: '__proto__' },
    intent('insert', { name: 'days[0].ranges', index: 100_000 }),
    intent('insert', { name: 'days', defaultValue: { ranges: 'x' } }),
    intent('update', { name: 'days', value: 'x' }),
    intent('remove', { name: 'zone', index: 0 }),
    intent('reset', {}),
    { __intent__: '{' },
  ];
  for (const fields of forged) {
    for (const base of [own, { csrf: own.csrf ?? '' }]) {
      const started = performance.now();
      const sent = new URLSearchParams({ ...base, zone: 'Mars/Olympus', ...fields });
      const { status, text } = await sendAs(site, browser, HOURS, sent);
      expect(status, `${JSON.stringify(fields).slice(0, 100)} ${text.slice(0, 300)}`).toBeLessThan(500);
      expect(performance.now() - started, JSON.stringify(fields).slice(0, 100)).toBeLessThan(5_000);
    }
  }
  expect(await hours()).toEqual(before);
});

test('ids of bookings at the desk that are none are 404', async () => {
  const { site } = await openSite();
  const browser = await atDesk(site);
  for (const id of ['x', '00000000-0000-0000-0000-000000000000', '%F0%9F%92%A9', "'", '1e9', 'x'.repeat(5_000)]) {
    const path = `/desk/bookings/${id}/cancel`;
    expect([id.slice(0, 40), (await browser.get(path)).status]).toEqual([id.slice(0, 40), 404]);
  }
});

test('unsigned and garbled calls of jobs are refused', async () => {
  const { send } = await openSite();
  for (const [headers, body] of [
    [{}, '{}'],
    [{ 'Upstash-Signature': 'a.b.c' }, '{}'],
    [{ 'Upstash-Signature': '\u00e9' }, 'null'],
    [{ Authorization: 'Bearer x', 'Upstash-Signature': 'e30.e30.e30' }, '[]'],
  ] as const) {
    const init = { method: 'POST', body, headers: { 'Content-Type': 'application/json', ...headers } };
    const { status } = await send('/api/jobs/sweep', init);
    expect(status).toBe(401);
  }
});

/** As a browser's address bar would; what is no UTF-8 stays as it is. */
function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
