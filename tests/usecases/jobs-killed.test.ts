import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';
import { findZone } from '~/domain/time/zones';
import { bookSlot } from '~/usecases/bookings/book-slot';
import { scene, TEST_VARIABLES, type Scene } from '../support/scene';

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const zone = findZone('America/St_Johns') ?? expect.unreachable();

async function bundleMachine(): Promise<string> {
  const place = mkdtempSync(join(tmpdir(), 'slotwell-machine-'));
  onTestFinished(() => rmSync(place, { recursive: true, force: true }));
  const outfile = join(place, 'machine.cjs');
  await build({
    entryPoints: [folder('../support/machine-process.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    alias: { '~': folder('../../app'), '~db': folder('../../db') },
    external: ['pg-native', 'cloudflare:sockets'],
    logLevel: 'error',
  });
  return outfile;
}

/** A mail service that takes every message, and lets `onMessage` happen before it answers. */
async function mailProvider(onMessage: (count: number) => void) {
  const taken: string[] = [];
  let all = () => undefined as void;
  const server = createServer((incoming, outgoing) => {
    void text(incoming).then((key) => {
      taken.push(key);
      onMessage(taken.length);
      outgoing.end();
      all();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken,
    /** Waits until so many different messages have been taken. */
    until: (count: number) =>
      new Promise<void>((resolve) => {
        all = () => (new Set(taken).size >= count ? resolve() : undefined);
        all();
      }),
  };
}

function start(script: string, { database, app }: Scene, provider: string): ChildProcess {
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, ...TEST_VARIABLES, DATABASE: database.url, PROVIDER: provider, NOW: String(app.clock()) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

const exitOf = (child: ChildProcess) => new Promise<void>((resolve) => child.once('exit', () => resolve()));

test('killed in the middle of a send, again and again, the machine loses no message', async () => {
  const stage = await scene({ now: '2026-03-01T00:00:00Z', hours: 'Mon-Fri 9-17' });
  for (let hour = 0; hour < 4; hour += 1) {
    const key = crypto.randomUUID();
    const outcome = await bookSlot(stage.app, {
      mentor: { slug: stage.mentor.slug },
      type: { slug: stage.mentor.typeSlug },
      start: Date.parse('2026-03-04T00:00:00Z') + hour * 3_600_000,
      name: 'Asha Rai',
      email: `${key}@people.example`,
      timeZone: zone,
      locale: 'en',
      requestKey: key,
      clientAddress: key,
    });
    expect(outcome.kind).toBe('booked');
  }
  await stage.settled();

  const script = await bundleMachine();
  let running: ChildProcess | undefined;
  // The provider has the message, the machine does not know it yet: the worst moment there is.
  const provider = await mailProvider((count) => {
    if (count % 3 === 1 && count < 14) running?.kill('SIGKILL');
  });
  const everything = provider.until(8);
  let isOver = false;
  void everything.then(() => (isOver = true));
  let kills = 0;
  while (!isOver) {
    running = start(script, stage, provider.url);
    const killed = await Promise.race([exitOf(running).then(() => true), everything.then(() => false)]);
    if (killed) kills += 1;
  }
  // One that lives on finishes what is left, and records it.
  const open = () =>
    stage.database.owner(`select id from booking_notifications where sent_at is null and due_at <= to_timestamp($1)`, [
      stage.app.clock() / 1000,
    ]);
  await expect.poll(async () => (await open()).length, { timeout: 15_000 }).toBe(0);
  expect(kills).toBeGreaterThanOrEqual(2);
  const rows = await stage.database.owner(
    `select 'notification:' || id as key from booking_notifications where sent_at is not null`,
  );
  expect(rows.length).toBe(8);
  expect(new Set(provider.taken)).toEqual(new Set(rows.map(({ key }) => key)));
}, 120_000);
