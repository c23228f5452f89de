import type { Locale } from '~/locales/translator';

export interface PersonName {
  readonly name: string;
  readonly nativeName: string | null;
  /** BCP 47 tag of the native name. */
  readonly nativeNameLang: string | null;
}

/** The name as the page's language writes it: the native one where they are the same language. */
export const nameIn = (person: PersonName, locale: Locale): string =>
  person.nativeName !== null && person.nativeNameLang === locale ? person.nativeName : person.name;

/**
 * How the page speaks of someone: 'Min-ji', '권민지 님'. English takes the given name, the first word; Korean
 * the whole name with 님, as strangers are called.
 */
export function callName(person: PersonName, locale: Locale): string {
  const name = nameIn(person, locale);
  return locale === 'ko' ? `${name} 님` : firstWord(name);
}

/** The first word of a name; the whole one when it has no spaces. */
export const firstWord = (name: string): string => name.trim().split(/\s+/u)[0] ?? '';

/** One or two letters that stand for a portrait: first and last word's. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/u);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => firstLetter(word ?? ''));
  return letters.join('').toLocaleUpperCase();
}

/** By code point, so that an emoji or a rare Han character is not cut in half. */
const firstLetter = (word: string): string => Array.from(word)[0] ?? '';

/** Pieces of a text; those whose hyphen must not break ('Min-ji') are marked. */
export const unbreakable = (text: string): readonly { readonly text: string; readonly whole: boolean }[] =>
  text
    .split(/(\p{L}+(?:-\p{L}+)+)/u)
    .map((piece, i) => ({ text: piece, whole: i % 2 === 1 }))
    .filter((piece) => piece.text !== '');
