import { translator, type Locale } from '~/locales/translator';
import { renderLetter, type RenderedLetter } from './letter';

/** The mail with a mentor's sign-in code, which is good for `minutes`. */
export function signInCodeMail({
  code,
  locale,
  siteUrl,
  minutes,
}: {
  code: string;
  locale: Locale;
  siteUrl: string;
  minutes: number;
}): RenderedLetter {
  const t = translator(locale);
  return renderLetter({
    locale,
    siteUrl,
    subject: t('mail.code.subject', { code }),
    title: t('mail.code.title'),
    lead: [t('mail.code.lead', { n: minutes })],
    code,
    closing: [t('mail.code.not-you'), t('mail.code.secret')],
  });
}
