import { inject, onTestFinished } from 'vitest';
import { startNeonService } from './neon-service';
import { startQstashService } from './qstash-service';
import { startResendService } from './resend-service';
import { startUpstashService } from './upstash-service';

export const POOLED = 'ep-quiet-river-pooler.eu-central-1.aws.neon.tech';
export const PASSWORD = 'a-password-of-neon';
const SECRET = 'a-secret-of-more-than-32-characters-1';

/**
 * The variables of an edge in order, and a network in which its names lead to stand-ins; `url` is its database's own. What
 * its site answers is `site`'s.
 */
export async function edgeSurroundings(url: string) {
  const [neon, resend, qstash, upstash] = await Promise.all([
    startNeonService(inject('postgresUrl')),
    startResendService(),
    startQstashService(),
    startUpstashService(),
  ]);
  onTestFinished(async () => {
    await Promise.all([neon, resend, qstash, upstash].map((service) => service.close()));
  });
  resend.domains = [{ name: 'slotwell.example', status: 'verified' }];
  const variables = {
    SITE_URL: 'https://book.slotwell.example',
    SESSION_SECRET: SECRET,
    DATABASE_URL: `postgresql://owner:${PASSWORD}@${POOLED}${new URL(url).pathname}?sslmode=require`,
    EMAIL_FROM: 'bookings@slotwell.example',
    RESEND_API_KEY: resend.apiKey,
    QSTASH_TOKEN: qstash.token,
    QSTASH_CURRENT_SIGNING_KEY: qstash.keys.current,
    QSTASH_NEXT_SIGNING_KEY: qstash.keys.next,
    UPSTASH_REDIS_REST_URL: 'https://calm-otter-12345.upstash.io',
    UPSTASH_REDIS_REST_TOKEN: upstash.token,
  };
  const ready = { status: 'ready', version: '0.1.0', database: 'ok', migrations: 'current' };
  const site = { version: '0.1.0', isAway: false, readiness: (): Response => Response.json(ready) };
  const network = {
    fetch: (async (input: string, init?: RequestInit) => {
      const { host, pathname } = new URL(input);
      const to = {
        'api.eu-central-1.aws.neon.tech': `http://${neon.host}`,
        'api.resend.com': resend.url,
        'qstash.upstash.io': qstash.url,
        'calm-otter-12345.upstash.io': upstash.url,
      }[host];
      if (host === 'book.slotwell.example' && !site.isAway)
        return pathname === '/health/ready' ? site.readiness() : Response.json({ status: 'ok', version: site.version });
      if (to === undefined)
        throw new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ENOTFOUND' }) });
      return fetch(to + pathname, init);
    }) as typeof fetch,
    postgresUrl: () => url,
  };
  return { variables, network, neon, resend, qstash, upstash, site };
}
