import type { MessageKey } from '~/locales/messages';
import type { Problem } from '../forms/error-summary';
import { useWords } from '../words';

/** Errors by field, as a form's answer has them: each a key of the form's schema. */
export type FieldErrors = Readonly<Record<string, readonly string[] | null | undefined>>;

const TEXTS = {
  start: 'visitor.problem.start',
  name: 'visitor.problem.name',
  email: 'visitor.problem.email',
  phone: 'visitor.problem.phone',
  message: 'visitor.problem.message',
  reason: 'visitor.problem.reason',
} as const satisfies Record<string, MessageKey>;

/** What is to be mended, in the order of `fields`, in words. */
export function useProblems(errors: FieldErrors, fields: readonly string[]): readonly Problem[] {
  const { t } = useWords();
  return fields
    .filter((field) => (errors[field]?.length ?? 0) > 0)
    .map((field) => ({ target: field, text: t(TEXTS[field as keyof typeof TEXTS] ?? 'visitor.problem.other') }));
}
