import { createContext, useContext, type ReactNode } from 'react';
import { translator, type Locale, type Translator } from '~/locales/translator';

interface Words {
  readonly locale: Locale;
  readonly t: Translator;
}

const Context = createContext<Words>({ locale: 'en', t: translator('en') });

/** Gives every component below it the page's language. */
export function WordsProvider({ locale, children }: { locale: Locale; children: ReactNode }) {
  return <Context.Provider value={{ locale, t: translator(locale) }}>{children}</Context.Provider>;
}

/** The page's language and its texts. */
export const useWords = (): Words => useContext(Context);

const PLACE = /\{(\w+)\}/;

/**
 * A text with elements in its places: `<Phrase text={t(key, { name: '{name}' })} parts={{ name: <PersonName … /> }} />`.
 * The order of words stays the language's own, and no text is cut up in markup.
 */
export function Phrase({ text, parts }: { text: string; parts: Readonly<Record<string, ReactNode>> }) {
  const pieces = text.split(PLACE);
  return (
    <>
      {pieces.map((piece, i) => (
        <Piece key={i}>{i % 2 === 1 ? parts[piece] : piece}</Piece>
      ))}
    </>
  );
}

const Piece = ({ children }: { children: ReactNode }) => <>{children}</>;

/** This page's address in another language: the same, and asks for it. */
export function addressIn({ pathname, search }: { pathname: string; search: string }, locale: Locale): string {
  const query = new URLSearchParams(search);
  query.set('lang', locale);
  return `${pathname}?${query}`;
}
