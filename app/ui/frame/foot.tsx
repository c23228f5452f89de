import { LOCALES } from '~/locales/translator';
import { useWords } from '../words';

/** How each language calls itself. */
const OWN_NAMES = { en: 'English', ko: '한국어' } as const;

/** @param hrefIn this page's address in another language */
export function Foot({ hrefIn }: { hrefIn: (locale: (typeof LOCALES)[number]) => string }) {
  const { t, locale } = useWords();
  return (
    <footer className="foot wrap">
      <a href="/privacy">{t('visitor.foot.privacy')}</a> <a href="/help">{t('visitor.foot.help')}</a>{' '}
      <a href="/sign-in">{t('visitor.foot.mentors')}</a>
      {LOCALES.filter((other) => other !== locale).map((other) => (
        <a key={other} href={hrefIn(other)} lang={other} hrefLang={other} rel="nofollow">
          {OWN_NAMES[other]}
        </a>
      ))}
    </footer>
  );
}
