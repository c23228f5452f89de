import ICAL from 'ical.js';
import { expect, test } from 'vitest';
import type { App } from '~/context';
import { findZone } from '~/domain/time/zones';
import type { Mail, Message } from '~/services/mail/mail';
import { ServiceError } from '~/services/service-error';
import { bookSlot } from '~/usecases/bookings/book-slot';
import { cancelBooking } from '~/usecases/bookings/cancel-booking';
import { rescheduleBooking } from '~/usecases/bookings/reschedule-booking';
import { sendNotification } from '~/usecases/notifications/send-notification';
import { scene, type Scene } from '../support/scene';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Monday 9:00 in Seoul. */
const nine = Date.parse('2026-03-02T00:00:00Z');

async function booked(changes: { name?: string; message?: string; locale?: string } = {}) {
  const stage = await scene({ now: '2026-02-27T00:00:00Z', zone: 'Asia/Seoul' });
  const outcome = await bookSlot(stage.app, {
    mentor: { slug: 'min-ji' },
    type: { slug: 'talk' },
    start: nine,
    name: 'Asha Rai',
    email: 'asha@example.com',
    timeZone: findZone('Asia/Kathmandu') ?? expect.unreachable(),
    locale: 'en',
    requestKey: 'request',
    clientAddress: '192.0.2.1',
    ...changes,
  });
  await stage.settled();
  if (outcome.kind !== 'booked') throw new Error(outcome.kind);
  return { stage, token: outcome.token };
}

interface Row {
  id: string;
  type: string;
  recipient: string;
  sequence: number;
  attempts: number;
  error: string | null;
  sent_at: Date | null;
  failed_at: Date | null;
  withdrawn_at: Date | null;
  provider_id: string | null;
}

const rows = async (stage: Scene) =>
  (await stage.database.owner(
    'select * from booking_notifications order by sequence, due_at, type, recipient',
  )) as unknown as Row[];

async function row(stage: Scene, type: string, recipient = 'booker', sequence?: number): Promise<Row> {
  const found = (await rows(stage)).find(
    (one) => one.type === type && one.recipient === recipient && (sequence ?? one.sequence) === one.sequence,
  );
  return found ?? expect.unreachable(`no ${type} for ${recipient}`);
}

const send = async (stage: Scene, type: string, recipient = 'booker', app: App = stage.app) =>
  sendNotification(app, (await row(stage, type, recipient)).id);

/** The same application with another mail service. */
const mailingBy = (stage: Scene, service: Mail['send']): App => ({ ...stage.app, mail: { send: service } });

const property = (message: Message | undefined, name: string) => {
  const calendar = new ICAL.Component(ICAL.parse(message?.invitation?.content ?? '') as unknown[]);
  return String(
    calendar.getFirstSubcomponent('vevent')?.getFirstPropertyValue(name) ?? calendar.getFirstPropertyValue(name),
  );
};

test('a booking is confirmed to both, each in their time, the private link to the booker alone', async () => {
  const { stage, token } = await booked({ message: 'About promotion.' });
  expect(await send(stage, 'confirmed', 'booker')).toEqual({ kind: 'sent' });
  expect(await send(stage, 'confirmed', 'mentor')).toEqual({ kind: 'sent' });
  const [toBooker, toMentor] = stage.sent;
  expect(toBooker).toMatchObject({
    to: { name: 'Asha Rai', address: 'asha@example.com' },
    replyTo: { name: 'Min-ji Kwon', address: 'min-ji@mentors.example' },
    fromName: 'Min-ji Kwon',
    subject: 'Confirmed: Mon 2 March, 05:45 with Min-ji Kwon',
  });
  expect(toBooker?.text).toContain(`\nhttp://localhost:3000/b/${token}\n`);
  expect(toMentor).toMatchObject({
    to: { name: 'Min-ji Kwon', address: 'min-ji@mentors.example' },
    replyTo: { name: 'Asha Rai', address: 'asha@example.com' },
    subject: 'New booking: Mon 2 March, 09:00, Asha Rai',
  });
  expect(toMentor?.fromName).toBeUndefined();
  expect(toMentor?.text).toContain('> About promotion.');
  expect(JSON.stringify(toMentor)).not.toContain(token);
  expect(await row(stage, 'confirmed')).toMatchObject({ attempts: 1, error: null, failed_at: null });
  expect((await row(stage, 'confirmed')).provider_id).not.toBeNull();
});

test('the invitations of one booking keep their UID, and their sequence rises with the move and the cancellation', async () => {
  const { stage, token } = await booked();
  await send(stage, 'confirmed');
  await rescheduleBooking(stage.app, token, nine + 3 * HOUR);
  await send(stage, 'rescheduled');
  await cancelBooking(stage.app, { kind: 'booker', token });
  await send(stage, 'cancelled');
  const seen = stage.sent.map((message) => [
    message.invitation?.method,
    property(message, 'method'),
    property(message, 'sequence'),
    property(message, 'status'),
    property(message, 'dtstart'),
    property(message, 'organizer').toLowerCase(),
    property(message, 'attendee'),
  ]);
  const people = ['mailto:bookings@slotwell.example', 'mailto:asha@example.com'];
  expect(seen).toEqual([
    ['REQUEST', 'REQUEST', '0', 'CONFIRMED', '2026-03-02T00:00:00Z', ...people],
    ['REQUEST', 'REQUEST', '1', 'CONFIRMED', '2026-03-02T03:00:00Z', ...people],
    ['CANCEL', 'CANCEL', '2', 'CANCELLED', '2026-03-02T03:00:00Z', ...people],
  ]);
  expect(new Set(stage.sent.map((message) => property(message, 'uid'))).size).toBe(1);
});

test('a cancellation tells the other party the reason', async () => {
  const { stage, token } = await booked();
  await cancelBooking(stage.app, { kind: 'booker', token }, 'My train is late.');
  await send(stage, 'cancelled', 'mentor');
  expect(stage.sent[0]?.text).toMatch(/^Asha Rai cancelled your session\n/);
  expect(stage.sent[0]?.text).toContain('> My train is late.');
});

test('a booker who books in Korean is written to in Korean', async () => {
  const { stage } = await booked({ locale: 'ko-KR' });
  await send(stage, 'confirmed');
  expect(stage.sent[0]?.subject).toBe('예약 확정: 3월 2일 (월) 05:45, Min-ji Kwon 님');
});

test('reminders go out at their time, without an invitation', async () => {
  const { stage } = await booked();
  await expect(send(stage, 'reminder-24h')).rejects.toMatchObject({ remedy: 'retry', retryAfterSeconds: 2 * 86_400 });
  expect(stage.sent).toEqual([]);
  stage.at(nine - DAY);
  expect(await send(stage, 'reminder-24h')).toEqual({ kind: 'sent' });
  stage.at(nine - HOUR);
  expect(await send(stage, 'reminder-1h', 'mentor')).toEqual({ kind: 'sent' });
  expect(stage.sent.map(({ subject, invitation }) => [subject, invitation])).toEqual([
    ['Reminder: Mon 2 March, 05:45 with Min-ji Kwon', undefined],
    ['Reminder: Mon 2 March, 09:00 with Asha Rai', undefined],
  ]);
});

test.each([
  ['the day’s reminder, when the hour’s is due', 'reminder-24h', nine - HOUR],
  ['the hour’s reminder, when the session has begun', 'reminder-1h', nine],
  ['the confirmation, when the session is over', 'confirmed', nine + HOUR],
])('too late for %s: it is withdrawn', async (_, type, now) => {
  const { stage } = await booked();
  stage.at(now);
  expect(await send(stage, type)).toEqual({ kind: 'withdrawn' });
  expect(stage.sent).toEqual([]);
  expect((await row(stage, type)).withdrawn_at).toEqual(new Date(now));
});

test('called twice, a message is sent once; withdrawn, it is not sent; unknown, it is no fault', async () => {
  const { stage, token } = await booked();
  expect(await send(stage, 'confirmed')).toEqual({ kind: 'sent' });
  expect(await send(stage, 'confirmed')).toEqual({ kind: 'settled' });
  await rescheduleBooking(stage.app, token, nine + 3 * HOUR);
  stage.at(nine - HOUR);
  const old = await row(stage, 'reminder-1h', 'booker', 0);
  expect(await sendNotification(stage.app, old.id)).toEqual({ kind: 'settled' });
  expect(await sendNotification(stage.app, crypto.randomUUID())).toEqual({ kind: 'settled' });
  expect(stage.sent).toHaveLength(1);
});

test('two callbacks at once: one sends, the other comes back later and finds it done', async () => {
  const { stage } = await booked();
  const { id } = await row(stage, 'confirmed');
  let sends = 0;
  let second: Promise<unknown> = Promise.resolve();
  const app: App = mailingBy(stage, async () => {
    sends += 1;
    second = sendNotification(app, id).catch((error: unknown) => error);
    await second;
    return { providerId: 'x' };
  });
  expect(await sendNotification(app, id)).toEqual({ kind: 'sent' });
  expect(await second).toMatchObject({ remedy: 'retry' });
  expect(await sendNotification(app, id)).toEqual({ kind: 'settled' });
  expect(sends).toBe(1);
});

test('a booking can be cancelled while its confirmation is just being sent, and both are told', async () => {
  const { stage, token } = await booked();
  const app = mailingBy(stage, async () => {
    await cancelBooking(stage.app, { kind: 'booker', token });
    return { providerId: 'x' };
  });
  expect(await send(stage, 'confirmed', 'booker', app)).toEqual({ kind: 'sent' });
  expect(await row(stage, 'confirmed')).toMatchObject({ withdrawn_at: null, provider_id: 'x' });
  expect((await row(stage, 'confirmed', 'mentor')).withdrawn_at).not.toBeNull();
  expect(await send(stage, 'cancelled')).toEqual({ kind: 'sent' });
});

test('one that was being sent when the booking changed, in vain, is not tried again', async () => {
  const { stage, token } = await booked();
  const app = mailingBy(stage, async () => {
    await cancelBooking(stage.app, { kind: 'booker', token });
    throw new ServiceError('retry', 'later');
  });
  await expect(send(stage, 'confirmed', 'booker', app)).rejects.toMatchObject({ remedy: 'retry' });
  expect(await send(stage, 'confirmed')).toEqual({ kind: 'withdrawn' });
  expect(stage.sent).toEqual([]);
});

test('killed between sending and noting it, the same message goes out again under the same key', async () => {
  const { stage } = await booked();
  const keys: string[] = [];
  const messages: Message[] = [];
  const deadly = mailingBy(stage, async (message) => {
    keys.push(message.idempotencyKey);
    messages.push(message);
    await stage.database.owner(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
    );
    return { providerId: 'x' };
  });
  await expect(send(stage, 'confirmed', 'booker', deadly)).rejects.toThrow();
  expect(await row(stage, 'confirmed')).toMatchObject({ sent_at: null, attempts: 0 });
  stage.at('2026-02-27T00:20:00Z');
  expect(await send(stage, 'confirmed')).toEqual({ kind: 'sent' });
  expect(stage.sent[0]).toEqual(messages[0]);
  expect(keys).toEqual([stage.sent[0]?.idempotencyKey]);
});

test('a service that is away is tried again later; every attempt is on record', async () => {
  const { stage } = await booked();
  const away = mailingBy(stage, () => Promise.reject(new ServiceError('retry', 'SMTP ETIMEDOUT')));
  for (const attempts of [1, 2]) {
    await expect(send(stage, 'confirmed', 'booker', away)).rejects.toMatchObject({ name: 'ServiceError' });
    expect(await row(stage, 'confirmed')).toMatchObject({ attempts, error: 'SMTP ETIMEDOUT', failed_at: null });
  }
  expect(await send(stage, 'confirmed')).toEqual({ kind: 'sent' });
  expect(await row(stage, 'confirmed')).toMatchObject({ attempts: 3, error: null });
});

test('what will never work is given up at once, what did not work eighty times at last', async () => {
  const { stage } = await booked();
  // The class of another bundle: providers of one home come with their own.
  const refused = Object.assign(new Error('SMTP EENVELOPE 550'), { name: 'ServiceError', remedy: 'give-up' });
  const refusing = mailingBy(stage, () => Promise.reject(refused));
  expect(await send(stage, 'confirmed', 'booker', refusing)).toEqual({ kind: 'failed' });
  expect(await row(stage, 'confirmed')).toMatchObject({ attempts: 1, error: 'SMTP EENVELOPE 550' });
  expect((await row(stage, 'confirmed')).failed_at).not.toBeNull();
  expect(await send(stage, 'confirmed')).toEqual({ kind: 'settled' });

  await stage.database.owner(`update booking_notifications set attempts = 79 where recipient = 'mentor'`);
  const away = mailingBy(stage, () => Promise.reject(new ServiceError('reconnect', 'SMTP EAUTH 535')));
  expect(await send(stage, 'confirmed', 'mentor', away)).toEqual({ kind: 'failed' });
});

test('a fault of ours rises, and only its name is kept', async () => {
  const { stage } = await booked();
  const broken = mailingBy(stage, () => Promise.reject(new TypeError('asha@example.com is undefined')));
  await expect(send(stage, 'confirmed', 'booker', broken)).rejects.toThrow(TypeError);
  expect(await row(stage, 'confirmed')).toMatchObject({ attempts: 1, error: 'TypeError' });
});

test('a booker whose link was made with a secret of the past is told all but the link', async () => {
  const { stage, token } = await booked();
  const app: App = {
    ...stage.app,
    config: { ...stage.app.config, secrets: ['another-secret-that-is-long-enough-012345'] },
  };
  expect(await send(stage, 'confirmed', 'booker', app)).toEqual({ kind: 'sent' });
  expect(JSON.stringify(stage.sent)).not.toContain(token);
  expect(stage.sent[0]?.text).toContain('You are booked with Min-ji');
});

test('a name that tries to inject lines of mail and calendar stays a name', async () => {
  const name = 'Asha\r\nBcc: evil@example.net\r\nATTENDEE:mailto:evil@example.net "x" 👩🏽‍💻 \u202eמינה';
  const { stage } = await booked({ name, message: 'a\r\n.\r\nMAIL FROM:<evil@example.net>' });
  await send(stage, 'confirmed', 'booker');
  await send(stage, 'confirmed', 'mentor');
  for (const message of stage.sent) {
    expect(message.subject).not.toMatch(/[\r\n\u202e]/);
    const component = new ICAL.Component(ICAL.parse(message.invitation?.content ?? '') as unknown[]);
    expect(component.getFirstSubcomponent('vevent')?.getAllProperties('attendee')).toHaveLength(1);
    expect(property(message, 'attendee')).toBe(`mailto:${message.to.address}`);
    expect(message.text).not.toMatch(/^(Bcc|ATTENDEE|MAIL FROM)/m);
  }
});
