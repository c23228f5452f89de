import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DESKTOP, faultsByAxe, NARROW, openChromium, pageOf, PHONE } from '../support/chromium';
import { startServer, type ServerProcess } from '../support/server-process';

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

const site = () => server.url.replace('127.0.0.1', 'localhost');
const overflows = () => document.documentElement.scrollWidth > innerWidth;

test.each([
  ['without script, on a phone', 'min-ji@slotwell.example', { javaScriptEnabled: false, viewport: PHONE }],
  ['with script, on a desktop', 'tomas@slotwell.example', { javaScriptEnabled: true, viewport: DESKTOP }],
])(
  '%s: a token is made, shown once, works, and is revoked',
  async (_, email, options) => {
    const complaints: string[] = [];
    const page = await pageOf(browser, site(), { ...options, address: `198.51.100.${email.length}` });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      // That the server said 400 is what this is about.
      if (message.type() === 'error' && !message.text().includes('400')) complaints.push(message.text());
    });
    await page.goto('/desk/api-tokens');
    await page.getByLabel('Email').fill(email);
    await page.getByRole('button', { name: 'Send me a code' }).click();
    const mail = new RegExp(`${email}: (\\d{6})`);
    await expect.poll(() => server.terminal(), { timeout: 10_000 }).toMatch(mail);
    await page.getByLabel('Code').fill(mail.exec(server.terminal())?.[1] ?? '');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'API tokens' }).waitFor();
    if (options.javaScriptEnabled) await page.waitForLoadState('networkidle');

    await page.getByLabel('Name', { exact: true }).fill('Office calendar');
    await page.getByLabel('Name', { exact: true }).press('Enter');
    await page.getByRole('alert').waitFor();
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Office calendar');
    expect(await page.getByRole('link', { name: 'Tick what the token may do.' }).count()).toBe(1);
    await page.getByLabel('read my bookings').check();
    await page.getByRole('button', { name: 'Make this token' }).click();
    const token = await page.getByLabel('Token', { exact: true }).inputValue();
    expect(token).toMatch(/^slotwell_[\w-]{43}$/);
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('');
    expect(page.url()).not.toContain(token);
    expect(await page.evaluate(overflows)).toBe(false);
    if (options.javaScriptEnabled) expect(await faultsByAxe(page)).toEqual([]);

    const read = () => fetch(`${server.url}/api/bookings?limit=1`, { headers: { Authorization: `Bearer ${token}` } });
    expect((await read()).status).toBe(200);
    await page.goto('/desk/api-tokens');
    expect(await page.content()).not.toContain(token);
    await page.getByRole('link', { name: 'Revoke Office calendar' }).click();
    await page.getByRole('button', { name: 'Revoke this token' }).click();
    await page.getByText('Programs that use this token are refused from now on.').waitFor();
    expect((await read()).status).toBe(401);
    expect(complaints).toEqual([]);
  },
  120_000,
);

test('the page of the API is readable in any width and by everybody, and a refusal’s address leads to its words', async () => {
  for (const viewport of [PHONE, DESKTOP, NARROW]) {
    const page = await pageOf(browser, site(), { javaScriptEnabled: true, viewport });
    await page.goto('/api#slot-taken');
    expect(await page.evaluate(overflows)).toBe(false);
    expect(await page.locator('#slot-taken').isVisible()).toBe(true);
    expect(await faultsByAxe(page)).toEqual([]);
  }
}, 120_000);
