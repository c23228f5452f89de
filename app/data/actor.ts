/**
 * Who a unit of work acts for. Row level security reads it; there is no query without one.
 * - visitor: looks; `requestKey` (hash) lets a repeated post find the booking it has already made
 * - booker: holds a booking's private link, known by the hash of its token
 * - mentor: signed in; sees what is theirs
 * - admin: signed in as administrator
 * - system: the application itself, by the name of the work it does
 */
export type Actor =
  | { readonly kind: 'visitor'; readonly requestKey?: string }
  | { readonly kind: 'booker'; readonly tokenHash: string }
  | { readonly kind: 'mentor'; readonly mentorId: string }
  | { readonly kind: 'admin'; readonly accountId: string }
  | { readonly kind: 'system'; readonly work: string };

export const visitor: Actor = { kind: 'visitor' };
export const visitorWith = (requestKey: string): Actor => ({ kind: 'visitor', requestKey });
export const booker = (tokenHash: string): Actor => ({ kind: 'booker', tokenHash });
export const mentor = (mentorId: string): Actor => ({ kind: 'mentor', mentorId });
export const system = (work: string): Actor => ({ kind: 'system', work });

/** What the policies compare with: the actor's id, token hash, request key or work; '' when there is none. */
export function actorKey(actor: Actor): string {
  switch (actor.kind) {
    case 'visitor':
      return actor.requestKey ?? '';
    case 'booker':
      return actor.tokenHash;
    case 'mentor':
      return actor.mentorId;
    case 'admin':
      return actor.accountId;
    case 'system':
      return actor.work;
  }
}
