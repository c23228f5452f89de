import { expect, inject, onTestFinished, test } from 'vitest';
import { startNeonService } from '../support/neon-service';
import { scene } from '../support/scene';
import { startQstashService, type QstashFault } from '../support/qstash-service';
import { startResendService } from '../support/resend-service';
import { startUpstashService } from '../support/upstash-service';
import { bindingsOf, startWorkerd } from '../support/workerd';
import { workerOfFile } from '../support/worker-of-file';

const HOUR = 3_600_000;
const SITE_URL = 'https://slotwell.example';
const SESSION_SECRET = 'a-secret-of-more-than-32-characters-1';

const worker = workerOfFile();

interface EdgeWish {
  /** Bindings that differ; an empty one is absent. */
  readonly bindings?: Record<string, string>;
  /** Without it limits are counted in Postgres. */
  readonly withUpstash?: boolean;
}

/** The Worker with all its services, before a database with one mentor, Min-ji Kwon, who offers an hour every day. */
async function edge({ bindings = {}, withUpstash = false }: EdgeWish = {}) {
  const { database } = await scene({ hours: 'Sun-Sat 0-24', zone: 'UTC' });
  const [neon, resend, qstash, upstash] = await Promise.all([
    startNeonService(inject('postgresUrl')),
    startResendService(),
    startQstashService(),
    startUpstashService(),
  ]);
  const services = { neon, resend, qstash, ...(withUpstash ? { upstash } : {}) };
  const output: string[] = [];
  const workerd = startWorkerd({
    worker: worker(),
    services,
    bindings: {
      SITE_URL,
      SESSION_SECRET,
      DATABASE_URL: neon.connectionString(new URL(database.url).pathname.slice(1)),
      ...bindingsOf(services),
      ...bindings,
    },
    onOutput: (text) => output.push(text),
  });
  onTestFinished(async () => {
    // Of a runtime that did not start, this fails with the same error once more.
    await workerd.dispose().catch(() => undefined);
    await Promise.all([neon, resend, qstash, upstash].map((service) => service.close()));
  });
  const ask = (path: string, init: Parameters<typeof workerd.dispatchFetch>[1] = {}) =>
    workerd.dispatchFetch(SITE_URL + path, { redirect: 'manual', ...init });
  return {
    neon,
    resend,
    qstash,
    upstash,
    database,
    output,
    workerd,
    ask,
    /** Books the hour that begins `hours` after the next full one, as a browser does: the form's page, then its post. */
    async book(hours: number, email = 'kim@example.com') {
      const start = new Date(Math.ceil(Date.now() / HOUR) * HOUR + hours * HOUR).toISOString().replace('.000', '');
      const path = `/m/min-ji/talk/book?start=${start}`;
      const page = await ask(path);
      const cookies = page.headers.getSetCookie().map((line) => line.split(';')[0]);
      const fields = [...(await page.text()).matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]) => [
        /\sname="([^"]*)"/.exec(input)?.[1] ?? '',
        /\svalue="([^"]*)"/.exec(input)?.[1] ?? '',
      ]);
      return ask(path, {
        method: 'POST',
        headers: {
          Origin: SITE_URL,
          Cookie: cookies.join('; '),
          'Content-Type': 'application/x-www-form-urlencoded',
          'CF-Connecting-IP': '203.0.113.7',
        },
        body: new URLSearchParams([...fields, ['name', 'Kim'], ['email', email]]).toString(),
      });
    },
    /** What QStash does when `ms` from now have passed. */
    deliver: (ms = 0) =>
      qstash.deliverDue(Date.now() + ms, async (request) =>
        workerd.dispatchFetch(request.url, {
          method: request.method,
          headers: Object.fromEntries(request.headers),
          body: await request.text(),
        }),
      ),
    /** What cron does. */
    sweep: async () => (await workerd.getWorker()).scheduled({ cron: '*/5 * * * *' }),
  };
}

test('the Worker starts and says that it lives', async () => {
  const { ask } = await edge();
  const response = await ask('/health');
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ status: 'ok' });
  expect(response.headers.get('strict-transport-security')).not.toBeNull();
});

test('the home page shows the mentors of the database, in one journey to it', async () => {
  const { ask, neon, output } = await edge();
  const response = await ask('/');
  expect(response.status, output.join('')).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(await response.text()).toContain('Min-ji');
  expect(neon.uses).toMatchObject({ batches: 1, sockets: 0 });
});

test('the month page shows free days, in one journey, in the visitor’s zone', async () => {
  const { ask, neon, output } = await edge();
  const response = await ask('/m/min-ji/talk?tz=America/St_Johns');
  expect(response.status, output.join('')).toBe(200);
  expect(await response.text()).toMatch(/<table[^]*href="[^"]*date=\d{4}-\d\d-\d\d/);
  expect(response.headers.getSetCookie().join()).toContain('slotwell-zone=America%2FSt_Johns');
  expect(neon.uses).toMatchObject({ batches: 1, sockets: 0 });
});

test('the stylesheet that the page names is served, to be kept for good', async () => {
  const { ask } = await edge();
  const [href] = /\/assets\/[\w-]+\.css/.exec(await (await ask('/')).text()) ?? [];
  const response = await ask(href ?? '/none');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/css');
  expect(response.headers.get('cache-control')).toContain('immutable');
});

test('the door stands here too', async () => {
  const { ask, neon } = await edge();
  expect((await ask('/m/%E0%A4%A')).status).toBe(400);
  expect((await ask('/', { method: 'PROPFIND' })).status).toBe(405);
  expect((await ask('/m/x/')).headers.get('location')).toBe('/m/x');
  expect(neon.uses.batches).toBe(0);
});

test('the database away is a calm 503, and comes back by itself', async () => {
  const { ask, neon } = await edge();
  neon.isAway = true;
  const response = await ask('/');
  expect(response.status).toBe(503);
  const page = await response.text();
  expect(page).toContain('Back in a moment');
  expect(page).not.toMatch(/neon|postgres|stack|at file/i);
  expect((await ask('/health')).status).toBe(200);
  neon.isAway = false;
  expect((await ask('/')).status).toBe(200);
});

test('a booking is confirmed by mail to both at once, and both are reminded', async () => {
  const { book, deliver, ask, qstash, resend, workerd, database, output } = await edge();
  const answer = await book(30);
  expect(answer.status, output.join('')).toBe(303);
  await expect.poll(() => qstash.messages.length).toBe(6);
  expect((await deliver()).map(({ status }) => status)).toEqual([204, 204]);
  expect(resend.mails.map(({ to }) => to).sort()).toEqual([
    ['Kim <kim@example.com>'],
    ['Min-ji Kwon <min-ji@mentors.example>'],
  ]);
  for (const { from, subject, attachments } of resend.mails) {
    expect(from).toMatch(/<bookings@slotwell\.example>$/);
    expect(subject).toMatch(/^(Confirmed|New booking|Booked)/);
    expect(attachments[0]?.contentType).toBe('text/calendar; charset=utf-8; method=REQUEST');
  }
  const link = /\/b\/[\w-]+/.exec(answer.headers.get('location') ?? '')?.[0] ?? '/none';
  expect(resend.mails.some(({ text }) => text.includes(SITE_URL + link))).toBe(true);
  expect((await ask(link)).status).toBe(200);
  expect(workerd.subrequests).toMatchObject({ 'qstash.upstash.io': 1, 'api.resend.com': 2 });

  // The Worker's clock cannot be moved: the reminders are.
  await database.owner(`update booking_notifications set due_at = now() where type = 'reminder-24h'`);
  const later = await deliver(30 * HOUR);
  expect(later.filter(({ status }) => status === 204)).toHaveLength(2);
  expect(resend.mails).toHaveLength(4);
  // What came too early was put off, to be called again.
  expect(later.filter(({ status }) => status === 503).length).toBeGreaterThanOrEqual(2);
});

test('a callback that comes twice, or after its work, sends nothing twice', async () => {
  const { book, deliver, qstash, resend } = await edge();
  expect((await book(30)).status).toBe(303);
  await expect.poll(() => qstash.messages.length).toBe(6);
  qstash.deliversTwice = true;
  expect((await deliver()).map(({ status }) => status)).toEqual([204, 204]);
  expect(resend.asked).toBe(2);
});

test('Resend away: the callback is made again until the mail has left', async () => {
  const { book, deliver, qstash, resend } = await edge();
  expect((await book(30)).status).toBe(303);
  await expect.poll(() => qstash.messages.length).toBe(6);
  resend.isAway = true;
  expect((await deliver()).map(({ status }) => status)).toEqual([500, 500]);
  resend.isAway = false;
  expect(await deliver(12_000)).toMatchObject([
    { status: 204, retried: 1 },
    { status: 204, retried: 1 },
  ]);
  expect(resend.mails).toHaveLength(2);
});

test('a call that QStash did not sign does nothing', async () => {
  const { ask, qstash, resend, database, book } = await edge();
  expect((await book(30)).status).toBe(303);
  await expect.poll(() => qstash.messages.length).toBe(6);
  const [{ id } = {}] = await database.owner(`select id from booking_notifications where type = 'confirmed'`);
  const url = `${SITE_URL}/api/jobs/notification`;
  const body = JSON.stringify({ id });
  const call = async (headers: Record<string, string>) =>
    (
      await ask('/api/jobs/notification', {
        method: 'POST',
        body,
        headers: { 'Content-Type': 'application/json', ...headers },
      })
    ).status;
  expect(await call({})).toBe(401);
  expect(await call(qstash.sign(url, body, { key: 'another key' }))).toBe(401);
  expect(await call(qstash.sign(`${SITE_URL}/api/jobs/sweep`, body))).toBe(401);
  expect(await call(qstash.sign(url, `${body} `))).toBe(401);
  expect(await call(qstash.sign(url, body, { at: Date.now() - HOUR }))).toBe(401);
  expect(await call(qstash.sign(url, body, { at: Date.now() + HOUR }))).toBe(401);
  expect(resend.asked).toBe(0);
  expect(await call(qstash.sign(url, body))).toBe(204);
  expect(resend.asked).toBe(1);
});

test.each<[string, QstashFault]>([
  ['refuses', { status: 500 }],
  ['takes nothing more today', { status: 429, headers: { 'RateLimit-Limit': '1000' } }],
  // The work after the answer is cut off when the Worker's time is over.
  ['never answers', 'silence'],
  ['breaks off after it has taken everything', 'cut'],
])('QStash %s: the booking stands, and the next sweep makes good for it', async (_, fault) => {
  const { book, deliver, sweep, qstash, resend, database } = await edge();
  qstash.fault = fault;
  expect((await book(30)).status).toBe(303);
  await expect.poll(() => qstash.asked).toBe(1);
  expect(await database.owner('select 1 from bookings')).toHaveLength(1);
  expect(await database.owner('select 1 from booking_notifications where enqueued_at is not null')).toEqual([]);
  qstash.fault = null;
  expect((await sweep()).outcome).toBe('ok');
  expect(qstash.messages).toHaveLength(6);
  expect(await database.owner('select 1 from booking_notifications where enqueued_at is null')).toEqual([]);
  expect((await deliver()).map(({ status }) => status)).toEqual([204, 204]);
  expect(resend.mails).toHaveLength(2);
});

test('attempts are counted by Upstash; away or silent, by Postgres', async () => {
  const { book, upstash, database, workerd, output } = await edge({ withUpstash: true });
  const counters = () => database.owner('select 1 from rate_limit_counters');
  expect((await book(30)).status, output.join('')).toBe(303);
  expect(workerd.subrequests['calm-otter-12345.upstash.io']).toBeGreaterThan(0);
  expect(await counters()).toEqual([]);
  expect((await upstash.keys()).join()).not.toContain('203.0.113');

  upstash.isAway = true;
  const statuses: number[] = [];
  for (let i = 0; i < 6; i += 1) statuses.push((await book(33 + 2 * i, `kim-${i}@example.com`)).status);
  expect(statuses).toEqual([303, 303, 303, 303, 303, 429]);
  expect(await counters()).not.toEqual([]);

  upstash.isAway = false;
  expect((await book(60, 'kim-7@example.com')).status).toBe(303);
  upstash.isSilent = true;
  expect((await book(62, 'kim-8@example.com')).status).toBe(429);
});

test('what a request asks of the outside: a page the database, once; a booking everybody, six times in all', async () => {
  const { ask, book, workerd, qstash, database } = await edge({ withUpstash: true });
  const { subrequests } = workerd;
  await ask('/m/min-ji/talk?tz=UTC');
  expect(subrequests).toEqual({ 'api.neon.example': 1 });
  expect((await book(30)).status).toBe(303);
  await expect.poll(() => qstash.messages.length).toBe(6);
  const isNoted = async () =>
    (await database.owner('select 1 from booking_notifications where enqueued_at is null')).length === 0;
  await expect.poll(isNoted).toBe(true);
  expect(subrequests).toEqual({
    // The month; the form; the messages to enqueue, and that they are.
    'api.neon.example': 4,
    'ep-quiet-river.neon.example': 1,
    // Twice, because the stand-in knows no script by its name.
    'calm-otter-12345.upstash.io': 2,
    'qstash.upstash.io': 1,
  });
});

const ALL = [
  'SITE_URL',
  'SESSION_SECRET',
  'DATABASE_URL',
  'RESEND_API_KEY',
  'EMAIL_FROM',
  'QSTASH_TOKEN',
  'QSTASH_CURRENT_SIGNING_KEY',
  'QSTASH_NEXT_SIGNING_KEY',
];
test.each([
  [{ SESSION_SECRET: '' }, ['SESSION_SECRET'], ['DATABASE_URL', 'SITE_URL']],
  [{ SITE_URL: '', DATABASE_URL: 'mysql://secret-word@x' }, ['SITE_URL', 'DATABASE_URL'], ['SESSION_SECRET']],
  [{ RESEND_API_KEY: '', QSTASH_TOKEN: 'secret-word x' }, ['RESEND_API_KEY', 'QSTASH_TOKEN'], ['EMAIL_FROM']],
  [Object.fromEntries(ALL.map((name) => [name, ''])), ALL, ['QSTASH_URL', 'UPSTASH_REDIS_REST_URL']],
])('without a variable the Worker does not start, and names it: %o', async (changes, named, fine) => {
  const { workerd, output } = await edge({ bindings: changes });
  await expect(workerd.ready).rejects.toThrow();
  const told = output.join('');
  for (const name of named) expect(told).toContain(`${name}:`);
  for (const name of fine) expect(told).not.toContain(`${name}:`);
  expect(told).not.toContain('secret-word');
});
