import { expect, test } from 'vitest';
import { bookedTimes } from '~/domain/bookings/booked-times';

test('a booking lasts its duration and reserves its buffers before and after', () => {
  const at = Date.parse('2026-06-11T01:00Z');
  expect(bookedTimes(at, { durationMinutes: 50, bufferBeforeMinutes: 5, bufferAfterMinutes: 10 })).toEqual({
    startsAt: at,
    endsAt: Date.parse('2026-06-11T01:50Z'),
    reserved: { start: Date.parse('2026-06-11T00:55Z'), end: Date.parse('2026-06-11T02:00Z') },
  });
});
