import type { App } from '~/context';
import { findMentorAccountId, replaceSignInCode } from '~/data/accounts';
import { system } from '~/data/actor';
import { signInCodeMail } from '~/emails/sign-in-code';
import type { Locale } from '~/locales/translator';
import { callerOf } from '~/services/limits/limits';
import { CODE_LIFE, CODE_MINUTES, hashCode, makeCode } from './sign-in-codes';

export type CodeRequested =
  { readonly kind: 'accepted' } | { readonly kind: 'limited'; readonly retryAfterSeconds: number };

/**
 * Sends a sign-in code to a mentor's address. Whether the address is a mentor's shows neither in the answer nor in
 * its time: looking, making and sending happen after it. A new code makes older ones void.
 */
export async function requestSignInCode(
  app: App,
  { email, clientAddress, locale }: { email: string; clientAddress: string; locale: Locale },
): Promise<CodeRequested> {
  const address = email.toLowerCase();
  const taken = await app.limits.take([
    { limit: 'sign-in-codes', who: address },
    { limit: 'sign-in-attempts', who: callerOf(clientAddress) },
  ]);
  if (taken.kind === 'limited') return { kind: 'limited', retryAfterSeconds: taken.retryAfterSeconds };
  app.afterwards(() => sendCode(app, address, locale));
  return { kind: 'accepted' };
}

async function sendCode(app: App, email: string, locale: Locale): Promise<void> {
  const id = crypto.randomUUID();
  const code = makeCode();
  const isMade = await app.db.write(system('sign-in'), async (tx) => {
    const accountId = await findMentorAccountId(tx, email);
    if (accountId === null) return false;
    const now = app.clock();
    await replaceSignInCode(tx, {
      id,
      accountId,
      codeHash: await hashCode(app.config.secrets, accountId, code),
      createdAt: now,
      expiresAt: now + CODE_LIFE,
    });
    return true;
  });
  if (!isMade) return;
  await app.mail.send({
    to: { address: email },
    ...signInCodeMail({ code, locale, siteUrl: app.config.siteUrl, minutes: CODE_MINUTES }),
    idempotencyKey: `sign-in-code:${id}`,
  });
}
