import type { App } from '~/context';
import { system } from '~/data/actor';
import { mentorAccounts } from '~/data/mentors';
import { ensureAdmin, seedDemo } from '~db/seed';

export interface SignInAddress {
  readonly name: string;
  readonly email: string;
}

/**
 * Makes a machine ready to serve: demonstration mentors where nobody is there yet (unless unwanted), and the
 * administrator of ADMIN_EMAIL. Gives the mentors who can sign in, and which of them this has just made, for the terminal.
 */
export async function prepareMachine(
  app: App,
  { withDemo }: { withDemo: boolean },
): Promise<{ readonly mentors: readonly SignInAddress[]; readonly newMentors: readonly SignInAddress[] }> {
  const now = app.clock();
  return app.db.write(system('prepare'), async (tx) => {
    const isFilled = withDemo && (await seedDemo(tx, now, app.config.secrets));
    if (app.config.adminEmail !== undefined) await ensureAdmin(tx, app.config.adminEmail, now);
    const mentors = await mentorAccounts(tx);
    return { mentors, newMentors: isFilled ? mentors : [] };
  });
}
