import type { Instant } from '~/domain/time/instant';
import { auditLog } from '~db/schema';
import type { Actor } from './actor';
import type { Tx } from './database';

export interface AuditEntry {
  readonly action: string;
  readonly subjectType: 'booking' | 'mentor' | 'account' | 'api-token';
  readonly subjectId: string;
  /** Facts without people: no address, name, token or text that somebody wrote. */
  readonly details?: Readonly<Record<string, string | number | boolean | null>>;
}

/** Appends what was done, in the transaction that does it. */
export async function recordAudit(tx: Tx, actor: Actor, at: Instant, entry: AuditEntry): Promise<void> {
  await tx.insert(auditLog).values({
    at,
    actor: actor.kind,
    actorId: actorIdOf(actor),
    action: entry.action,
    subjectType: entry.subjectType,
    subjectId: entry.subjectId,
    details: entry.details ?? {},
  });
}

/** Visitors and bookers are known by hashes of secrets, which do not belong into a log. */
function actorIdOf(actor: Actor): string | null {
  switch (actor.kind) {
    case 'visitor':
    case 'booker':
      return null;
    case 'mentor':
      return actor.mentorId;
    case 'admin':
      return actor.accountId;
    case 'system':
      return actor.work;
  }
}
