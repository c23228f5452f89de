import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { startNeonService } from '../support/neon-service';
import { scene } from '../support/scene';
import { bundleWorker, startWorkerd, type BundledWorker } from '../support/workerd';

const SITE_URL = 'https://slotwell.example';
const SESSION_SECRET = 'a-secret-of-more-than-32-characters-1';

let worker: BundledWorker;
beforeAll(() => {
  worker = bundleWorker();
}, 120_000);
afterAll(() => worker.remove());

/** The Worker before a database with one mentor, Min-ji Kwon, who offers an hour every day. */
async function edge(changes: Record<string, string> = {}) {
  const { database } = await scene({ hours: 'Sun-Sat 0-24' });
  const neon = await startNeonService(inject('postgresUrl'));
  const output: string[] = [];
  const workerd = startWorkerd({
    worker,
    neon,
    bindings: {
      SITE_URL,
      SESSION_SECRET,
      DATABASE_URL: neon.connectionString(new URL(database.url).pathname.slice(1)),
      ...changes,
    },
    onOutput: (text) => output.push(text),
  });
  onTestFinished(async () => {
    // Of a runtime that did not start, this fails with the same error once more.
    await workerd.dispose().catch(() => undefined);
    await neon.close();
  });
  return {
    neon,
    output,
    workerd,
    ask: (path: string, init: Parameters<typeof workerd.dispatchFetch>[1] = {}) =>
      workerd.dispatchFetch(SITE_URL + path, { redirect: 'manual', ...init }),
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

test('what has no mail and no callbacks yet is closed, with a calm page', async () => {
  const { ask, neon } = await edge();
  const form = { method: 'POST', body: new URLSearchParams({ a: '1' }), headers: { Origin: SITE_URL } } as const;
  for (const [path, init] of [
    ['/m/min-ji/x/book?start=1', {}],
    ['/m/min-ji/x/book.data', {}],
    ['/%73ign-in', {}],
    ['/DESK/availability', {}],
    ['/b/some-token', {}],
    ['/m/min-ji/x', form],
  ] as const) {
    const response = await ask(path, init);
    expect(response.status, path).toBe(503);
    expect(await response.text(), path).toContain('Not open here yet');
  }
  expect(neon.uses).toMatchObject({ batches: 0, sockets: 0 });
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

test.each([
  [{ SESSION_SECRET: '' }, ['SESSION_SECRET'], ['DATABASE_URL', 'SITE_URL']],
  [{ SITE_URL: '', DATABASE_URL: 'mysql://secret-word@x' }, ['SITE_URL', 'DATABASE_URL'], ['SESSION_SECRET']],
])('without a variable the Worker does not start, and names it: %o', async (changes, named, fine) => {
  const { workerd, output } = await edge(changes);
  await expect(workerd.ready).rejects.toThrow();
  const told = output.join('');
  for (const name of named) expect(told).toContain(`${name}:`);
  for (const name of fine) expect(told).not.toContain(`${name}:`);
  expect(told).not.toContain('secret-word');
});
