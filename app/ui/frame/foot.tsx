import type { Locale } from '~/locales/translator';
import { useWords } from '../words';
import { LanguageLinks } from './language-links';

/** @param hrefIn this page's address in another language */
export function Foot({ hrefIn }: { hrefIn: (locale: Locale) => string }) {
  const { t } = useWords();
  return (
    <footer className="foot wrap">
      <a href="/privacy">{t('visitor.foot.privacy')}</a> <a href="/help">{t('visitor.foot.help')}</a>{' '}
      <a href="/sign-in">{t('visitor.foot.mentors')}</a> <a href="/api">{t('visitor.foot.api')}</a>
      <LanguageLinks hrefIn={hrefIn} />
    </footer>
  );
}
