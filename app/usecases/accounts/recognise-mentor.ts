import type { App } from '~/context';
import { findMentorOfAccount } from '~/data/accounts';
import { mentor } from '~/data/actor';
import type { Mentor } from '~/data/mentors';
import type { ZoneId } from '~/domain/time/zones';
import { zoneOf } from '../slots/situation';

/** A mentor with the zone ready for arithmetic. */
export type DeskMentor = Mentor & { readonly zone: ZoneId };

/** The mentor whom a sign-in's cookie names; null when it is nobody's or older than the account allows. One round trip. */
export async function recogniseMentor(
  app: Pick<App, 'db'>,
  signIn: { readonly accountId: string; readonly mentorId: string | null; readonly signInVersion: number },
): Promise<DeskMentor | null> {
  const { accountId, mentorId, signInVersion } = signIn;
  if (mentorId === null) return null;
  const found = await app.db.read(mentor(mentorId), (tx) => findMentorOfAccount(tx, accountId));
  if (found === null || found.mentor.id !== mentorId || found.signInVersion !== signInVersion) return null;
  return { ...found.mentor, zone: zoneOf(found.mentor.timeZone) };
}
