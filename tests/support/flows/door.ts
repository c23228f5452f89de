import { expect } from 'vitest';
import type { Flow } from './flow';
import { bookingsOf, findFreeDay, monthsOf } from './reading';

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded', 'Sec-Fetch-Site': 'same-origin' };

/** What is refused before any page is asked. */
export const door: readonly Flow[] = [
  {
    name: 'a method that nothing takes is refused with those that are: 405',
    async run(site) {
      for (const method of ['PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
        const answer = await site.fetch('/', { method });
        expect(answer.status, method).toBe(405);
        expect(answer.headers.get('Allow'), method).toMatch(/^GET, HEAD, /);
        expect(answer.headers.get('Allow'), method).not.toContain(method);
      }
      const posted = await site.fetch('/privacy', { method: 'POST', headers: FORM, body: 'a=1' });
      expect([posted.status, posted.headers.get('Allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
      const asked = await site.fetch('/', { method: 'OPTIONS', headers: { Origin: 'https://evil.example' } });
      expect(asked.status).toBe(204);
      expect([...asked.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    },
  },
  {
    name: 'HEAD answers with the headers of GET and no body',
    async run(site) {
      const answer = await site.fetch('/', { method: 'HEAD' });
      expect([answer.status, answer.headers.get('Content-Type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(await answer.text()).toBe('');
    },
  },
  {
    name: 'an address that cannot be read is refused: 400',
    async run(site) {
      for (const path of ['/m/%E0%A4%A', '/m/%ff', '/m/%00', '/m/x?month=%00', '/?_data=routes%2Fvisitor%2Fhome']) {
        const answer = await site.fetch(path);
        expect(answer.status, path).toBe(400);
        expect(await answer.text(), path).toMatch(/<h1/);
      }
    },
  },
  {
    name: 'an address written loosely leads to the one that is meant, never to another site: 308',
    async run(site) {
      for (const [path, meant] of [
        ['/m/x/', '/m/x'],
        ['//m//x', '/m/x'],
        ['//evil.example/', '/evil.example'],
      ] as const) {
        const answer = await site.fetch(path);
        expect([answer.status, answer.headers.get('Location')], path).toEqual([308, meant]);
      }
    },
  },
  {
    name: 'a post from another site is refused and books nothing: 403',
    async run(site) {
      const browser = site.browser();
      const { path, start } = (await findFreeDay(site, browser, monthsOf(site))).times[0] ?? expect.unreachable();
      const csrf = /name="csrf" value="([^"]+)"/.exec((await browser.get(path)).text)?.[1] ?? '';
      const fields = { csrf, start, name: 'Asha Rai', email: 'asha@people.example' };
      const foreign: Record<string, string>[] = [
        { 'Sec-Fetch-Site': 'cross-site' },
        { 'Sec-Fetch-Site': 'same-site' },
        { 'Sec-Fetch-Site': 'none', Origin: 'https://evil.example' },
        { 'Sec-Fetch-Site': 'none', Origin: 'null' },
      ];
      for (const headers of foreign)
        expect((await browser.post(path, fields, headers)).status, JSON.stringify(headers)).toBe(403);
      expect(await bookingsOf(site)).toEqual([]);
      expect((await browser.post(path, fields)).status).toBe(303);
    },
  },
  {
    name: 'what is no form is refused: 415; what is too long: 413',
    async run(site) {
      for (const type of ['application/json', 'text/plain']) {
        const answer = await site.fetch('/sign-in', {
          method: 'POST',
          headers: { ...FORM, 'Content-Type': type },
          body: '{}',
        });
        expect(answer.status, type).toBe(415);
      }
      const zipped = { ...FORM, 'Content-Encoding': 'gzip' };
      expect((await site.fetch('/sign-in', { method: 'POST', headers: zipped, body: 'a=1' })).status).toBe(415);
      const long = await site.fetch('/sign-in', { method: 'POST', headers: FORM, body: `a=${'x'.repeat(1_100_000)}` });
      expect(long.status).toBe(413);
      expect(await long.text()).toMatch(/<h1/);
    },
  },
  {
    name: 'machines’ endpoints are not reached by the way of pages: 404',
    async run(site) {
      for (const path of ['/health.data', '/api/jobs/sweep.data', '/%61pi/jobs/sweep.data'])
        expect((await site.fetch(path)).status, path).toBe(404);
    },
  },
  {
    name: 'every answer carries the security headers, with a nonce of its own',
    async run(site) {
      const nonces = new Set<string | undefined>();
      const paths = ['/', monthsOf(site), '/sign-in', '/nothing', '/health', '/m/%ff', '/m/x/', '/desk'];
      for (const path of paths) {
        const { headers } = await site.fetch(path);
        const policy = headers.get('Content-Security-Policy') ?? '';
        expect(policy, path).toContain(`default-src 'self'`);
        expect(policy, path).toContain(`frame-ancestors 'none'`);
        expect(policy, path).not.toContain('unsafe');
        nonces.add(/'nonce-([^']+)'/.exec(policy)?.[1]);
        expect(headers.get('X-Content-Type-Options'), path).toBe('nosniff');
        expect(headers.get('Referrer-Policy'), path).toBe('same-origin');
        expect(headers.get('Permissions-Policy'), path).toContain('camera=()');
        expect(headers.get('X-Powered-By'), path).toBeNull();
        const isKept = headers.has('Strict-Transport-Security');
        expect(isKept, path).toBe(site.origin.startsWith('https:'));
      }
      expect(nonces.size).toBe(paths.length);
    },
  },
];
