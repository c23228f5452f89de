import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { DESKTOP, faultsByAxe, NARROW, pageOf, PHONE, type Person } from '../support/chromium';
import { siteOfFile } from '../support/site-of-file';

const SHOTS = fileURLToPath(new URL('shots/', import.meta.url));
const MONTH = '/m/ingrid-solheim/first-ninety-days';

const site = siteOfFile();
beforeAll(() => void mkdirSync(SHOTS, { recursive: true }));

const visit = (person?: Person) => pageOf(site.browser, site.url, person);
const shoot = (page: Page, name: string) => page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });

/** From a month as it opens, to a day of it or of a later one that has times to choose. */
async function findTimes(page: Page) {
  for (let looks = 0; looks < 4; looks += 1) {
    const later = page.getByRole('link', { name: /^See / });
    if ((await later.count()) > 0) await later.click();
    if ((await page.locator('.slots a').count()) > 0) return;
    const days = page.locator('.cal .open a:not([aria-current])');
    await ((await days.count()) > 0 ? days : page.locator('a[rel=next]')).first().click();
  }
}

/** Chooses the first free time of a month; ends at the form. */
async function chooseFirstTime(page: Page, month = MONTH) {
  await page.goto(month);
  await findTimes(page);
  await page.locator('.slots a').first().click();
}

let bookers = 0;
/** Fills in the form as somebody new. */
async function fillIn(page: Page, typed: { name?: string; message?: string } = {}) {
  await page.getByLabel('Your name').fill(typed.name ?? 'Mina Castellanos');
  await page.getByLabel('Email').fill(`booker-${(bookers += 1)}@example.com`);
  if (typed.message) await page.getByLabel('What would you like to talk about?').fill(typed.message);
}

const confirm = (page: Page) => page.getByRole('button', { name: 'Confirm booking' }).click();

test.each([
  ['a phone', 'phone', PHONE, '198.51.100.1'],
  ['a desktop', 'desktop', DESKTOP, '198.51.100.2'],
])(
  'without script, on %s: from the first page to a booking, moved, and cancelled',
  async (_, size, viewport, address) => {
    const page = await visit({ viewport, address });
    await page.goto('/');
    await shoot(page, `home-${size}`);
    await page.getByRole('link', { name: /Tomás Ferreira/ }).click();
    await shoot(page, `mentor-${size}`);
    await page
      .getByRole('link', { name: /Choose a time/ })
      .first()
      .click();
    await findTimes(page);
    const day = page.locator('.cal .open a').last();
    const date = (await day.getAttribute('href'))?.slice(6, 16);
    await day.click();
    expect(page.url()).toContain(`date=${date}#times`);
    await shoot(page, `month-${size}`);
    await page.locator('.slots a').last().click();

    await fillIn(page, { message: 'What to cut.' });
    await shoot(page, `form-${size}`);
    await confirm(page);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toMatch(/^See you .*Mina$/);
    await shoot(page, `booked-${size}`);
    const booking = page.url().replace(/\?.*/, '');

    await page.getByRole('link', { name: 'Open your booking' }).click();
    expect(page.url()).toBe(booking);
    await page.getByRole('link', { name: 'Choose another time' }).click();
    await page.locator('.slots a').first().click();
    await shoot(page, `move-${size}`);
    await page.getByRole('button', { name: 'Move the session' }).click();
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toMatch(/^New time: /);

    await page.getByText('Cancel this booking…').click();
    await page.getByLabel('A word to Tomás').fill('Something came up.');
    await page.getByRole('button', { name: 'Cancel booking' }).click();
    expect(page.url()).toBe(booking);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('This session is cancelled');
    await shoot(page, `cancelled-${size}`);
  },
);

test('a form with errors comes back with all that was typed, its summary has the focus and leads to the field', async () => {
  const page = await visit({ viewport: PHONE });
  await chooseFirstTime(page);
  await page.getByLabel('Your name').fill('M');
  await page.getByLabel('Email').fill('mina@example');
  await page.getByLabel('What would you like to talk about?').fill('Two lines,\nboth kept.');
  await confirm(page);

  expect(await page.title()).toBe('Error: Your information · Slotwell');
  expect(await page.locator('[role=alert]:focus').innerText()).toContain('2 things to change');
  expect(await page.getByLabel('Email').inputValue()).toBe('mina@example');
  expect(await page.getByLabel('What would you like to talk about?').inputValue()).toBe('Two lines,\nboth kept.');
  expect(await page.locator('#email').getAttribute('aria-invalid')).toBe('true');
  await shoot(page, 'errors-phone');
  await page.getByRole('link', { name: /^Write the email address/ }).click();
  expect(await page.locator('#email:target').count()).toBe(1);
});

test('two want one time: the second keeps what was typed and books a time close by in the same form', async () => {
  const [first, second] = await Promise.all([
    visit({ address: '198.51.100.3' }),
    visit({ address: '198.51.100.4', viewport: PHONE }),
  ]);
  await chooseFirstTime(first);
  await second.goto(first.url());
  await Promise.all([fillIn(first), fillIn(second, { name: 'Second', message: 'Mine is kept.' })]);
  await confirm(first);
  await confirm(second);

  expect(await second.title()).toMatch(/^Error: /);
  expect(await second.getByRole('alert').innerText()).toContain('was taken a moment ago');
  expect(await second.getByLabel('What would you like to talk about?').inputValue()).toBe('Mine is kept.');
  await shoot(second, 'taken-phone');
  await second.getByRole('radio').first().check();
  await confirm(second);
  expect(await second.getByRole('heading', { level: 1 }).innerText()).toMatch(/^See you .*Second$/);
});

test('a mentor opens over the home page, which is inert, and closes to it', async () => {
  const page = await visit();
  await page.goto('/m/min-ji-kwon');
  expect(await page.getByRole('dialog').getAttribute('aria-labelledby')).toBe('name');
  for (let presses = 0; presses < 12; presses += 1) {
    await page.keyboard.press('Tab');
    expect(await page.locator('.behind :focus').count()).toBe(0);
  }
  await page.getByRole('link', { name: 'Close, back to all mentors' }).click();
  expect(new URL(page.url()).pathname).toBe('/');
});

test('the zone that is chosen is remembered, and the mentor’s time stands beside it', async () => {
  const page = await visit({ zone: null });
  await page.goto(MONTH);
  expect(await page.locator('.zone summary').innerText()).toContain('Oslo');
  await page.locator('.zone summary').click();
  await page.getByLabel('Show times in').selectOption('Asia/Kolkata');
  await page.getByRole('button', { name: 'Show these times' }).click();
  expect(await page.locator('.zone summary').innerText()).toContain('Kolkata');
  await page.goto(MONTH);
  expect(await page.locator('.zone summary').innerText()).toContain('Kolkata');
  expect(await page.locator('.slots a').first().innerText()).toMatch(/^\d\d:\d\d\s+Oslo \d\d:\d\d/);

  await page.goto('/cities?back=/help');
  await page.getByRole('link', { name: /^Kathmandu/ }).click();
  expect(new URL(page.url()).pathname).toBe('/help');
  await page.goto(MONTH);
  expect(await page.locator('.zone summary').innerText()).toContain('Kathmandu');
});

test('the optional script takes the browser’s zone once, and weighs at most 2 KB', async () => {
  const page = await visit({ zone: null, javaScriptEnabled: true, timezoneId: 'Australia/Lord_Howe' });
  await page.goto(MONTH);
  await page.locator('.zone', { hasText: 'Lord Howe' }).waitFor();
  await page.goto(`${MONTH}?tz=Europe/Paris`);
  await page.goto(MONTH);
  expect(await page.locator('.zone summary').innerText()).toContain('Paris');
  const sources = await page
    .locator('script[src]')
    .evaluateAll((scripts) => scripts.map((one) => one.getAttribute('src')));
  expect(sources).toHaveLength(1);
  expect((await (await page.request.get(sources[0] ?? '')).body()).length).toBeLessThanOrEqual(2048);
});

test('the next step is loaded while one rests on its link', async () => {
  const page = await visit({ javaScriptEnabled: true });
  await page.goto('/m/ingrid-solheim');
  const link = page.locator(`a[href^="${MONTH}"]`).first();
  const loaded = page.context().waitForEvent('response', (response) => new URL(response.url()).pathname === MONTH);
  await link.hover();
  await loaded;
  await link.click();
  await page.waitForURL(`**${MONTH}*`);
  const arrival = () => performance.getEntriesByType('navigation')[0]?.toJSON() as { deliveryType?: string };
  expect((await page.evaluate(arrival)).deliveryType).toBe('navigational-prefetch');
});

test('with the script, a form that is sent twice is sent once', async () => {
  const page = await visit({ javaScriptEnabled: true, address: '198.51.100.5' });
  await chooseFirstTime(page);
  await fillIn(page);
  const sent = await page.locator('.form').evaluate((form: HTMLFormElement) => {
    let passed = 0;
    addEventListener('submit', (event) => (passed += event.defaultPrevented ? 0 : 1));
    form.requestSubmit();
    form.requestSubmit();
    return passed;
  });
  expect(sent).toBe(1);
  await page.getByRole('heading', { name: /^See you/ }).waitFor();
});

const PAGES = [
  '/',
  '/m/min-ji-kwon',
  MONTH,
  '/m/hyun-woo-seo/career-change',
  '/cities',
  '/help',
  '/privacy',
  '/sign-in',
  '/nowhere',
];

test.each(['light', 'dark'] as const)(
  'axe finds nothing on any page, %s',
  async (colorScheme) => {
    const page = await visit({ javaScriptEnabled: true, colorScheme, address: '198.51.100.6' });
    const faults: string[] = [];
    const look = async () => {
      for (const fault of await faultsByAxe(page)) faults.push(`${new URL(page.url()).pathname} ${fault}`);
    };
    for (const path of PAGES) {
      await page.goto(path);
      await look();
    }
    await page.goto(`${MONTH}?lang=ko`);
    await look();
    await page.goto('/?lang=en');
    await chooseFirstTime(page);
    await look();
    await confirm(page);
    await look();
    await fillIn(page);
    await confirm(page);
    await look();
    const booking = page.url().replace(/\?.*/, '');
    for (const path of ['', '/reschedule', '/cancel']) {
      await page.goto(booking + path);
      await look();
    }
    await page.goto(`${booking}/reschedule`);
    await findTimes(page);
    await page.locator('.slots a').last().click();
    await look();
    await page.goto(`${booking}/cancel`);
    await page.getByRole('button', { name: 'Cancel booking' }).click();
    await look();
    expect(faults).toEqual([]);
  },
  240_000,
);

test('at 320 px (1280 at 400 %) nothing scrolls sideways, however long a name is', async () => {
  const page = await visit({ javaScriptEnabled: true, viewport: NARROW, address: '198.51.100.7' });
  const wide: string[] = [];
  const measure = async () => {
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > NARROW.width) wide.push(`${new URL(page.url()).pathname} ${width}`);
  };
  for (const path of [...PAGES, `${MONTH}?lang=ko`, '/?lang=ko', '/?lang=en']) {
    await page.goto(path);
    await measure();
  }
  await chooseFirstTime(page, MONTH);
  await measure();
  await confirm(page);
  await measure();
  await fillIn(page, { name: 'Wolfeschlegelsteinhausenbergerdorff'.repeat(3).slice(0, 100) });
  await confirm(page);
  await measure();
  const booking = page.url().replace(/\?.*/, '');
  for (const path of ['', '/reschedule', '/cancel']) {
    await page.goto(booking + path);
    await measure();
  }
  expect(wide).toEqual([]);
});

test('the month page and its stylesheet weigh at most 14 KB, gzipped', async () => {
  const page = await visit();
  let css = 0;
  page.on('response', async (response) => {
    if (response.request().resourceType() === 'stylesheet') css += gzipSync(await response.body(), { level: 9 }).length;
  });
  const answer = await page.goto(MONTH);
  const html = gzipSync((await answer?.body()) ?? Buffer.alloc(0), { level: 9 }).length;
  await expect.poll(() => css).toBeGreaterThan(0);
  console.log(`month page: ${html} B of HTML and ${css} B of CSS, gzipped`);
  expect(html + css).toBeLessThanOrEqual(14 * 1024);
});

test('nothing on a page is styled or scripted in place', async () => {
  const page = await visit();
  for (const path of PAGES) {
    const html = (await (await page.goto(path))?.text()) ?? '';
    expect(html).not.toMatch(/<[^>]+\s(?:style|on\w+)=/);
    expect(html).not.toMatch(/<script(?![^>]*\s(?:src=|type="speculationrules"))/);
  }
});
