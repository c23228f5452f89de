import { sign, type Secrets } from '~/crypto/signatures';
import type { Taking } from './limits';

/**
 * Under what a taking is counted: a keyed hash, so that whoever reads the counters learns nothing of people; case and
 * surrounding blanks make nobody another person.
 */
const countedKey = async (secrets: Secrets, { limit, who }: Taking): Promise<string> =>
  `${limit}:${await sign(secrets, `limit\n${limit}\n${who.trim().toLowerCase()}`)}`;

/** What a call takes, each key once with how much of it is taken. */
export async function countedTakings(secrets: Secrets, takings: readonly Taking[]) {
  const keys = await Promise.all(takings.map((taking) => countedKey(secrets, taking)));
  const limitOfKey = new Map(keys.flatMap((key, i) => (takings[i] ? [[key, takings[i].limit] as const] : [])));
  return [...limitOfKey].map(([key, limit]) => ({ key, limit, amount: keys.filter((one) => one === key).length }));
}
