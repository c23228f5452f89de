import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { DESKTOP, faultsByAxe, pageOf, PHONE } from '../support/chromium';
import { siteOfFile } from '../support/site-of-file';

const site = siteOfFile();

/** Signs in with the code that the terminal shows. */
async function signIn(page: Page, email: string) {
  await page.goto('/desk/availability');
  await page.getByLabel('Email').fill(email);
  await page.getByRole('button', { name: 'Send me a code' }).click();
  const mail = new RegExp(`${email}: (\\d{6})`);
  await expect.poll(() => site.server.terminal(), { timeout: 10_000 }).toMatch(mail);
  await page.getByLabel('Code').fill(mail.exec(site.server.terminal())?.[1] ?? '');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'My availability' }).waitFor();
}

test.each([
  ['without script, on a phone', 'min-ji@slotwell.example', { javaScriptEnabled: false, viewport: PHONE }],
  ['with script, on a desktop', 'tomas@slotwell.example', { javaScriptEnabled: true, viewport: DESKTOP }],
])('%s: a mistake is told and kept, a day is opened, and the hours are saved', async (_, email, options) => {
  const complaints: string[] = [];
  const page = await pageOf(site.browser, site.url, {
    ...options,
    address: `198.51.100.${email.length}`,
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // That the server said 400 is what this is about.
    if (message.type() === 'error' && !message.text().includes('400')) complaints.push(message.text());
  });
  await signIn(page, email);
  if (options.javaScriptEnabled) await page.waitForLoadState('networkidle');

  const end = page.locator('fieldset:has(legend :checked) .range input').nth(1);
  const kept = await end.inputValue();
  await end.fill('noonish');
  await end.press('Enter');
  await page.getByRole('alert').waitFor();
  expect(await page.title()).toMatch(/^Error: /);
  expect(await end.inputValue()).toBe('noonish');
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('alert');
  if (options.javaScriptEnabled) expect(await faultsByAxe(page)).toEqual([]);

  await page.getByRole('alert').getByRole('link').click();
  await end.fill(kept);
  const closed = await page.locator('fieldset.off-day [type=checkbox]').first().getAttribute('name');
  const day = page.locator(`fieldset:has([name="${closed}"])`);
  await day.getByRole('button', { name: '+ Add hours' }).click();
  await day.locator('.range').waitFor();
  expect(await day.getByRole('checkbox').first().isChecked()).toBe(true);
  await day.locator('.range input').first().fill('9');
  await day.locator('.range input').last().fill('1.30pm');
  await page.getByRole('button', { name: 'Save availability' }).last().click();
  await page.getByText('Saved. Visitors see these hours').waitFor();
  expect(await day.locator('.range input').first().inputValue()).toBe('09:00');
  expect(await day.locator('.range input').last().inputValue()).toBe('13:30');
  expect(await page.title()).toBe('My availability · Slotwell');
  expect(complaints).toEqual([]);
});
