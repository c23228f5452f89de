import { createContext } from 'react';
import type { Locale } from '~/locales/translator';

/** What a page knows of its answer without any loader: when an action refuses, no loader has run. */
export interface Answer {
  readonly locale: Locale;
  /** For the scripts of the page; undefined in the browser, which hides it. */
  readonly nonce?: string | undefined;
}

export const AnswerContext = createContext<Answer>({ locale: 'en' });
