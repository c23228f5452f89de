import { expect, test } from 'vitest';
import { DESKTOP, faultsByAxe, NARROW, pageOf, PHONE } from '../support/chromium';
import { siteOfFile } from '../support/site-of-file';

const site = siteOfFile();

const overflows = () => document.documentElement.scrollWidth > innerWidth;

test.each([
  ['without script, on a phone', 'min-ji@slotwell.example', { javaScriptEnabled: false, viewport: PHONE }],
  ['with script, on a desktop', 'tomas@slotwell.example', { javaScriptEnabled: true, viewport: DESKTOP }],
])(
  '%s: a token is made, shown once, works, and is revoked',
  async (_, email, options) => {
    const complaints: string[] = [];
    const page = await pageOf(site.browser, site.url, { ...options, address: `198.51.100.${email.length}` });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      // That the server said 400 is what this is about.
      if (message.type() === 'error' && !message.text().includes('400')) complaints.push(message.text());
    });
    await page.goto('/desk/api-tokens');
    await page.getByLabel('Email').fill(email);
    await page.getByRole('button', { name: 'Send me a code' }).click();
    const mail = new RegExp(`${email}: (\\d{6})`);
    await expect.poll(() => site.server.terminal(), { timeout: 10_000 }).toMatch(mail);
    await page.getByLabel('Code').fill(mail.exec(site.server.terminal())?.[1] ?? '');
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

    const read = () =>
      fetch(`${site.server.url}/api/bookings?limit=1`, { headers: { Authorization: `Bearer ${token}` } });
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
    const page = await pageOf(site.browser, site.url, { javaScriptEnabled: true, viewport });
    await page.goto('/api#slot-taken');
    expect(await page.evaluate(overflows)).toBe(false);
    expect(await page.locator('#slot-taken').isVisible()).toBe(true);
    expect(await faultsByAxe(page)).toEqual([]);
  }
}, 120_000);
