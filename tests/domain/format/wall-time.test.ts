import fc from 'fast-check';
import { expect, test } from 'vitest';
import { getZone } from '~/domain/time/zones';
import { instantText, timeTexts } from '~/format/wall-time';

const MINUTE = 60_000;

test.each([
  ['Asia/Kathmandu', '2026-06-10T18:15:00Z', '2026-06-11T00:00:00+05:45'],
  ['America/St_Johns', '2026-06-11T02:29:59Z', '2026-06-10T23:59:59-02:30'],
  ['UTC', '2026-06-11T00:00:00Z', '2026-06-11T00:00:00+00:00'],
  ['Pacific/Kiritimati', '2026-12-31T10:00:00Z', '2027-01-01T00:00:00+14:00'],
])('clocks of %s at %s', (zone, instant, wall) => {
  const at = Date.parse(instant);
  const texts = timeTexts(getZone(zone), at, at);
  expect([texts.instant(at), texts.wall(at)]).toEqual([instant, wall]);
});

test('an hour that comes twice is told apart by its offset', () => {
  const [first, second] = [Date.parse('2026-11-01T03:30:00Z'), Date.parse('2026-11-01T04:30:00Z')];
  const { wall } = timeTexts(getZone('America/St_Johns'), first, second);
  expect([wall(first), wall(second)]).toEqual(['2026-11-01T01:00:00-02:30', '2026-11-01T01:00:00-03:30']);
});

test('both texts name the very instant, in any order', () => {
  const minute = fc.integer({ min: 0, max: Date.UTC(2037, 0, 1) / MINUTE }).map((minutes) => minutes * MINUTE);
  const zone = fc.constantFrom('Australia/Lord_Howe', 'America/St_Johns', 'Asia/Kathmandu', 'Africa/Casablanca');
  fc.assert(
    fc.property(zone, fc.array(minute, { minLength: 1, maxLength: 5 }), (name, instants) => {
      const texts = timeTexts(getZone(name), Math.min(...instants), Math.max(...instants));
      for (const instant of instants) {
        expect(Date.parse(texts.wall(instant))).toBe(instant);
        expect(texts.instant(instant)).toBe(instantText(instant));
      }
    }),
  );
});
