import { expect, test } from 'vitest';
import { bookSlot } from '~/usecases/bookings/book-slot';
import { cancelBooking } from '~/usecases/bookings/cancel-booking';
import { findBooking } from '~/usecases/bookings/find-booking';
import { rescheduleBooking } from '~/usecases/bookings/reschedule-booking';
import { findZone } from '~/domain/time/zones';
import { scene, type Scene } from '../support/scene';

const zone = findZone('America/St_Johns') ?? expect.unreachable();
const nine = Date.parse('2026-03-02T00:00:00Z');
const HOUR = 3_600_000;

async function booked(stage: Scene, start = nine): Promise<string> {
  const key = crypto.randomUUID();
  const outcome = await bookSlot(stage.app, {
    mentor: { slug: 'min-ji' },
    type: { slug: 'talk' },
    start,
    name: 'Asha Rai',
    email: `${key}@example.com`,
    timeZone: zone,
    locale: 'en',
    requestKey: key,
    clientAddress: key,
  });
  if (outcome.kind !== 'booked') throw new Error(outcome.kind);
  return outcome.token;
}

const sunday = () => scene({ now: '2026-02-28T00:00:00Z', zone: 'Asia/Seoul' });

const messages = (stage: Scene) =>
  stage.database.owner(
    `select type, sequence, withdrawn_at is not null as withdrawn from booking_notifications
     where recipient = 'booker' order by sequence, type`,
  );

test('a move keeps row, link and UID, raises the sequence and replaces the reminders', async () => {
  const stage = await sunday();
  const token = await booked(stage);
  const before = await findBooking(stage.app, token);
  expect(await rescheduleBooking(stage.app, token, nine + 3 * HOUR)).toEqual({ kind: 'moved' });
  const after = await findBooking(stage.app, token);
  expect(after?.booking).toMatchObject({
    id: before?.booking.id,
    icalUid: before?.booking.icalUid,
    icalSequence: 1,
    startsAt: nine + 3 * HOUR,
    endsAt: nine + 4 * HOUR,
  });
  expect(await messages(stage)).toEqual([
    { type: 'confirmed', sequence: 0, withdrawn: true },
    { type: 'reminder-1h', sequence: 0, withdrawn: true },
    { type: 'reminder-24h', sequence: 0, withdrawn: true },
    { type: 'reminder-1h', sequence: 1, withdrawn: false },
    { type: 'reminder-24h', sequence: 1, withdrawn: false },
    { type: 'rescheduled', sequence: 1, withdrawn: false },
  ]);
});

test('a booking may move by less than its own length: its own time does not stand in its way', async () => {
  const stage = await scene({ now: '2026-02-28T00:00:00Z', type: { slotStep: '15' } });
  const token = await booked(stage);
  expect(await rescheduleBooking(stage.app, token, nine + HOUR / 4)).toEqual({ kind: 'moved' });
});

test('the old time is free after a move', async () => {
  const stage = await sunday();
  const token = await booked(stage);
  await rescheduleBooking(stage.app, token, nine + HOUR);
  await booked(stage, nine);
});

test('when the new time is lost the old one stands, and others are offered', async () => {
  const stage = await sunday();
  const token = await booked(stage);
  await booked(stage, nine + HOUR);
  const outcome = await rescheduleBooking(stage.app, token, nine + HOUR);
  expect(outcome.kind).toBe('taken');
  expect((await findBooking(stage.app, token))?.booking).toMatchObject({ startsAt: nine, icalSequence: 0 });
});

test('two bookings race for one new time: one moves, the other stays where it was', async () => {
  const stage = await sunday();
  const tokens = [await booked(stage), await booked(stage, nine + HOUR)];
  const outcomes = await Promise.all(tokens.map((token) => rescheduleBooking(stage.app, token, nine + 4 * HOUR)));
  expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['moved', 'taken']);
});

test('moving to where it already is changes nothing and tells nobody', async () => {
  const stage = await sunday();
  const token = await booked(stage);
  expect(await rescheduleBooking(stage.app, token, nine)).toEqual({ kind: 'unchanged' });
  expect((await findBooking(stage.app, token))?.booking.icalSequence).toBe(0);
});

test('the eleventh move of a booking within a day has to wait; other bookings need not', async () => {
  const stage = await sunday();
  const [token, other] = [await booked(stage), await booked(stage, nine + 7 * HOUR)];
  for (let i = 1; i <= 10; i += 1)
    expect(await rescheduleBooking(stage.app, token, nine + (i % 5) * HOUR)).toMatchObject({ kind: 'moved' });
  expect(await rescheduleBooking(stage.app, token, nine + HOUR)).toEqual({
    kind: 'limited',
    retryAfterSeconds: 86_400,
  });
  expect((await findBooking(stage.app, token))?.booking).toMatchObject({ startsAt: nine, icalSequence: 10 });
  expect(await rescheduleBooking(stage.app, other, nine + 6 * HOUR)).toEqual({ kind: 'moved' });
});

test('a cancellation frees the time, raises the sequence, tells both and is kept with its reason', async () => {
  const stage = await sunday();
  const token = await booked(stage);
  expect(await cancelBooking(stage.app, { kind: 'booker', token }, 'Ill in bed')).toEqual({ kind: 'cancelled' });
  expect(await cancelBooking(stage.app, { kind: 'booker', token })).toEqual({ kind: 'cancelled' });
  const found = await findBooking(stage.app, token);
  expect(found?.booking).toMatchObject({
    status: 'cancelled',
    icalSequence: 1,
    cancelledBy: 'booker',
    cancellationReason: 'Ill in bed',
  });
  expect(found).toMatchObject({ mayMove: false, mayCancel: false });
  await booked(stage);
});

test('a mentor cancels their own bookings and nobody else’s', async () => {
  const stage = await sunday();
  const other = await stage.addMentor({ slug: 'other' });
  const token = await booked(stage);
  const bookingId = (await findBooking(stage.app, token))?.booking.id ?? '';
  expect(await cancelBooking(stage.app, { kind: 'mentor', mentorId: other.id, bookingId })).toEqual({
    kind: 'not-found',
  });
  expect(await cancelBooking(stage.app, { kind: 'mentor', mentorId: stage.mentor.id, bookingId }, 'Travel')).toEqual({
    kind: 'cancelled',
  });
  expect((await findBooking(stage.app, token))?.booking.cancelledBy).toBe('mentor');
});

test('what has begun, or is cancelled, neither moves nor can be cancelled', async () => {
  const stage = await sunday();
  const begun = await booked(stage);
  const gone = await booked(stage, nine + HOUR);
  await cancelBooking(stage.app, { kind: 'booker', token: gone });
  stage.at(nine);
  expect(await rescheduleBooking(stage.app, begun, nine + 5 * HOUR)).toEqual({ kind: 'settled' });
  expect(await cancelBooking(stage.app, { kind: 'booker', token: begun })).toEqual({ kind: 'settled' });
  expect(await rescheduleBooking(stage.app, gone, nine + 5 * HOUR)).toEqual({ kind: 'settled' });
});

test('a link that nobody has neither moves nor cancels anything', async () => {
  const stage = await sunday();
  await booked(stage);
  expect(await rescheduleBooking(stage.app, 'x', nine + HOUR)).toEqual({ kind: 'not-found' });
  expect(await cancelBooking(stage.app, { kind: 'booker', token: 'x' })).toEqual({ kind: 'not-found' });
  expect(await stage.database.owner(`select status from bookings`)).toEqual([{ status: 'confirmed' }]);
});
