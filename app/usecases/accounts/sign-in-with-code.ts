import type { App } from '~/context';
import { findMentorOfAccount, markSignInCodeUsed, takeSignInTry } from '~/data/accounts';
import { system } from '~/data/actor';
import { recordAudit } from '~/data/audit';
import { callerOf } from '~/services/limits/limits';
import { isCodeOf, MAX_TRIES } from './sign-in-codes';

export type SignedIn =
  | {
      readonly kind: 'signed-in';
      readonly accountId: string;
      readonly mentorId: string;
      readonly signInVersion: number;
    }
  /** Wrong, void, used or expired, or nobody's address: which one is not told. */
  | { readonly kind: 'wrong' }
  | { readonly kind: 'limited'; readonly retryAfterSeconds: number };

/** Signs in whoever knows the newest code of an address. The code works once; each try is counted before it is judged. */
export async function signInWithCode(
  app: App,
  { email, code, clientAddress }: { email: string; code: string; clientAddress: string },
): Promise<SignedIn> {
  const taken = await app.limits.take([{ limit: 'sign-in-attempts', who: callerOf(clientAddress) }]);
  if (taken.kind === 'limited') return { kind: 'limited', retryAfterSeconds: taken.retryAfterSeconds };
  const actor = system('sign-in');
  return app.db.write(actor, async (tx): Promise<SignedIn> => {
    const now = app.clock();
    const attempt = await takeSignInTry(tx, email.toLowerCase(), now, MAX_TRIES);
    if (attempt === null) return { kind: 'wrong' };
    const { codeId, codeHash, accountId } = attempt;
    if (!(await isCodeOf(app.config.secrets, accountId, code, codeHash))) return { kind: 'wrong' };
    const [found] = await Promise.all([
      findMentorOfAccount(tx, accountId),
      markSignInCodeUsed(tx, codeId, now),
      recordAudit(tx, actor, now, { action: 'account.signed-in', subjectType: 'account', subjectId: accountId }),
    ]);
    if (found === null) return { kind: 'wrong' };
    return { kind: 'signed-in', accountId, mentorId: found.mentor.id, signInVersion: found.signInVersion };
  });
}
