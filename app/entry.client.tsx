import { RemixBrowser } from '@remix-run/react';
import { startTransition } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { LOCALES } from './locales/translator';
import { AnswerContext } from './ui/answer';

// Only pages whose handle says `hydrate` load this.
startTransition(() => {
  // As the server has written it, so that both render the same.
  const locale = LOCALES.find((one) => one === document.documentElement.lang) ?? 'en';
  hydrateRoot(
    document,
    <AnswerContext.Provider value={{ locale }}>
      <RemixBrowser />
    </AnswerContext.Provider>,
  );
});
