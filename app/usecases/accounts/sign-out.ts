import type { App } from '~/context';
import { endSignIns } from '~/data/accounts';
import { system } from '~/data/actor';
import { recordAudit } from '~/data/audit';

/**
 * Ends every sign-in of the account, on all devices: a copy of the cookie that was taken from this one is worth nothing
 * afterwards. A sign-in that was ended before ends nothing.
 */
export async function signOut(
  app: App,
  { accountId, signInVersion }: { readonly accountId: string; readonly signInVersion: number },
): Promise<void> {
  const actor = system('sign-out');
  await app.db.writeAtOnce(actor, (tx) =>
    Promise.all([
      endSignIns(tx, accountId, signInVersion),
      recordAudit(tx, actor, app.clock(), {
        action: 'account.signed-out',
        subjectType: 'account',
        subjectId: accountId,
      }),
    ]),
  );
}
