import { expect, test } from 'vitest';
import { bookSlot, type BookingRequest } from '~/usecases/bookings/book-slot';
import { cancelBooking } from '~/usecases/bookings/cancel-booking';
import { findBooking } from '~/usecases/bookings/find-booking';
import { findZone } from '~/domain/time/zones';
import { scene, type Scene } from '../support/scene';

const zone = findZone('Asia/Kathmandu') ?? expect.unreachable();

/** A request for min-ji's Monday 2 March 2026, 09:00 in Seoul, changed by `wish`. */
function request(wish: Partial<BookingRequest> = {}): BookingRequest {
  const key = crypto.randomUUID();
  return {
    mentor: { slug: 'min-ji' },
    type: { slug: 'talk' },
    start: Date.parse('2026-03-02T00:00:00Z'),
    name: 'Asha Rai',
    email: `${key}@example.com`,
    timeZone: zone,
    locale: 'en',
    requestKey: key,
    clientAddress: key,
    ...wish,
  };
}

/** The clock stands on Sunday, so that Monday's nine o'clock in Seoul lies ahead. */
const sunday = () => scene({ now: '2026-03-01T00:00:00Z', zone: 'Asia/Seoul' });

async function book(stage: Scene, wish: Partial<BookingRequest> = {}): Promise<string> {
  const outcome = await bookSlot(stage.app, request(wish));
  if (outcome.kind !== 'booked') throw new Error(`not booked: ${outcome.kind}`);
  return outcome.token;
}

test('a booking is written with its messages and its audit row, in four round trips', async () => {
  const stage = await sunday();
  const before = stage.database.roundTrips();
  const outcome = await bookSlot({ ...stage.app, afterwards: () => undefined }, request({ message: 'Hello' }));
  expect(outcome.kind).toBe('booked');
  expect(stage.database.roundTrips() - before).toBeLessThanOrEqual(4);
  const [row] = await stage.database.owner('select * from bookings');
  expect(row).toMatchObject({ status: 'confirmed', name: 'Asha Rai', message: 'Hello', time_zone: 'Asia/Kathmandu' });
  const owed = await stage.database.owner('select type, recipient from booking_notifications order by type, recipient');
  expect(owed.map(({ type, recipient }) => `${String(type)} ${String(recipient)}`)).toEqual([
    'confirmed booker',
    'confirmed mentor',
    'reminder-1h booker',
    'reminder-1h mentor',
  ]);
  const audit = await stage.database.owner('select actor, action, details from audit_log');
  expect(audit).toEqual([{ actor: 'visitor', action: 'booking.confirmed', details: {} }]);
});

test('the private link is stored as a hash only and leads back to the booking', async () => {
  const stage = await sunday();
  const token = await book(stage);
  expect((await findBooking(stage.app, token))?.booking.name).toBe('Asha Rai');
  const rows = await stage.database.owner('select row_to_json(b)::text as all from bookings b');
  expect(String(rows[0]?.all)).not.toContain(token);
});

test('somebody else’s or a wrong token finds nothing', async () => {
  const stage = await sunday();
  const token = await book(stage);
  expect(await findBooking(stage.app, `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`)).toBeNull();
  expect(await findBooking(stage.app, '')).toBeNull();
});

test.each([
  ['in the past', '2026-02-23T00:00:00Z'],
  ['outside the hours', '2026-03-02T10:00:00Z'],
  ['between two starts', '2026-03-02T00:30:00Z'],
  ['on a closed day', '2026-03-07T00:00:00Z'],
  ['beyond the horizon', '2026-09-07T00:00:00Z'],
  ['in the year 9999', '9999-12-31T00:00:00Z'],
  ['in the year 0', '0000-01-01T00:00:00Z'],
])('a start %s is refused, with free times around it', async (_, start) => {
  const stage = await sunday();
  const outcome = await bookSlot(stage.app, request({ start: Date.parse(start) }));
  expect(outcome.kind).toBe('taken');
  expect(await stage.database.owner('select * from bookings')).toEqual([]);
});

test('a taken start is refused and the nearest free ones are offered, soonest first', async () => {
  const stage = await sunday();
  await book(stage);
  const outcome = await bookSlot(stage.app, request());
  expect(outcome).toEqual({
    kind: 'taken',
    nearest: [1, 2, 3, 4, 5, 6].map((hour) => Date.parse('2026-03-02T00:00:00Z') + hour * 3_600_000),
  });
});

test('two hundred at once for one time: one booking, everybody else is refused', async () => {
  const stage = await sunday();
  const outcomes = await Promise.all(Array.from({ length: 200 }, () => bookSlot(stage.app, request())));
  expect(outcomes.filter(({ kind }) => kind === 'booked')).toHaveLength(1);
  expect(outcomes.filter(({ kind }) => kind === 'taken')).toHaveLength(199);
  expect(await stage.database.owner('select 1 from bookings')).toHaveLength(1);
});

test('the same form sent again, even at the same moment, is one booking with one link', async () => {
  const stage = await sunday();
  const same = request();
  const outcomes = await Promise.all([1, 2, 3, 4].map(() => bookSlot(stage.app, same)));
  const again = await bookSlot(stage.app, same);
  expect(new Set([...outcomes, again].map((one) => JSON.stringify(one))).size).toBe(1);
  expect(again.kind).toBe('booked');
  expect(await stage.database.owner('select 1 from bookings')).toHaveLength(1);
});

test('of many posts of one form at the same moment every one leads to the booking, also beyond the attempts', async () => {
  const stage = await sunday();
  const same = request();
  const outcomes = await Promise.all(Array.from({ length: 40 }, () => bookSlot(stage.app, same)));
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['booked']));
  await stage.settled();
  expect(await stage.database.owner('select count(*)::int as n from jobs')).toEqual([{ n: 4 }]);
});

test('the same form still finds its booking when the attempts of the hour are used up', async () => {
  const stage = await sunday();
  const same = request();
  const outcomes = [];
  for (let i = 0; i < 7; i += 1) outcomes.push(await bookSlot(stage.app, same));
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['booked']));
});

test('the sixth attempt of an address within an hour has to wait, and may again when the hour is over', async () => {
  const stage = await sunday();
  const from = { clientAddress: '203.0.113.7' };
  const closed = Date.parse('2026-03-07T00:00:00Z');
  for (let i = 0; i < 5; i += 1)
    expect((await bookSlot(stage.app, request({ ...from, start: closed }))).kind).toBe('taken');
  expect(await bookSlot(stage.app, request(from))).toEqual({
    kind: 'limited',
    limit: 'attempts',
    retryAfterSeconds: 3600,
  });
  stage.at('2026-03-01T01:00:00Z');
  expect((await bookSlot(stage.app, request(from))).kind).toBe('booked');
});

test('a fourth booking of an address of mail within a day has to wait for the first one to be a day old', async () => {
  const stage = await sunday();
  const hour = (n: number) => ({ start: Date.parse('2026-03-02T00:00:00Z') + n * 3_600_000 });
  for (const n of [0, 1, 2]) await book(stage, { email: 'asha@example.com', ...hour(n) });
  const fourth = request({ email: 'ASHA@example.com', ...hour(3) });
  expect(await bookSlot(stage.app, fourth)).toEqual({ kind: 'limited', limit: 'email', retryAfterSeconds: 86_400 });
  expect((await bookSlot(stage.app, request(hour(3)))).kind).toBe('booked');
});

test('three at once by one address of mail with three mentors are counted one after the other', async () => {
  const stage = await sunday();
  for (const slug of ['a', 'b', 'c', 'd', 'e']) await stage.addMentor({ slug });
  const outcomes = await Promise.all(
    ['a', 'b', 'c', 'd', 'e'].map((slug) =>
      bookSlot(stage.app, request({ mentor: { slug }, email: 'asha@example.com' })),
    ),
  );
  expect(outcomes.filter(({ kind }) => kind === 'booked')).toHaveLength(3);
});

test('a mentor is booked at most ten times within a day; a refused attempt costs nobody anything', async () => {
  const stage = await sunday();
  const hours = [0, 1, 2, 3, 4, 5, 6, 7, 24, 25].map((n) => Date.parse('2026-03-02T00:00:00Z') + n * 3_600_000);
  for (const start of hours) {
    await book(stage, { start });
    expect((await bookSlot(stage.app, request({ start }))).kind).toBe('taken');
  }
  const next = request({ start: Date.parse('2026-03-03T02:00:00Z') });
  expect(await bookSlot(stage.app, next)).toMatchObject({ kind: 'limited', limit: 'mentor' });
  stage.at('2026-03-02T00:00:00Z');
  expect((await bookSlot(stage.app, next)).kind).toBe('booked');
});

test('a cancelled time can be booked again, by the same form too', async () => {
  const stage = await sunday();
  const same = request();
  const first = await bookSlot(stage.app, same);
  if (first.kind !== 'booked') throw new Error(first.kind);
  expect(await cancelBooking(stage.app, { kind: 'booker', token: first.token }, 'ill')).toEqual({ kind: 'cancelled' });
  const second = await bookSlot(stage.app, same);
  expect(second.kind).toBe('booked');
  expect(second).not.toEqual(first);
});

test('buffers keep the neighbours away: after the one and before the next', async () => {
  const stage = await scene({
    now: '2026-03-01T00:00:00Z',
    type: { durationMinutes: 60, bufferAfterMinutes: 10, bufferBeforeMinutes: 5, slotStep: '15' },
  });
  await book(stage);
  const at = (text: string) => request({ start: Date.parse(text) });
  expect((await bookSlot(stage.app, at('2026-03-02T01:00:00Z'))).kind).toBe('taken');
  expect((await bookSlot(stage.app, at('2026-03-02T01:15:00Z'))).kind).toBe('booked');
});

test('an unknown mentor or session type is not found', async () => {
  const stage = await sunday();
  expect(await bookSlot(stage.app, request({ mentor: { slug: 'nobody' } }))).toEqual({ kind: 'not-found' });
  expect(await bookSlot(stage.app, request({ type: { slug: 'nothing' } }))).toEqual({ kind: 'not-found' });
});

test('names of any script, emoji and markup are kept as they were written', async () => {
  const stage = await sunday();
  for (const [i, name] of ['محمد بن علي', '👩‍🚀 Zoë', '<b>Bob</b> & "co"', '길'.repeat(100)].entries()) {
    const token = await book(stage, { name, start: Date.parse('2026-03-02T00:00:00Z') + i * 3_600_000 });
    expect((await findBooking(stage.app, token))?.booking.name).toBe(name);
  }
});
