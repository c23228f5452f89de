import type { App } from '~/context';
import { system } from '~/data/actor';
import { operationsState } from '~/data/operations';
import { MINUTE, type Instant } from '~/domain/time/instant';
import journal from '~db/migrations/meta/_journal.json';

/** When the newest migration that this build knows was made. */
const NEWEST_MIGRATION = Math.max(...journal.entries.map(({ when }) => when));

/** A queue that is this late needs somebody: the sweep comes every five minutes. */
const LATE = 15 * MINUTE;

export interface Readiness {
  /** `newer`: a later version has migrated already, and this one can work with that. */
  readonly migrations: 'current' | 'newer' | 'pending';
  /** What is due and not done. */
  readonly queue: {
    readonly state: 'ok' | 'late';
    /** How long the message that waits longest has been due, in seconds; 0 when none is. */
    readonly oldestMessageSeconds: number;
    /** The same of the calls that one machine's scheduler makes. */
    readonly oldestJobSeconds: number;
  };
}

/** Asks a database that answers; throws what it throws otherwise. One round trip. */
export async function checkReadiness(app: App): Promise<Readiness> {
  const now = app.clock();
  const { migratedTo, oldestMessageAt, oldestJobAt } = await app.db.read(system('readiness'), (tx) =>
    operationsState(tx, now),
  );
  const secondsSince = (at: Instant | null) => (at === null ? 0 : Math.round((now - at) / 1000));
  return {
    migrations:
      migratedTo === null || migratedTo < NEWEST_MIGRATION
        ? 'pending'
        : migratedTo > NEWEST_MIGRATION
          ? 'newer'
          : 'current',
    queue: {
      state: now - Math.min(oldestMessageAt ?? now, oldestJobAt ?? now) > LATE ? 'late' : 'ok',
      oldestMessageSeconds: secondsSince(oldestMessageAt),
      oldestJobSeconds: secondsSince(oldestJobAt),
    },
  };
}
