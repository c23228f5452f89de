import { LOCALES, type Locale } from '~/locales/translator';
import { useWords } from '../words';

/** How each language calls itself. */
const OWN_NAMES = { en: 'English', ko: '한국어' } as const satisfies Record<Locale, string>;

/** @param hrefIn this page's address in another language */
export function LanguageLinks({ hrefIn }: { hrefIn: (locale: Locale) => string }) {
  const { locale } = useWords();
  return LOCALES.filter((other) => other !== locale).map((other) => (
    <a key={other} href={hrefIn(other)} lang={other} hrefLang={other} rel="nofollow">
      {OWN_NAMES[other]}
    </a>
  ));
}
