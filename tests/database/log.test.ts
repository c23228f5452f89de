import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { temporaryFolder, until } from '../support/database-processes';
import { startServer } from '../support/server-process';

// Starts a whole server.
vi.setConfig({ testTimeout: 120_000 });

test('a server whose output is no terminal prints a line of JSON for each request, and refuses oversized headers', async () => {
  const server = await startServer(join(temporaryFolder(), 'data'));
  const response = await fetch(`${server.url}/`, { headers: { 'CF-Ray': 'forged-by-a-caller' } });
  const id = response.headers.get('x-request-id') ?? '';
  expect(id).toMatch(/^[\w-]{16}$/);
  const lines = () =>
    server
      .terminal()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const line = await until(() => lines().find((one) => one.id === id), 'the request is logged');
  expect(line).toMatchObject({ level: 'info', route: '/', method: 'GET', status: 200, trips: 1 });

  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
  socket.write(`GET / HTTP/1.1\r\nHost: ${hostname}\r\nCookie: a=${'x'.repeat(40_000)}\r\n\r\n`);
  await until(() => answer.includes('\r\n\r\n'), 'it is answered');
  socket.destroy();
  expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
});
