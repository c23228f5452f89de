import { expect, test } from 'vitest';
import type { NotificationType } from '~/domain/notifications/owed';
import { isStillDue } from '~/domain/notifications/still-due';
import { DAY, HOUR } from '~/domain/time/instant';

const startsAt = Date.parse('2026-03-02T00:00:00Z');
const booking = { status: 'confirmed', icalSequence: 2, startsAt, endsAt: startsAt + HOUR } as const;
const due = (
  type: NotificationType,
  now: number,
  changes: Partial<Parameters<typeof isStillDue>[1]> = {},
  sequence = 2,
) => isStillDue({ type, sequence }, { ...booking, ...changes }, now);

test.each([
  ['confirmed', startsAt + HOUR],
  ['rescheduled', startsAt + HOUR],
  ['reminder-24h', startsAt - HOUR],
  ['reminder-1h', startsAt],
] as const)('%s is worth sending of a confirmed booking until its news is old', (type, until) => {
  expect(due(type, until - 1)).toBe(true);
  expect(due(type, until)).toBe(false);
  for (const status of ['pending', 'cancelled', 'completed', 'no_show'] as const)
    expect(due(type, startsAt - DAY, { status })).toBe(false);
});

test('a cancellation is told however late, and only while it is one', () => {
  expect(due('cancelled', startsAt + 30 * DAY, { status: 'cancelled' })).toBe(true);
  for (const status of ['pending', 'confirmed', 'completed', 'no_show'] as const)
    expect(due('cancelled', startsAt - DAY, { status })).toBe(false);
});

test('a message of an earlier or later state of the booking is not sent', () => {
  expect(due('confirmed', startsAt - DAY, {}, 1)).toBe(false);
  expect(due('reminder-1h', startsAt - DAY, {}, 3)).toBe(false);
  expect(due('cancelled', startsAt - DAY, { status: 'cancelled' }, 1)).toBe(false);
});
