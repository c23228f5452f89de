import fc from 'fast-check';
import { expect, test } from 'vitest';
import { notificationsFor, type BookingEvent } from '~/domain/notifications/owed';
import { DAY, HOUR, MINUTE } from '~/domain/time/instant';

const now = Date.parse('2026-03-02T00:00:00Z');
const told = (event: BookingEvent, startsAt: number, sequence = 0) =>
  notificationsFor(event, { startsAt, sequence }, now).map(
    ({ type, recipient, dueAt }) => `${type} to ${recipient} at ${new Date(dueAt).toISOString().slice(5, 16)}`,
  );

test('a booking a week ahead: both are told at once and reminded a day and an hour before', () => {
  expect(told('confirmed', now + 7 * DAY)).toEqual([
    'confirmed to booker at 03-02T00:00',
    'confirmed to mentor at 03-02T00:00',
    'reminder-24h to booker at 03-08T00:00',
    'reminder-24h to mentor at 03-08T00:00',
    'reminder-1h to booker at 03-08T23:00',
    'reminder-1h to mentor at 03-08T23:00',
  ]);
});

test('a reminder that would fall before now, or just now, is not owed', () => {
  expect(told('confirmed', now + DAY)).toEqual([
    'confirmed to booker at 03-02T00:00',
    'confirmed to mentor at 03-02T00:00',
    'reminder-1h to booker at 03-02T23:00',
    'reminder-1h to mentor at 03-02T23:00',
  ]);
  expect(told('rescheduled', now + HOUR - MINUTE)).toEqual([
    'rescheduled to booker at 03-02T00:00',
    'rescheduled to mentor at 03-02T00:00',
  ]);
  expect(told('confirmed', now + DAY + 1)).toHaveLength(6);
});

test('after a move both are reminded of the new time', () => {
  const reminders = told('rescheduled', now + 7 * DAY).filter((one) => one.startsWith('reminder'));
  expect(reminders).toEqual([
    'reminder-24h to booker at 03-08T00:00',
    'reminder-24h to mentor at 03-08T00:00',
    'reminder-1h to booker at 03-08T23:00',
    'reminder-1h to mentor at 03-08T23:00',
  ]);
});

test('a cancellation is told to both and reminds of nothing', () => {
  expect(told('cancelled', now + 7 * DAY)).toEqual([
    'cancelled to booker at 03-02T00:00',
    'cancelled to mentor at 03-02T00:00',
  ]);
});

test('every message carries the sequence of the booking that it speaks of, and no two are the same', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<BookingEvent>('confirmed', 'rescheduled', 'cancelled'),
      fc.integer({ min: -10 * DAY, max: 10 * DAY }),
      fc.nat(9),
      (event, ahead, sequence) => {
        const owed = notificationsFor(event, { startsAt: now + ahead, sequence }, now);
        expect(owed.every((one) => one.sequence === sequence && one.dueAt >= now)).toBe(true);
        expect(new Set(owed.map((one) => `${one.type} ${one.channel} ${one.recipient}`)).size).toBe(owed.length);
      },
    ),
  );
});
