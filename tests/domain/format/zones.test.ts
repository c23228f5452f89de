import { expect, test } from 'vitest';
import { getZone, ZONE_IDS } from '~/domain/time/zones';
import { citiesByArea, cityOf, minutesAhead, OFFERED_CITIES, zoneNow } from '~/format/zones';

const now = Date.UTC(2026, 5, 9, 6, 5);

test('a zone is called by its city, as the language spells it', () => {
  expect(cityOf(getZone('Asia/Singapore'), 'en')).toBe('Singapore');
  expect(cityOf(getZone('America/Sao_Paulo'), 'en')).toBe('São Paulo');
  expect(cityOf(getZone('America/St_Johns'), 'en')).toBe('St John’s');
  expect(cityOf(getZone('America/Indiana/Knox'), 'en')).toBe('Knox, Indiana');
  expect(cityOf(getZone('America/Argentina/Ushuaia'), 'en')).toBe('Ushuaia');
  expect(cityOf(getZone('Asia/Seoul'), 'ko')).toBe('서울');
  expect(cityOf(getZone('America/Boise'), 'ko')).toBe('Boise');
});

test('the present time of a zone names the weekday only where it is another than the reader’s', () => {
  const singapore = getZone('Asia/Singapore');
  expect(zoneNow(singapore, now, 'en')).toBe('Singapore — 14:05 now');
  expect(zoneNow(getZone('America/Los_Angeles'), now, 'en', singapore)).toBe('Los Angeles — 23:05 now, Monday');
  expect(zoneNow(getZone('Asia/Seoul'), now, 'ko', singapore)).toBe('서울 — 지금 15:05');
});

test('a difference of clocks is that of the day: London and New York are four hours apart in March', () => {
  const [london, newYork] = [getZone('Europe/London'), getZone('America/New_York')];
  expect(minutesAhead(london, newYork, Date.UTC(2026, 0, 15))).toBe(300);
  expect(minutesAhead(london, newYork, Date.UTC(2026, 2, 20))).toBe(240);
  expect(minutesAhead(getZone('Asia/Kathmandu'), getZone('Asia/Singapore'), now)).toBe(-135);
});

test('every zone that can be chosen stands on the page of all cities once, in each language', () => {
  for (const locale of ['en', 'ko'] as const) {
    const listed = citiesByArea(locale).flatMap(({ cities }) => cities);
    const placed = ZONE_IDS.filter((zone) => zone.includes('/') && !zone.startsWith('Etc/'));
    expect(listed.map(({ zone }) => zone).sort()).toEqual([...placed].sort());
    expect(listed.every(({ name }) => name !== '' && !name.includes('_'))).toBe(true);
    expect(OFFERED_CITIES.flatMap(({ zones }) => zones).every((zone) => ZONE_IDS.includes(zone))).toBe(true);
  }
});
