import { expect, test } from 'vitest';
import { joinTouching, runsOfDays, type SpecialDay } from '~/domain/availability/special-days';
import { getLocalDate } from '~/domain/time/local-date';

const day = (date: string, ranges: SpecialDay['ranges'] = [], reason: string | null = null): SpecialDay => ({
  date: getLocalDate(date),
  ranges,
  reason,
});
const names = (days: readonly SpecialDay[]) => runsOfDays(days).map(({ from, until }) => `${from}..${until}`);
const morning = { start: 540, end: 720 };
const evening = { start: 1080, end: 1200 };

test('days in a row that are alike are one, over the end of a month too', () => {
  expect(runsOfDays([day('2026-06-29'), day('2026-06-30'), day('2026-07-01')])).toEqual([
    { from: '2026-06-29', until: '2026-07-01', ranges: [], reason: null },
  ]);
});

test('a gap, another reason or other hours begin a new run', () => {
  expect(names([day('2026-06-01'), day('2026-06-03')])).toHaveLength(2);
  expect(names([day('2026-06-01', [], 'rest'), day('2026-06-02', [], 'work')])).toHaveLength(2);
  expect(names([day('2026-06-01', [morning]), day('2026-06-02', [evening])])).toHaveLength(2);
  expect(names([day('2026-06-01', [morning]), day('2026-06-02', [morning, evening])])).toHaveLength(2);
  expect(names([day('2026-06-01', [{ start: 540, end: 700 }]), day('2026-06-02', [morning])])).toHaveLength(2);
  expect(names([day('2026-06-01', [{ start: 500, end: 720 }]), day('2026-06-02', [morning])])).toHaveLength(2);
  expect(names([day('2026-06-01', [morning, evening]), day('2026-06-02', [morning, evening])])).toEqual([
    '2026-06-01..2026-06-02',
  ]);
});

test('no days are no runs', () => expect(runsOfDays([])).toEqual([]));

test('ranges that touch are joined, in whatever order they were written', () => {
  expect(joinTouching([{ start: 720, end: 780 }, morning, evening, { start: 1200, end: 1440 }])).toEqual([
    { start: 540, end: 780 },
    { start: 1080, end: 1440 },
  ]);
  expect(joinTouching([morning, { start: 721, end: 780 }])).toHaveLength(2);
  expect(joinTouching([])).toEqual([]);
});
