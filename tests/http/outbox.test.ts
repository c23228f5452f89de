import { expect, test } from 'vitest';
import { isFromThisMachine } from '~/http/loopback';
import { serve, type Served } from '../support/server';

const HERE = { Host: 'localhost:3000' };

const message = {
  to: { name: 'Mina <b>Park</b>', address: 'mina@example.com' },
  replyTo: { name: 'Min-ji Kwon', address: 'minji@example.com' },
  subject: 'Confirmed: <script>alert(1)</script>',
  text: 'See you.\nhttp://localhost:3000/b/token\n',
  html: '<!doctype html><html><head><title>x</title></head><body><script>alert(1)</script></body></html>',
  invitation: { method: 'REQUEST' as const, content: 'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n' },
  idempotencyKey: 'notification:1',
};

async function outbox() {
  const site = await serve();
  await site.app.mail.send(message);
  const id = site.app.outbox?.entries()[0]?.id ?? expect.unreachable();
  return { site, id, paths: ['/dev/outbox', `/dev/outbox?message=${id}`, `/dev/outbox/${id}?part=html`] };
}

const get = (site: Served, path: string, headers: Record<string, string> = HERE, address = '127.0.0.1') =>
  site.fetch(new Request(`http://localhost:3000${path}`, { headers }), address);

test('whoever sits at the machine finds each message, its HTML, its text and its invitation', async () => {
  const { site, id } = await outbox();
  const list = await (await get(site, '/dev/outbox')).text();
  expect(list).toContain(`href="?message=${id}"`);
  expect(list).toContain('mina@example.com');

  const page = await (await get(site, `/dev/outbox?message=${id}`)).text();
  expect(page).toContain('Confirmed: &lt;script&gt;');
  expect(page).toContain('Mina &lt;b&gt;Park&lt;/b&gt; &lt;mina@example.com&gt;');
  expect(page).toContain('<a href="http://localhost:3000/b/token">');
  expect(page).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"');
  expect(page).not.toContain('<script>alert');

  const invitation = await get(site, `/dev/outbox/${id}?part=invitation`);
  expect(invitation.headers.get('Content-Type')).toBe('text/calendar; charset=utf-8; method=REQUEST');
  expect(await invitation.text()).toBe(message.invitation.content);
  expect(await (await get(site, `/dev/outbox/${id}?part=text`)).text()).toBe(message.text);
});

test('the HTML of a message runs nothing, loads nothing, and is framed by the outbox alone', async () => {
  const { site, id } = await outbox();
  const html = await get(site, `/dev/outbox/${id}?part=html`);
  const policy = html.headers.get('Content-Security-Policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain('sandbox allow-popups');
  expect(policy).toContain("frame-ancestors 'self'");
  expect(policy).not.toMatch(/script-src|allow-scripts|allow-same-origin/);
  expect(html.headers.get('X-Content-Type-Options')).toBe('nosniff');
});

test('a caller that a proxy of this machine passes on is not at this machine', () => {
  const from = (headers: Record<string, string>) =>
    isFromThisMachine(
      new Request('http://localhost:3000/dev/outbox', { headers: { ...HERE, ...headers } }),
      '127.0.0.1',
    );
  expect(from({})).toBe(true);
  for (const name of ['X-Forwarded-For', 'X-Forwarded-Proto', 'X-Real-IP', 'Forwarded', 'Via']) {
    expect(from({ [name]: '127.0.0.1' }), name).toBe(false);
  }
});

test('from another machine, or asked for by another name, there is no outbox', async () => {
  const { site, paths } = await outbox();
  for (const path of [...paths, '/dev/outbox.data']) {
    expect((await get(site, path, HERE, '203.0.113.1')).status).toBe(404);
    expect((await get(site, path, { Host: 'slotwell.example' })).status).toBe(404);
    expect((await get(site, path, {})).status).toBe(404);
  }
  expect((await get(site, '/dev/outbox')).status).toBe(200);
});

test('with a mail service there is no outbox, not even here', async () => {
  const { site, paths } = await outbox();
  Object.assign(site.app, { outbox: null });
  for (const path of paths) expect((await get(site, path)).status).toBe(404);
});

test('an unknown message or part is not found; an empty outbox says so', async () => {
  const { site, id } = await outbox();
  for (const path of [
    '/dev/outbox?message=x',
    '/dev/outbox/x?part=html',
    `/dev/outbox/${id}`,
    `/dev/outbox/${id}?part=x`,
  ])
    expect((await get(site, path)).status).toBe(404);
  const empty = await serve();
  expect(await (await get(empty, '/dev/outbox')).text()).toContain('The first message will stand here.');
});

test.each([
  ['localhost:3000', '127.0.0.1', true],
  ['127.0.0.1:3000', '127.0.0.1', true],
  ['127.8.8.8', '127.1.2.3', true],
  ['[::1]:3000', '::1', true],
  ['localhost', '10.0.0.1', false],
  ['localhost.evil.example', '127.0.0.1', false],
  ['127.0.0.1.evil.example', '127.0.0.1', false],
  ['evil.example', '::1', false],
  ['localhost:x', '127.0.0.1', false],
  ['', '127.0.0.1', false],
  ['localhost', '', false],
  ['localhost', '127.evil', false],
])('host %j asked for from %j is this machine: %s', (host, address, isIt) => {
  expect(isFromThisMachine(new Request('http://localhost/', { headers: { host } }), address)).toBe(isIt);
});
