import { en } from './en';
import { ko } from './ko';
import type { Arguments, MessageKey, Messages, Text } from './messages';

export const LOCALES = ['en', 'ko'] as const;
export type Locale = (typeof LOCALES)[number];

/** Gives the text of a key; a missing or misnamed value does not compile. */
export type Translator = <K extends MessageKey>(key: K, ...values: Arguments<K>) => string;

const CATALOGUES: Record<Locale, Messages> = { en, ko };

/** The translator of a language. */
export function translator(locale: Locale): Translator {
  const catalogue = CATALOGUES[locale];
  const plurals = new Intl.PluralRules(locale);
  return (key, ...[values]) => {
    const text: Text = catalogue[key];
    const given = (values ?? {}) as Record<string, string | number>;
    const form =
      typeof text === 'string'
        ? text
        : ((plurals.select(Number(given.n)) === 'one' ? text.one : undefined) ?? text.other);
    return form.replace(/\{(\w+)\}/g, (_, name: string) => String(given[name] ?? ''));
  };
}
