import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

/** Where the system keeps it, unless CHROMIUM_PATH says so. */
const CHROMIUM = process.env.CHROMIUM_PATH || '/usr/bin/chromium';

export async function openChromium(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) throw new Error(`No Chromium at ${CHROMIUM}: install it, or set CHROMIUM_PATH.`);
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}

export const PHONE = { width: 390, height: 844 };
export const DESKTOP = { width: 1280, height: 860 };
/** A desktop window of 1280 px at 400 % (WCAG 1.4.10). */
export const NARROW = { width: 320, height: 256 };

export interface Person extends BrowserContextOptions {
  /** The remembered zone; null for somebody who has told none. */
  readonly zone?: string | null;
  /** What the server counts attempts by: it trusts one proxy here. */
  readonly address?: string;
}

/** A page of somebody's own browser, in English, with the time of Singapore, without script unless asked for. */
export async function pageOf(
  browser: Browser,
  site: string,
  { zone = 'Asia/Singapore', address = '203.0.113.1', extraHTTPHeaders, ...options }: Person = {},
): Promise<Page> {
  const context = await browser.newContext({
    baseURL: site,
    javaScriptEnabled: false,
    locale: 'en-GB',
    viewport: DESKTOP,
    extraHTTPHeaders: { 'X-Forwarded-For': address, ...extraHTTPHeaders },
    ...options,
  });
  if (zone !== null) await context.addCookies([{ name: 'slotwell-zone', value: encodeURIComponent(zone), url: site }]);
  return context.newPage();
}

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe finds wrong with the page, one line each; the page has to run scripts. */
export async function faultsByAxe(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(AXE, 'utf8'));
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
    const { violations } = await axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
  });
}
