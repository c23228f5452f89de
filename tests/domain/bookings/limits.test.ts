import { expect, test } from 'vitest';
import { BOOKINGS_PER_DAY, limitedUntil } from '~/domain/bookings/limits';
import { DAY, MINUTE } from '~/domain/time/instant';

const now = Date.parse('2026-06-11T09:00Z');
const ago = (minutes: number) => now - minutes * MINUTE;

test('an email may book three times a day, a mentor be booked ten times', () => {
  expect(BOOKINGS_PER_DAY).toEqual({ email: 3, mentor: 10 });
});

test('as long as fewer were made within a day, one more may be', () => {
  expect(limitedUntil([], 3, now)).toBeNull();
  expect(limitedUntil([ago(1), ago(2)], 3, now)).toBeNull();
});

test('the limit holds until the first of those that fill it is a day old', () => {
  expect(limitedUntil([ago(1), ago(2), ago(30)], 3, now)).toBe(ago(30) + DAY);
  expect(limitedUntil([ago(1), ago(2), ago(30), ago(40)], 3, now)).toBe(ago(30) + DAY);
});

test('bookings made a day ago or earlier do not count', () => {
  expect(limitedUntil([ago(1), ago(2), now - DAY], 3, now)).toBeNull();
  expect(limitedUntil([ago(1), ago(2), now - DAY + 1], 3, now)).toBe(now + 1);
});
