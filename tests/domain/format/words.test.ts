import { expect, test } from 'vitest';
import { languageList } from '~/format/languages';
import { price } from '~/format/money';
import { callName, firstWord, initialsOf, nameIn, unbreakable } from '~/format/names';

const minJi = { name: 'Min-ji Kwon', nativeName: '권민지', nativeNameLang: 'ko' };
const tomas = { name: 'Tomás Ferreira', nativeName: null, nativeNameLang: null };

test('amounts have no empty decimals and keep those that say something', () => {
  expect(price(3000, 'USD', 'en')).toBe('$30');
  expect(price(1250, 'USD', 'en')).toBe('$12.50');
  expect(price(123_456_700, 'USD', 'en')).toBe('$1,234,567');
  expect(price(30_000, 'KRW', 'ko')).toBe('₩30,000');
  expect(price(30_000, 'KWD', 'en')).toMatch(/30$/);
});

test('people are called as the language does', () => {
  expect([nameIn(minJi, 'en'), callName(minJi, 'en')]).toEqual(['Min-ji Kwon', 'Min-ji']);
  expect([nameIn(minJi, 'ko'), callName(minJi, 'ko')]).toEqual(['권민지', '권민지 님']);
  expect([nameIn(tomas, 'ko'), callName(tomas, 'ko')]).toEqual(['Tomás Ferreira', 'Tomás Ferreira 님']);
  expect(firstWord('  محمد بن عبد الله ')).toBe('محمد');
});

test('initials are whole letters, one for a single name', () => {
  expect([initialsOf('Hyun-woo Seo'), initialsOf('Cher'), initialsOf('𠮷野 家')]).toEqual(['HS', 'C', '𠮷家']);
});

test('hyphened names are marked as unbreakable, the rest of the text is left', () => {
  expect(unbreakable('Min-ji Kwon')).toEqual([
    { text: 'Min-ji', whole: true },
    { text: ' Kwon', whole: false },
  ]);
  expect(unbreakable('Cher')).toEqual([{ text: 'Cher', whole: false }]);
});

test('languages are named in the reader’s, and a tag that is none stands as it is', () => {
  expect(languageList(['ko', 'en'], 'en')).toBe('Korean and English');
  expect(languageList(['ko', 'en'], 'ko')).toBe('한국어 및 영어');
  expect(languageList(['not a tag'], 'en')).toBe('not a tag');
});
