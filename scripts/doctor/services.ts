import { z } from 'zod';
import type { Config, QstashConfig, ResendConfig, UpstashConfig } from '../../app/config';
import { transportTo, type SmtpSettings } from '../../app/services/mail/smtp.node';
import { about, inTime, reasonOf, type Finding } from './finding';

type Fetch = typeof globalThis.fetch;

/** Gives status and body, a JSON one parsed; throws when nobody answers in time. */
async function ask(
  fetch: Fetch,
  url: string,
  token: string,
  body?: unknown,
): Promise<{ status: number; body: unknown }> {
  return inTime(async (signal) => {
    const answer = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
    });
    const content: unknown = await answer.json().catch(() => undefined);
    return { status: answer.status, body: content };
  });
}

export async function examineUpstash({ url, token }: UpstashConfig, fetch: Fetch): Promise<Finding[]> {
  const { ok, wrong } = about('Upstash');
  try {
    const { status, body } = await ask(fetch, url, token, ['PING']);
    if (status === 401) return [wrong('UPSTASH_REDIS_REST_TOKEN is not of this database')];
    const isPong = z.object({ result: z.literal('PONG') }).safeParse(body).success;
    return [isPong ? ok('answers') : wrong(`answers ${status}, and not as Redis does`)];
  } catch (error) {
    return [wrong(`cannot be reached: ${reasonOf(error)}`)];
  }
}

const signingKeys = z.object({ current: z.string(), next: z.string() });

export async function examineQstash(config: QstashConfig, fetch: Fetch): Promise<Finding[]> {
  const { ok, warn, wrong } = about('QStash');
  try {
    const { status, body } = await ask(fetch, `${config.url}/v2/keys`, config.token);
    if (status === 401 || status === 403) return [wrong('QSTASH_TOKEN is not of this region’s account (QSTASH_URL)')];
    const keys = signingKeys.safeParse(body);
    if (!keys.success) return [wrong(`answers ${status}, and no signing keys`)];
    const { current, next } = keys.data;
    if (![config.currentSigningKey, config.nextSigningKey].includes(current))
      return [wrong('the signing keys are not its own: its calls would be refused')];
    if (config.currentSigningKey !== current || config.nextSigningKey !== next)
      return [warn('its keys were rolled: bring the new ones before they are rolled once more')];
    return [ok('takes the token and signs by the keys that are set')];
  } catch (error) {
    return [wrong(`cannot be reached: ${reasonOf(error)}`)];
  }
}

const domains = z.object({ data: z.array(z.object({ name: z.string(), status: z.string() })) });

export async function examineResend({ apiKey }: ResendConfig, emailFrom: string, fetch: Fetch): Promise<Finding[]> {
  const { ok, warn, wrong } = about('Resend');
  const domain = emailFrom.slice(emailFrom.lastIndexOf('@') + 1).toLowerCase();
  try {
    const { status, body } = await ask(fetch, 'https://api.resend.com/domains', apiKey);
    // A key that may only send is what we advise; it may not read this list.
    if (status === 401 && z.object({ name: z.literal('restricted_api_key') }).safeParse(body).success)
      return [ok(`takes the key, which may only send; that ${domain} is verified, its pages tell`)];
    if (status === 401 || status === 403 || status === 400) return [wrong('RESEND_API_KEY is refused')];
    const listed = domains.safeParse(body);
    if (!listed.success) return [wrong(`answers ${status}, and no domains`)];
    const own = listed.data.data.find(({ name }) => name.toLowerCase() === domain);
    return [
      ok('takes the key'),
      own?.status === 'verified'
        ? ok(`${domain} is verified`)
        : wrong(
            `${domain} (of EMAIL_FROM) is ${own === undefined ? 'not added' : 'not verified'} there: no mail would leave`,
          ),
      warn('the key may do more than send: one with “sending access” is enough'),
    ];
  } catch (error) {
    return [wrong(`cannot be reached: ${reasonOf(error)}`)];
  }
}

export async function examineSmtp(settings: SmtpSettings): Promise<Finding[]> {
  const { ok, wrong } = about('SMTP');
  const transport = transportTo(settings);
  try {
    await inTime(() => transport.verify());
    return [ok(settings.login === undefined ? 'answers; nobody signs in there' : 'answers and takes the login')];
  } catch (error) {
    return [wrong(reasonOf(error) === 'EAUTH' ? 'refuses the login' : `cannot be reached: ${reasonOf(error)}`)];
  } finally {
    transport.close();
  }
}

const alive = z.object({ status: z.string(), version: z.string() });

/** `isNew`: nothing has to answer there yet. */
export async function examineSite(
  { siteUrl, isSecure, version }: Pick<Config, 'siteUrl' | 'isSecure' | 'version'>,
  { mustBeSecure, fetch }: { mustBeSecure: boolean; fetch: Fetch },
): Promise<Finding[]> {
  const { ok, warn, wrong } = about('site');
  const address =
    isSecure || !mustBeSecure ? [] : [wrong('SITE_URL is not https://: sign-ins and forms would not be kept')];
  try {
    const { status, body } = await inTime(async (signal) => {
      const answer = await fetch(`${siteUrl}/health`, { redirect: 'manual', signal });
      const content: unknown = await answer.json().catch(() => undefined);
      return { status: answer.status, body: content };
    });
    const health = alive.safeParse(body);
    if (!health.success) return [...address, warn(`${siteUrl}/health is answered ${status}, and not by Slotwell`)];
    const { version: there } = health.data;
    return [
      ...address,
      there === version ? ok(`version ${there} answers`) : warn(`version ${there} answers, here is ${version}`),
    ];
  } catch (error) {
    return [...address, warn(`nobody answers at ${siteUrl} yet: ${reasonOf(error)}`)];
  }
}
