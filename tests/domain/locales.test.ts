import { describe, expect, test } from 'vitest';
import { en } from '~/locales/en';
import { ko } from '~/locales/ko';
import type { Text } from '~/locales/messages';
import { LOCALES, translator } from '~/locales/translator';

const CATALOGUES: Record<(typeof LOCALES)[number], Readonly<Record<string, Text>>> = { en, ko };
const others = LOCALES.filter((locale) => locale !== 'en');

const formsOf = (text: Text | undefined): string[] =>
  text === undefined ? [] : typeof text === 'string' ? [text] : Object.values(text);
const placeholders = (form: string) => [...new Set(form.match(/\{\w+\}/g) ?? [])].sort();

describe.each(others)('%s', (locale) => {
  const catalogue = CATALOGUES[locale];

  test('has every text of English and no other', () => {
    expect(Object.keys(catalogue).sort()).toEqual(Object.keys(en).sort());
  });

  test('fills in what English fills in, in every form', () => {
    const wrong = Object.entries<Text>(en).filter(([key, text]) => {
      // A form for one may say "an hour" instead of "{n} hour"; the form for many says it all.
      const wanted = placeholders(typeof text === 'string' ? text : text.other);
      const given = catalogue[key];
      const whole = placeholders(typeof given === 'string' ? given : (given?.other ?? ''));
      const strays = formsOf(given)
        .flatMap(placeholders)
        .filter((name) => !wanted.includes(name));
      return strays.length > 0 || JSON.stringify(whole) !== JSON.stringify(wanted);
    });
    expect(wrong.map(([key]) => key)).toEqual([]);
  });
});

test('no text is empty, has blanks at its ends, or is left as a placeholder of the first day', () => {
  const bad = Object.entries(CATALOGUES).flatMap(([locale, catalogue]) =>
    Object.entries(catalogue)
      .filter(
        ([key, text]) => /placeholder$/.test(key) || formsOf(text).some((form) => form.trim() !== form || form === ''),
      )
      .map(([key]) => `${locale} ${key}`),
  );
  expect(bad).toEqual([]);
});

/** Names that are the same everywhere. */
const SAME_EVERYWHERE = ['visitor.booking.outlook'];

test('Korean is written in Korean', () => {
  const foreign = Object.entries(ko)
    .filter(([, text]) =>
      formsOf(text).some(
        (form) => /[A-Za-z]{4,}/.test(form.replace(/\{\w+\}/g, '')) && !/\p{Script=Hangul}/u.test(form),
      ),
    )
    .map(([key]) => key);
  expect(foreign.filter((key) => !SAME_EVERYWHERE.includes(key))).toEqual([]);
});

test('plural forms are chosen by the rules of the language', () => {
  const [english, korean] = [translator('en'), translator('ko')];
  expect(english('desk.hours.minutes', { n: 1 })).toBe('1 minute');
  expect(english('desk.hours.minutes', { n: 25 })).toBe('25 minutes');
  expect(korean('desk.hours.minutes', { n: 1 })).toBe('1분');
});
