import { describe, expect, test } from 'vitest';
import type { FlowSite } from '../support/flows/flow';
import { bookingsOf, bookOne, findFreeDay, monthsOf, newPerson, wordsOf } from '../support/flows/reading';
import type { Visit } from '../support/server';
import { edgeOfFile } from '../support/worker-of-file';

const edge = edgeOfFile();

function expectCalm(answer: Visit): void {
  expect(answer.status).toBe(503);
  expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThan(0);
  expect(wordsOf(answer)).toContain('Back in a moment');
  expect(answer.text).not.toMatch(/neon|postgres|stack|socket|at file/i);
}

/** Something that somebody posts, again when asked again. */
interface Deed {
  post(): Promise<Visit>;
  /** What it changes. */
  state(): Promise<unknown>;
}

const deeds: Record<string, (site: FlowSite) => Promise<Deed & { email: string }>> = {
  async 'a booking'(site) {
    const browser = site.browser();
    const person = newPerson();
    const { path, start } = (await findFreeDay(site, browser, monthsOf(site))).times[0] ?? expect.unreachable();
    const csrf = /name="csrf" value="([^"]+)"/.exec((await browser.get(path)).text)?.[1] ?? '';
    return {
      email: person.email,
      post: () => browser.post(path, { ...person, csrf, start }),
      state: () => bookingsOf(site),
    };
  },
  async 'a move'(site) {
    const { browser, link, day, email } = await bookOne(site);
    await site.deliver();
    const path = `${link}/reschedule?start=${day.times[1]?.start}`;
    const csrf = /name="csrf" value="([^"]+)"/.exec((await browser.get(path)).text)?.[1] ?? '';
    return {
      email,
      post: () => browser.post(path, { csrf, start: day.times[1]?.start ?? '' }),
      state: () => bookingsOf(site),
    };
  },
  async 'a cancellation'(site) {
    const { browser, link, email } = await bookOne(site);
    await site.deliver();
    const csrf = /name="csrf" value="([^"]+)"/.exec((await browser.get(`${link}/cancel`)).text)?.[1] ?? '';
    return { email, post: () => browser.post(`${link}/cancel`, { csrf }), state: () => bookingsOf(site) };
  },
};

describe.each(Object.entries(deeds))('the connection to the database breaks during %s', (name, prepare) => {
  test('before the commit: nothing has happened, a calm 503, and the same form posted again does it once', async () => {
    const site = await edge().site();
    const { post, state } = await prepare(site);
    const before = await state();
    edge().neon.faults.sockets.push('before-commit');
    expectCalm(await post());
    expect(edge().neon.faults.sockets).toEqual([]);
    expect(await state()).toEqual(before);
    expect((await post()).status).toBe(303);
    expect(await state()).not.toEqual(before);
    expect(await bookingsOf(site)).toHaveLength(1);
  });

  test('after the commit, before it is told: the same form posted again finds it done, and both are told once', async () => {
    const site = await edge().site();
    const { post, state, email } = await prepare(site);
    const before = await state();
    const told = name === 'a booking' ? 0 : 1;
    edge().neon.faults.sockets.push('after-commit');
    expectCalm(await post());
    const after = await state();
    expect(after).not.toEqual(before);
    const again = await post();
    expect([again.status, again.location]).toEqual([303, expect.stringMatching(/^\/b\/[\w-]{43}/)]);
    expect(await state()).toEqual(after);
    // Whoever died before enqueueing is made good for by the sweep.
    await site.sweep();
    await site.deliver();
    for (const address of [email, site.mentor.email])
      expect(await site.letters(address, told + 1)).toHaveLength(told + 1);
  });
});

test('the database goes away between the form and its post: a calm 503, and the form books when it is back', async () => {
  const site = await edge().site();
  const { post, state } = (await deeds['a booking']?.(site)) ?? expect.unreachable();
  edge().neon.isAway = true;
  expectCalm(await post());
  expectCalm(await site.browser().get(monthsOf(site)));
  expect((await site.fetch('/health')).status).toBe(200);
  edge().neon.isAway = false;
  expect(await state()).toEqual([]);
  expect((await post()).status).toBe(303);
});

test('a database that is silent is given up: pages after fifteen seconds, a booking after five to connect', async () => {
  const site = await edge().site();
  const { post, state } = (await deeds['a booking']?.(site)) ?? expect.unreachable();
  const began = performance.now();
  edge().neon.faults.sockets.push('silence');
  edge().neon.faults.batches.push('silence');
  const [booking, page] = await Promise.all([
    post().then((answer) => ({ answer, after: performance.now() - began })),
    site
      .browser()
      .get('/')
      .then((answer) => ({ answer, after: performance.now() - began })),
  ]);
  for (const { answer } of [booking, page]) expectCalm(answer);
  expect(booking.after).toBeLessThan(7_000);
  expect(page.after).toBeLessThan(17_000);
  expect(await state()).toEqual([]);
  expect((await post()).status).toBe(303);
});

test('eight visitors post for one time at once: one has it, seven are offered the nearest', async () => {
  const site = await edge().site();
  const form = (await findFreeDay(site, site.browser(), monthsOf(site))).times[0]?.path ?? '';
  const browsers = Array.from({ length: 8 }, () => site.browser());
  for (const browser of browsers) await browser.get(form);
  const answers = await Promise.all(browsers.map((browser) => browser.post(form, newPerson())));
  expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array.from({ length: 7 }, () => 409)]);
  expect(await bookingsOf(site)).toHaveLength(1);
});

test('two sweeps at once find the same forgotten messages; each is sent once', async () => {
  const site = await edge().site();
  edge().playing().qstash.isAway = true;
  const { email } = await bookOne(site);
  await expect.poll(() => edge().playing().qstash.asked).toBeGreaterThan(0);
  edge().playing().qstash.isAway = false;
  await Promise.all([site.sweep(), site.sweep()]);
  await site.deliver();
  for (const address of [email, site.mentor.email]) expect(await site.letters(address, 1)).toHaveLength(1);
  expect(edge().playing().resend.asked).toBe(2);
});

test('a body over the limit is refused while it still comes; headers over it are no fault of ours', async () => {
  const site = await edge().site();
  const form = { 'Content-Type': 'application/x-www-form-urlencoded', 'Sec-Fetch-Site': 'same-origin' };
  const body = `a=${'x'.repeat(20_000_000)}`;
  const { batches } = edge().neon.uses;
  const answer = await site.fetch('/sign-in', { method: 'POST', headers: form, body });
  expect(answer.status).toBe(413);
  expect(edge().neon.uses.batches).toBe(batches);
  const cookies = { Cookie: `slotwell=${'x'.repeat(30_000)}; slotwell-zone=${'y'.repeat(30_000)}` };
  expect([302, 303, 431]).toContain((await site.fetch('/desk', { headers: cookies })).status);
  expect((await site.fetch(monthsOf(site), { headers: cookies })).status).toBe(200);
});
