import { expect, test } from 'vitest';
import type { App } from '~/context';
import { DAY, HOUR, MINUTE, type Instant } from '~/domain/time/instant';
import { findZone } from '~/domain/time/zones';
import { bookSlot } from '~/usecases/bookings/book-slot';
import { cancelBooking } from '~/usecases/bookings/cancel-booking';
import { sweepNotifications } from '~/usecases/notifications/sweep-notifications';
import { scene, type Scene } from '../support/scene';

const NOW = Date.parse('2026-03-01T00:00:00Z');
/** Wednesday nine o'clock in Seoul, 31 days ahead. */
const START = Date.parse('2026-04-01T00:00:00Z');
const REACH = 7 * DAY;

/** Jobs that can be enqueued no further ahead than QStash allows. */
async function stageWithReach() {
  const stage = await scene({ now: new Date(NOW).toISOString() });
  const app: App = { ...stage.app, jobs: { ...stage.app.jobs, reach: REACH } };
  return { ...stage, app };
}

async function book({ app, mentor, settled }: Scene, start: Instant): Promise<string> {
  const outcome = await bookSlot(app, {
    mentor: { slug: mentor.slug },
    type: { slug: mentor.typeSlug },
    start,
    name: 'Asha Rai',
    email: 'asha@people.example',
    timeZone: findZone('Asia/Kathmandu') ?? expect.unreachable(),
    locale: 'en',
    requestKey: crypto.randomUUID(),
    clientAddress: '203.0.113.7',
  });
  await settled();
  return outcome.kind === 'booked' ? outcome.token : expect.unreachable();
}

/** When the jobs that were enqueued are due, soonest first. Nobody makes them here. */
const enqueued = async ({ database }: Scene) =>
  (await database.owner(`select run_at from jobs where name = 'notification' order by run_at`)).map(({ run_at }) =>
    Number(run_at),
  );
const waiting = async ({ database }: Scene) =>
  (await database.owner('select due_at from booking_notifications where enqueued_at is null')).length;

test('reminders beyond the reach of jobs wait in the table until a sweep can enqueue them, each once', async () => {
  const stage = await stageWithReach();
  await book(stage, START);
  expect(await enqueued(stage)).toEqual([NOW, NOW]);
  expect(await waiting(stage)).toBe(4);

  const reminders = async () => (await enqueued(stage)).filter((runAt) => runAt > NOW);
  for (const moment of [NOW, START - DAY - REACH - 1]) {
    stage.at(moment);
    await sweepNotifications(stage.app);
    expect(await waiting(stage)).toBe(4);
  }
  stage.at(START - DAY - REACH);
  await sweepNotifications(stage.app);
  expect(await reminders()).toEqual([START - DAY, START - DAY]);
  stage.at(START - HOUR - REACH);
  await Promise.all([sweepNotifications(stage.app), sweepNotifications(stage.app)]);
  expect(await reminders()).toEqual([START - DAY, START - DAY, START - HOUR, START - HOUR]);
  stage.at(START - HOUR - REACH + 5 * MINUTE);
  await sweepNotifications(stage.app);
  expect(await reminders()).toHaveLength(4);
  expect(await waiting(stage)).toBe(0);
});

test('what the reach holds at once is enqueued at once', async () => {
  const stage = await stageWithReach();
  // Thursday, four days ahead.
  await book(stage, Date.parse('2026-03-05T00:00:00Z'));
  expect(await enqueued(stage)).toHaveLength(6);
  expect(await waiting(stage)).toBe(0);
});

test('far-off reminders of many bookings do not stand in the way of a message that was forgotten', async () => {
  const stage = await stageWithReach();
  await book(stage, START);
  const [{ id } = {}] = await stage.database.owner('select id from bookings');
  await stage.database.owner(
    `insert into booking_notifications (id, booking_id, type, channel, recipient, sequence, due_at, created_at)
     select gen_random_uuid(), $1, 'reminder-24h', 'mail', 'booker', n, $2, $2 from generate_series(1, 600) n`,
    [id, new Date(START)],
  );
  await stage.database.owner('update booking_notifications set enqueued_at = null where due_at <= $1', [new Date(NOW)]);
  await stage.database.owner('delete from jobs');
  await sweepNotifications(stage.app);
  expect(await enqueued(stage)).toEqual([NOW, NOW]);
});

test('the reminders of a cancelled booking are never enqueued', async () => {
  const stage = await stageWithReach();
  const token = await book(stage, START);
  await cancelBooking(stage.app, { kind: 'booker', token });
  await stage.settled();
  stage.at(START - DAY - REACH);
  await sweepNotifications(stage.app);
  expect((await enqueued(stage)).filter((runAt) => runAt > NOW)).toEqual([]);
});
