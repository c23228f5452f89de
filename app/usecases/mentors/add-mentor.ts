import type { App } from '~/context';
import { system } from '~/data/actor';
import { violatedConstraint } from '~/data/errors';
import { insertMentor, type NewMentor } from '~/data/mentors';

export type MentorAdded = { readonly kind: 'added' } | { readonly kind: 'taken'; readonly what: 'email' | 'slug' };

/** Makes a mentor who can sign in, with one half-hour session and office hours to begin with. */
export async function addMentor({ db, clock }: Pick<App, 'db' | 'clock'>, mentor: NewMentor): Promise<MentorAdded> {
  try {
    await db.writeAtOnce(system('add-mentor'), (tx) => insertMentor(tx, mentor, clock()));
    return { kind: 'added' };
  } catch (error) {
    switch (violatedConstraint(error)) {
      case 'accounts_email_once':
        return { kind: 'taken', what: 'email' };
      case 'mentors_slug_once':
        return { kind: 'taken', what: 'slug' };
      default:
        throw error;
    }
  }
}
