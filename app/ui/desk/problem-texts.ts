import type { MessageKey } from '~/locales/messages';
import type { Translator } from '~/locales/translator';

/** What may be wrong in the desk's forms. */
const TEXTS = {
  zone: 'desk.problem.zone',
  duration: 'desk.problem.duration',
  pause: 'desk.problem.pause',
  time: 'desk.problem.time',
  missing: 'desk.problem.missing',
  reversed: 'desk.problem.reversed',
  empty: 'desk.problem.empty',
  overlaps: 'desk.problem.overlaps',
  'no-hours': 'desk.problem.no-hours',
  'too-many': 'desk.problem.too-many',
  date: 'desk.problem.date',
  until: 'desk.problem.until',
  'too-long': 'desk.problem.too-long',
  past: 'desk.problem.past',
  'too-far': 'desk.problem.too-far',
  kind: 'desk.problem.kind',
  reason: 'desk.problem.reason',
  'token-name': 'desk.problem.token-name',
  scopes: 'desk.problem.scopes',
  'too-many-tokens': 'desk.problem.too-many-tokens',
  'token-revoked': 'desk.problem.token-revoked',
} as const satisfies Record<string, MessageKey>;

export type DeskProblem = keyof typeof TEXTS;

/** Words for a problem's name; a forged entry, which has none, is told in general words. */
export const problemText = (error: string, t: Translator): string =>
  t(Object.hasOwn(TEXTS, error) ? TEXTS[error as DeskProblem] : 'desk.problem.other');
