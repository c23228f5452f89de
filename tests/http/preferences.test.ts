import { expect, test } from 'vitest';
import { readPreferences, rememberPreferences } from '~/http/preferences';
import { keeper } from '../support/forms';

const ask = (path: string, headers: Record<string, string> = {}) => new Request(`http://localhost${path}`, { headers });

test('without a choice there is no zone, and the language is what the browser likes best of ours', () => {
  expect(readPreferences(ask('/'))).toEqual({ zone: null, locale: 'en' });
  const localeOf = (accepted: string) => readPreferences(ask('/', { 'Accept-Language': accepted })).locale;
  expect(localeOf('ko-KR,ko;q=0.9,en-US;q=0.8')).toBe('ko');
  expect(localeOf('fr, en;q=0.5, ko;q=0.7')).toBe('ko');
  expect(localeOf('ko;q=0')).toBe('en');
  expect(localeOf('KO')).toBe('ko');
  expect(localeOf('kok, *')).toBe('en');
  expect(localeOf(';q=,;,,q=1;ko;q=abc')).toBe('en');
});

test('what the address asks for wins and is remembered', () => {
  const request = ask('/m/min-ji?tz=asia/kathmandu&lang=ko', {
    Cookie: 'slotwell-zone=Europe%2FParis; slotwell-lang=en',
  });
  expect(readPreferences(request)).toEqual({ zone: 'Asia/Kathmandu', locale: 'ko' });
  const cookies = rememberPreferences(request, keeper).getSetCookie();
  expect(cookies).toHaveLength(2);
  const remembered = cookies.map((cookie) => cookie.split(';')[0]).join('; ');
  expect(readPreferences(ask('/', { Cookie: remembered }))).toEqual({ zone: 'Asia/Kathmandu', locale: 'ko' });
});

test('what nobody knows is passed over and not remembered', () => {
  for (const zone of [
    'Mars/Olympus',
    '',
    'x'.repeat(10_000),
    '%E0%A4%A',
    '../../etc',
    '<script>',
    'Asia/Seoul\r\nSet-Cookie: a=1',
  ]) {
    const request = ask(`/?tz=${encodeURIComponent(zone)}&lang=xx`, { Cookie: 'slotwell-zone=Asia%2FSeoul' });
    expect(readPreferences(request)).toEqual({ zone: 'Asia/Seoul', locale: 'en' });
    expect(rememberPreferences(request, keeper).getSetCookie()).toEqual([]);
  }
  expect(readPreferences(ask('/', { Cookie: 'slotwell-zone=%E0%A4%A; slotwell-lang=__proto__' })).zone).toBeNull();
});
