import { describe, expect, test } from 'vitest';
import { mayStillChange, statusAfter, type BookingChange, type BookingStatus } from '~/domain/bookings/transitions';

const allowed: readonly [BookingStatus, BookingChange, BookingStatus][] = [
  ['pending', 'confirm', 'confirmed'],
  ['pending', 'move', 'pending'],
  ['pending', 'cancel', 'cancelled'],
  ['confirmed', 'move', 'confirmed'],
  ['confirmed', 'cancel', 'cancelled'],
  ['confirmed', 'complete', 'completed'],
  ['confirmed', 'miss', 'no_show'],
];

describe('the status of a booking', () => {
  test.each(allowed)('%s, by %s, becomes %s', (status, change, after) => {
    expect(statusAfter(status, change)).toBe(after);
  });

  const statuses: readonly BookingStatus[] = ['pending', 'confirmed', 'cancelled', 'completed', 'no_show'];
  const changes: readonly BookingChange[] = ['confirm', 'move', 'cancel', 'complete', 'miss'];
  const refused = statuses
    .flatMap((status) => changes.map((change) => [status, change] as const))
    .filter(([status, change]) => !allowed.some(([from, by]) => from === status && by === change));
  test.each(refused)('%s stays as it is, whatever asks to %s', (status, change) => {
    expect(statusAfter(status, change)).toBeNull();
  });
});

describe('moving and cancelling', () => {
  const now = Date.parse('2026-06-11T09:00Z');

  test('are for what has not begun', () => {
    expect(mayStillChange({ status: 'confirmed', startsAt: now + 1 }, 'move', now)).toBe(true);
    expect(mayStillChange({ status: 'confirmed', startsAt: now }, 'cancel', now)).toBe(false);
    expect(mayStillChange({ status: 'confirmed', startsAt: now - 1 }, 'move', now)).toBe(false);
  });

  test('are not for what is cancelled or over', () => {
    expect(mayStillChange({ status: 'cancelled', startsAt: now + 1 }, 'move', now)).toBe(false);
    expect(mayStillChange({ status: 'no_show', startsAt: now + 1 }, 'cancel', now)).toBe(false);
  });
});
