import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { startNeonService } from '../support/neon-service';
import { startQstashService } from '../support/qstash-service';
import { startResendService } from '../support/resend-service';
import { scene } from '../support/scene';
import { newBrowser } from '../support/server';
import { bindingsOf, startWorkerd } from '../support/workerd';
import { workerOfFile } from '../support/worker-of-file';

const SITE_URL = 'https://slotwell.example';
const SESSION_SECRET = 'a-secret-of-more-than-32-characters-1';

const worker = workerOfFile();

/** The Worker, what it prints, and its log's lines of one kind. */
async function edge() {
  const { database } = await scene({ hours: 'Sun-Sat 0-24', zone: 'UTC' });
  const [neon, resend, qstash] = await Promise.all([
    startNeonService(inject('postgresUrl')),
    startResendService(),
    startQstashService(),
  ]);
  const services = { neon, resend, qstash };
  let output = '';
  const workerd = startWorkerd({
    worker: worker(),
    services,
    bindings: {
      SITE_URL,
      SESSION_SECRET,
      DATABASE_URL: neon.connectionString(new URL(database.url).pathname.slice(1)),
      ...bindingsOf(services),
    },
    onOutput: (text) => (output += text),
  });
  onTestFinished(async () => {
    await workerd.dispose();
    await Promise.all([neon, resend, qstash].map((service) => service.close()));
  });
  const ask = (path: string, init: Parameters<typeof workerd.dispatchFetch>[1] = {}) =>
    workerd.dispatchFetch(SITE_URL + path, { redirect: 'manual', ...init });
  const lines = () =>
    output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { ask, database, lines, neon, output: () => output, workerd };
}

test('a request has Cloudflare’s own name, is one line, and costs what its line and its answer say', async () => {
  const { ask, lines } = await edge();
  const response = await ask('/m/min-ji/talk', { headers: { 'CF-Ray': '9a1b2c3d4e5f6789-ICN' } });
  expect(response.headers.get('x-request-id')).toBe('9a1b2c3d4e5f6789-ICN');
  expect(response.headers.get('server-timing')).toMatch(/db;dur=[\d.]+;desc="1 round trip"/);
  await vi.waitFor(() =>
    expect(lines()).toEqual([
      {
        time: expect.stringMatching(/Z$/),
        level: 'info',
        id: '9a1b2c3d4e5f6789-ICN',
        route: '/m/:mentor/:type',
        method: 'GET',
        status: 200,
        ms: expect.any(Number),
        trips: 1,
      },
    ]),
  );
});

test('nothing personal is printed by a booking, its private page, a fault and the sweep', async () => {
  const { ask, database, lines, output, workerd } = await edge();
  const visitor = newBrowser(async (request) => {
    const body = request.method === 'POST' ? { body: await request.text() } : {};
    const headers = { ...Object.fromEntries(request.headers), 'CF-Connecting-IP': '203.0.113.77' };
    const { pathname, search } = new URL(request.url);
    return (await ask(pathname + search, { method: request.method, headers, ...body })) as unknown as Response;
  }, SITE_URL);
  const start = new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000 + 172_800_000).toISOString().replace('.000', '');
  const path = `/m/min-ji/talk/book?start=${start}`;
  await visitor.get(path);
  const typed = { start, name: 'Ada Quillfeather', email: 'ada@quill.example', message: 'My secret worry' };
  const booked = await visitor.post(path, typed);
  expect(booked.status, output()).toBe(303);
  const token = booked.location?.split(/[/?]/)[2] ?? '';
  expect((await visitor.get(`/b/${token}`)).status).toBe(200);
  const scheduled = await (await workerd.getWorker()).scheduled({ cron: '*/5 * * * *' });
  expect(scheduled.outcome).toBe('ok');
  await database.owner('alter table bookings rename column email to mail');
  expect((await visitor.post(path, typed)).status).toBe(503);
  await vi.waitFor(() => expect(lines().filter(({ level }) => level === 'error')).toHaveLength(1));

  for (const word of [token, 'Quill', 'quill', 'secret', '203.0.113', 'min-ji', SESSION_SECRET])
    expect(output(), word).not.toContain(word);
  expect(lines()).toContainEqual(
    expect.objectContaining({ job: 'sweep', outcome: 'done', level: 'info', trips: expect.any(Number) }),
  );
  const fault = lines().find(({ level }) => level === 'error');
  expect(fault).toMatchObject({ route: '/m/:mentor/:type/book', code: '42703' });
  expect(lines().filter(({ id }) => id === fault?.id)).toHaveLength(2);
});

test('readiness is told here too: one journey, 503 while the database is away or behind', async () => {
  const { ask, database, lines, neon } = await edge();
  const ready = async () => {
    const response = await ask('/health/ready');
    return [response.status, (await response.json()) as Record<string, unknown>] as const;
  };
  expect(await ready()).toMatchObject([200, { status: 'ready', database: 'ok', migrations: 'current' }]);
  await vi.waitFor(() => expect(lines()).toMatchObject([{ route: '/health/ready', trips: 1 }]));
  neon.isAway = true;
  expect(await ready()).toMatchObject([503, { status: 'not ready', database: 'away' }]);
  neon.isAway = false;
  await database.owner('update drizzle.__drizzle_migrations set created_at = 1');
  expect(await ready()).toMatchObject([503, { migrations: 'pending' }]);
});

test('headers of a hundred thousand characters are answered', async () => {
  const { ask } = await edge();
  const response = await ask('/', { headers: { Cookie: `a=${'x'.repeat(100_000)}` } });
  expect([200, 400, 431]).toContain(response.status);
  expect((await ask('/health')).status).toBe(200);
});
