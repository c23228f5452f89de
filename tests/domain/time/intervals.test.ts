import fc from 'fast-check';
import { expect, test } from 'vitest';
import { merge } from '~/domain/time/intervals';

test('intervals that overlap or touch become one, empty and reversed ones vanish, the order is ascending', () => {
  expect(
    merge([
      { start: 50, end: 60 },
      { start: 10, end: 20 },
      { start: 20, end: 30 },
      { start: 12, end: 15 },
      { start: 31, end: 31 },
      { start: 45, end: 40 },
      { start: 55, end: 58 },
    ]),
  ).toEqual([
    { start: 10, end: 30 },
    { start: 50, end: 60 },
  ]);
});

test('what is given is left as it was', () => {
  const given = Object.freeze([Object.freeze({ start: 5, end: 9 }), Object.freeze({ start: 1, end: 6 })]);
  expect(merge(given)).toEqual([{ start: 1, end: 9 }]);
  expect(given[0]).toEqual({ start: 5, end: 9 });
});

test('the same moments are covered as before, and merging again changes nothing', () => {
  const interval = fc.record({ start: fc.nat(60), end: fc.nat(60) });
  fc.assert(
    fc.property(fc.array(interval), (intervals) => {
      const merged = merge(intervals);
      for (let moment = 0; moment < 61; moment += 1) {
        const covers = ({ start, end }: { start: number; end: number }) => start <= moment && moment < end;
        expect(merged.some(covers)).toBe(intervals.some(covers));
      }
      for (const [index, { start, end }] of merged.entries()) {
        expect(start).toBeLessThan(end);
        expect(start).toBeGreaterThan(merged[index - 1]?.end ?? -1);
      }
      expect(merge(merged)).toEqual(merged);
    }),
  );
});
