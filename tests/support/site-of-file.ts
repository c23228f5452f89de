import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { openChromium } from './chromium';
import { startServer, type ServerProcess } from './server-process';

/** A server with demonstration data and a Chromium, for all tests of a file; to be asked for within them. */
export function siteOfFile(): { readonly browser: Browser; readonly server: ServerProcess; readonly url: string } {
  let browser: Browser;
  let server: ServerProcess;
  const endings: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'slotwell-browser-'));
    // Started as root, Postgres runs as somebody else, who has to get in.
    chmodSync(folder, 0o711);
    endings.push(async () => rmSync(folder, { recursive: true, force: true }));
    server = await startServer(folder, { TRUSTED_PROXIES: '1' }, (cleanUp) => endings.push(cleanUp));
    browser = await openChromium();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    for (const end of endings.reverse()) await end();
  });

  return {
    get browser() {
      return browser;
    },
    get server() {
      return server;
    },
    get url() {
      return server.url.replace('127.0.0.1', 'localhost');
    },
  };
}
