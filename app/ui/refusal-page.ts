import type { MessageKey } from '~/locales/messages';
import { translator, type Locale } from '~/locales/translator';

/** The reasons that have a title and a text. */
export type RefusalReason = MessageKey extends infer Key
  ? Key extends `door.${infer Reason}.title`
    ? Reason
    : never
  : never;

/**
 * The whole page for a request that never reached a route: made without React, so that it can be
 * shown when nothing else works. `status` is the HTTP status that it is sent with.
 */
export function refusalPage(
  reason: RefusalReason,
  { status, locale, stylesheet }: { status: number; locale: Locale; stylesheet: string },
): string {
  const t = translator(locale);
  // An empty href is this very page.
  const way =
    reason === 'away'
      ? `<a class="btn" href="">${t('door.again')}</a>`
      : `<a class="btn" href="/">${t('door.home')}</a>`;
  const title = t(`door.${reason}.title`);
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · Slotwell</title>
<link rel="stylesheet" href="${stylesheet}">
</head>
<body>
<a class="skip" href="#main">${t('door.skip')}</a>
<header class="top wrap"><a class="mark" href="/"><svg viewBox="0 0 26 22" aria-hidden="true"><path class="o" d="M0 22V5.5a3.5 3.5 0 0 1 7 0V22zM19 22V5.5a3.5 3.5 0 0 1 7 0V22z"/><path d="M9.5 22V5.5a3.5 3.5 0 0 1 7 0V22z"/></svg>Slotwell</a></header>
<main id="main" class="wrap"><div class="narrow">
<svg class="doors" viewBox="0 0 26 22" aria-hidden="true"><path d="M0 22V5.5a3.5 3.5 0 0 1 7 0V22zM9.5 22V5.5a3.5 3.5 0 0 1 7 0V22zM19 22V5.5a3.5 3.5 0 0 1 7 0V22z"/></svg>
<h1>${title}</h1>
<p class="lede">${t(`door.${reason}.text`)}</p>
${reason === 'away' ? `<p>${t('door.away.confirm')}</p>\n` : ''}<p class="row">${way} <span class="fine">${t('door.status', { status })}</span></p>
</div></main>
</body>
</html>
`;
}
