import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser, type AddressObject } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Mail, Mailbox, Message } from '~/services/mail/mail';
import { localOutbox } from '~/services/mail/outbox.node';
import { resendMail, type ResendSettings } from '~/services/mail/resend';
import { type ServiceError } from '~/services/service-error';
import { findSmtpSettings, smtpMail, type SmtpSettings } from '~/services/mail/smtp.node';
import { mailboxOf, startResendService, type ReceivedMail, type ResendFault } from '../support/resend-service';

/** What arrived, as its reader sees it. */
interface Arrived {
  to: { name: string; address: string };
  replyTo: { name: string; address: string } | undefined;
  subject: string;
  text: string;
  html: string;
  invitation: { method: string; content: string } | undefined;
}

interface Provider {
  mail: Mail;
  arrived(): Promise<Arrived[]>;
}

const PROVIDERS: Record<string, () => Promise<Provider>> = {
  async 'the local outbox'() {
    const outbox = localOutbox({ folder: freshFolder(), clock: () => 0, print: () => undefined });
    const named = (box: Mailbox) => ({ name: box.name ?? '', address: box.address });
    return {
      mail: outbox,
      arrived: async () =>
        outbox.entries().map(({ message: { to, replyTo, subject, text, html, invitation } }) => ({
          to: named(to),
          replyTo: replyTo && named(replyTo),
          subject,
          text,
          html,
          invitation,
        })),
    };
  },
  async SMTP() {
    const server = await smtpServer();
    return { mail: smtpMail(server.settings), arrived: () => Promise.all(server.taken.map(parsed)) };
  },
  async Resend() {
    const { service, mail } = await resend();
    return { mail, arrived: async () => service.mails.map(readAsItsReader) };
  },
};

const message: Message = {
  to: { name: 'Mina Park', address: 'mina@example.com' },
  replyTo: { name: 'Min-ji Kwon', address: 'minji@example.com' },
  fromName: 'Min-ji Kwon',
  subject: 'Confirmed: Thursday 11 June, 09:00',
  text: 'See you Thursday.\n\nYour link: https://slotwell.example/b/token\n',
  html: '<p>See you <b>Thursday</b>.</p>',
  idempotencyKey: 'notification:1',
};

describe.each(Object.entries(PROVIDERS))('%s', (_, open) => {
  test('a message arrives as it was written', async () => {
    const { mail, arrived } = await open();
    const { providerId } = await mail.send(message);
    expect(providerId).not.toBe('');
    const { to, replyTo, subject, text, html } = message;
    expect(await arrived()).toEqual([{ to, replyTo, subject, text, html, invitation: undefined }]);
  });

  test('an invitation arrives with its method', async () => {
    const { mail, arrived } = await open();
    const content = 'BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nSUMMARY:커피 한 잔\r\nEND:VCALENDAR\r\n';
    await mail.send({ ...message, invitation: { method: 'CANCEL', content } });
    expect((await arrived())[0]?.invitation).toEqual({ method: 'CANCEL', content });
  });

  test.each([
    ['CRLF and a header', 'Mina\r\nBcc: evil@example.net'],
    ['a lone CR', 'Mina\rBcc: evil@example.net'],
    ['quotes and an address', '"Mina" <evil@example.net>, "x'],
    ['emoji', '👩🏽‍💻 Mina 🧑‍🤝‍🧑'],
    ['right-to-left', 'מינה פארק'],
    ['a hundred characters', '민'.repeat(100)],
    ['NUL and an escape', 'Mi\0na\x1b[31m'],
  ])('%s in every text reaches the one reader and nobody else', async (_case, text) => {
    const { mail, arrived } = await open();
    await mail.send({
      ...message,
      to: { name: text, address: 'mina@example.com' },
      replyTo: { name: text, address: 'minji@example.com' },
      fromName: text,
      subject: text,
      text: `${text}\n`,
    });
    const all = await arrived();
    expect(all).toHaveLength(1);
    expect(all[0]?.to.address).toBe('mina@example.com');
    expect(all[0]?.replyTo?.address).toBe('minji@example.com');
    expect(all[0]?.subject).toBe(text.replace(/\p{Cc}+/gu, ' ').trim());
  });

  test.each([
    'a@example.com, b@example.com',
    'x@example.com\r\nRCPT TO:<evil@example.net>',
    'Mina <mina@example.com>',
    'group:a@example.com;',
    'mina',
    '',
  ])('the address %j is not one address: refused for good, nothing leaves', async (address) => {
    const { mail, arrived } = await open();
    await expect(mail.send({ ...message, to: { address } })).rejects.toMatchObject({
      name: 'ServiceError',
      remedy: 'give-up',
    });
    await expect(mail.send({ ...message, replyTo: { address } })).rejects.toMatchObject({ remedy: 'give-up' });
    expect(await arrived()).toEqual([]);
  });

  test('the same key, sent again, gets the same id', async () => {
    const { mail } = await open();
    const first = await mail.send(message);
    expect(await mail.send(message)).toEqual(first);
    expect(await mail.send({ ...message, idempotencyKey: 'notification:2' })).not.toEqual(first);
  });
});

test('the outbox survives a restart, newest first, and keeps a repeated message once', async () => {
  const folder = freshFolder();
  let now = 1_000;
  const open = (keep = 200) => localOutbox({ folder, clock: () => (now += 1), print: () => undefined, keep });
  const first = open();
  for (const key of ['a', 'b', 'c', 'b']) await first.send({ ...message, idempotencyKey: key, subject: key });
  writeFileSync(join(folder, 'torn.json'), '{"id":"x"');
  writeFileSync(join(folder, 'strange.json'), '{"id":"x"}');
  const again = open(3);
  expect(again.entries().map((one) => one.message.subject)).toEqual(['c', 'b', 'a']);
  expect(again.entries()).toEqual(first.entries());

  await again.send({ ...message, idempotencyKey: 'd', subject: 'd' });
  expect(again.entries().map((one) => one.message.subject)).toEqual(['d', 'c', 'b']);
  expect(
    open()
      .entries()
      .map((one) => one.message.subject),
  ).toEqual(['d', 'c', 'b']);
});

test('what the outbox keeps is for its owner only, and the terminal hears who, what and the link', async () => {
  const folder = freshFolder();
  const heard: string[] = [];
  const outbox = localOutbox({ folder: join(folder, 'outbox'), clock: () => 0, print: (text) => heard.push(text) });
  // A link within somebody's words is not ours.
  const text = 'With: https://evil.example\n\nMove or cancel:\nhttps://slotwell.example/b/token\n';
  await outbox.send({ ...message, text, subject: 'Hello\x1b[2J\r\nagain' });
  expect(heard).toEqual(['Mail to mina@example.com: Hello [2J again\n  https://slotwell.example/b/token']);
  expect(statSync(join(folder, 'outbox')).mode & 0o777).toBe(0o700);
  const [file] = readdirSync(join(folder, 'outbox'));
  expect(statSync(join(folder, 'outbox', file ?? '')).mode & 0o777).toBe(0o600);
});

test('what the outbox cannot read is passed over with one line; whatever it makes and finds is named', async () => {
  const folder = join(freshFolder(), 'outbox');
  for (const name of ['a.json', 'b.json']) mkdirSync(join(folder, name), { recursive: true });
  const heard: string[] = [];
  const made: string[] = [];
  const outbox = localOutbox({
    folder,
    clock: () => 0,
    print: (text) => heard.push(text),
    onMade: (path) => made.push(path),
  });
  expect(heard).toEqual([`${folder}: 2 of 2 messages cannot be read and are passed over.`]);
  expect(made).toEqual([folder, join(folder, 'a.json'), join(folder, 'b.json')]);
  const { providerId } = await outbox.send(message);
  expect(made.at(-1)).toBe(join(folder, `${providerId}.json.part`));
  expect(outbox.entries()).toHaveLength(1);
  // A file where the folder should be.
  const taken = join(freshFolder(), 'outbox');
  writeFileSync(taken, '');
  expect(() => localOutbox({ folder: taken, clock: () => 0, print: () => undefined })).toThrow(/outbox cannot be used/);
});

test('an outbox whose disk takes no more says so, and takes the message later', async () => {
  const folder = freshFolder();
  const outbox = localOutbox({ folder, clock: () => 0, print: () => undefined });
  rmSync(folder, { recursive: true });
  await expect(outbox.send(message)).rejects.toMatchObject({ name: 'ServiceError', remedy: 'retry' });
  expect(outbox.entries()).toEqual([]);
});

test('SMTP: the invitation stands in the alternative with its method, and as a file beside it', async () => {
  const server = await smtpServer();
  const content = 'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n';
  await smtpMail(server.settings).send({ ...message, invitation: { method: 'REQUEST', content } });
  const raw = server.taken[0]?.raw ?? '';
  const structure = [...raw.matchAll(/^Content-Type: ([^;\r\n]+)(?:;[ \r\n\t]*(method|name)=([^;\r\n]+))?/gim)];
  expect(structure.map((match) => match[1])).toEqual([
    'multipart/mixed',
    'multipart/alternative',
    'text/plain',
    'text/html',
    'text/calendar',
    'application/ics',
  ]);
  expect(raw).toMatch(/Content-Type: text\/calendar; charset=utf-8; method=REQUEST/i);
  expect(raw).toMatch(/filename="?invite\.ics/);
});

test('SMTP: sender is the site under the given name; the same message has the same Message-ID', async () => {
  const server = await smtpServer();
  const mail = smtpMail(server.settings);
  await mail.send(message);
  await mail.send(message);
  const [first, second] = await Promise.all(server.taken.map(({ raw }) => simpleParser(raw)));
  expect(first?.from?.value).toEqual([{ name: 'Min-ji Kwon', address: 'bookings@slotwell.example' }]);
  expect(server.taken[0]?.from).toBe('bookings@slotwell.example');
  expect(first?.messageId).toBe('<notification-1@slotwell.example>');
  expect(second?.messageId).toBe(first?.messageId);
  expect(first?.headers.get('auto-submitted')).toBe('auto-generated');
  expect(first?.headers.get('resend-idempotency-key')).toBe('notification:1');
});

const answering = (responseCode: number) => Object.assign(new Error('no'), { responseCode });

test.each<[string, Partial<SMTPServerOptions>, ServiceError['remedy']]>([
  ['the recipient for good', { onRcptTo: (_a, _s, done) => done(answering(550)) }, 'give-up'],
  ['the recipient for now', { onRcptTo: (_a, _s, done) => done(answering(450)) }, 'retry'],
  ['the sender for good', { onMailFrom: (_a, _s, done) => done(answering(553)) }, 'give-up'],
  [
    'the content for good',
    { onData: (stream, _s, done) => stream.resume().on('end', () => done(answering(554))) },
    'give-up',
  ],
  [
    'the content for now',
    { onData: (stream, _s, done) => stream.resume().on('end', () => done(answering(451))) },
    'retry',
  ],
  ['any connection for now', { onConnect: (_s, done) => done(answering(421)) }, 'retry'],
])('SMTP: a server that refuses %s', async (_, options, remedy) => {
  const server = await smtpServer(options);
  await expect(smtpMail(server.settings).send(message)).rejects.toMatchObject({ name: 'ServiceError', remedy });
});

test('SMTP: the login is used; a wrong one waits for a person', async () => {
  const server = await smtpServer({
    authOptional: false,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _s, done) =>
      username === 'slotwell' && password === 'right' ? done(null, { user: username }) : done(answering(535)),
  });
  await smtpMail({ ...server.settings, login: { user: 'slotwell', pass: 'right' } }).send(message);
  expect(server.taken).toHaveLength(1);
  const wrong = smtpMail({ ...server.settings, login: { user: 'slotwell', pass: 'wrong' } });
  await expect(wrong.send(message)).rejects.toMatchObject({ remedy: 'reconnect' });
});

test('SMTP: nobody listens, or a server that never speaks: to be tried again, soon enough', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
  const { port } = silent.address() as AddressInfo;
  const settings = { host: '127.0.0.1', port, from: 'bookings@slotwell.example' };
  await expect(smtpMail(settings, { sendingMs: 100 }).send(message)).rejects.toMatchObject({ remedy: 'retry' });
  await new Promise((closed) => silent.close(closed));
  await expect(smtpMail(settings).send(message)).rejects.toMatchObject({ name: 'ServiceError', remedy: 'retry' });
});

test('SMTP settings come from the environment, or their faults do, by name and never by value', () => {
  const EMAIL_FROM = 'bookings@slotwell.example';
  expect(findSmtpSettings({ EMAIL_FROM })).toBeNull();
  expect(findSmtpSettings({ EMAIL_FROM, SMTP_HOST: '' })).toBeNull();
  expect(findSmtpSettings({ EMAIL_FROM, SMTP_HOST: 'mail.example' })).toEqual({
    host: 'mail.example',
    port: 587,
    from: EMAIL_FROM,
  });
  const all = { EMAIL_FROM, SMTP_HOST: 'mail.example', SMTP_PORT: '465', SMTP_USER: 'u', SMTP_PASS: 'p' };
  expect(findSmtpSettings(all)).toMatchObject({ port: 465, login: { user: 'u', pass: 'p' } });
  expect(() => findSmtpSettings({ ...all, SMTP_PORT: 'secret-port' })).toThrow(/^SMTP_PORT: (?!.*secret)/);
  expect(() => findSmtpSettings({ ...all, SMTP_PASS: '' })).toThrow('SMTP_USER: goes together with SMTP_PASS');
  expect(() => findSmtpSettings({ ...all, EMAIL_FROM: undefined })).toThrow('EMAIL_FROM');
});

test('Resend: sender is the site under the given name, and no machine is to answer', async () => {
  const { service, mail } = await resend();
  await mail.send(message);
  await mail.send({ ...message, idempotencyKey: 'notification:2', fromName: 'Dr. Kwon, "Min-ji"' });
  const { fromName: _, ...unnamed } = message;
  await mail.send({ ...unnamed, idempotencyKey: 'notification:3' });
  expect(service.mails.map(({ from }) => from)).toEqual([
    'Min-ji Kwon <bookings@slotwell.example>',
    '"Dr. Kwon, Min-ji" <bookings@slotwell.example>',
    'Slotwell <bookings@slotwell.example>',
  ]);
  expect(service.mails[0]?.headers).toEqual({ 'Auto-Submitted': 'auto-generated' });
});

test('Resend: the invitation is a file whose content type has the method, in UTF-8', async () => {
  const { service, mail } = await resend();
  const content = `BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:커피 👩🏽‍💻\r\n${'X-LONG:민\r\n'.repeat(20_000)}END:VCALENDAR\r\n`;
  await mail.send({ ...message, invitation: { method: 'REQUEST', content } });
  expect(service.mails[0]?.attachments).toEqual([
    {
      filename: 'invite.ics',
      contentType: 'text/calendar; charset=utf-8; method=REQUEST',
      content: Buffer.from(content),
    },
  ]);
});

test('Resend: a message whose answer was lost is sent once, however often it is tried within a day', async () => {
  const clock = { now: Date.parse('2026-03-02T00:00:00Z') };
  const { service, mail } = await resend({ clock: () => clock.now });
  service.fault = 'cut';
  await expect(mail.send(message)).rejects.toMatchObject({ name: 'ServiceError', remedy: 'retry' });
  service.fault = null;
  clock.now += 23 * 3_600_000;
  const { providerId } = await mail.send(message);
  expect(service.mails.map(({ id }) => id)).toEqual([providerId]);
  await expect(mail.send({ ...message, subject: 'Another' })).rejects.toMatchObject({ remedy: 'give-up' });
  clock.now += 3_600_000;
  await mail.send(message);
  expect(service.mails).toHaveLength(2);
});

const told = (statusCode: number, name: string, headers: Record<string, string> = {}) => ({
  status: statusCode,
  body: JSON.stringify({ statusCode, name, message: 'mina@example.com is not welcome' }),
  headers,
});

test.each<[string, ResendFault, ServiceError['remedy'], number | undefined]>([
  ['a wrong key', told(403, 'invalid_api_key'), 'reconnect', undefined],
  ['a restricted key', told(401, 'restricted_api_key'), 'reconnect', undefined],
  ['a domain that is not verified', told(403, 'validation_error'), 'reconnect', undefined],
  ['a field', told(422, 'invalid_parameter'), 'give-up', undefined],
  ['a request', told(400, 'validation_error'), 'give-up', undefined],
  ['a key that another try is using', told(409, 'concurrent_idempotent_requests'), 'retry', undefined],
  ['a key that another mail has', told(409, 'invalid_idempotent_request'), 'give-up', undefined],
  ['the pace', told(429, 'rate_limit_exceeded', { 'Retry-After': '2' }), 'retry', 2],
  ['the pace, in another notation', told(429, 'rate_limit_exceeded', { 'Retry-After': '0.5' }), 'retry', 1],
  ['the pace, without saying until when', told(429, 'rate_limit_exceeded'), 'retry', undefined],
  ['the day’s quota', told(429, 'daily_quota_exceeded'), 'retry', 3_600],
  ['the month’s quota', told(429, 'monthly_quota_exceeded', { 'Retry-After': '7200' }), 'retry', 7_200],
  ['with a fault of its own', told(500, 'application_error'), 'retry', undefined],
  ['being away', told(503, 'service_unavailable', { 'Retry-After': 'soon' }), 'retry', undefined],
  ['with a page', { status: 502, body: '<h1>Bad gateway</h1>' }, 'retry', undefined],
  ['with nothing', { status: 500, body: 'null' }, 'retry', undefined],
  ['with a text', { status: 500, body: '"mina@example.com"' }, 'retry', undefined],
  ['in words that are not JSON, under 200', { status: 200, body: 'ok' }, 'retry', undefined],
  ['without an id, under 200', { status: 200, body: '{}' }, 'retry', undefined],
])('Resend refuses %s', async (_, fault, remedy, retryAfterSeconds) => {
  const { service, mail } = await resend();
  service.fault = fault;
  const error = await mail.send(message).then(
    () => expect.unreachable(),
    (reason: unknown) => reason as ServiceError,
  );
  expect(error).toMatchObject({ name: 'ServiceError', remedy, retryAfterSeconds });
  // It is kept with the message and shown to the administrator.
  expect(error.message).toMatch(/^Resend (\d{3}|gave no answer) [a-z_]+$/);
});

test('Resend: a refused key is told as such; nobody listens, or nobody answers: to be tried again, soon enough', async () => {
  const { service } = await resend();
  const { url } = service;
  const sending = (settings: Partial<ResendSettings>, sendingMs = 10_000) =>
    resendMail({ apiKey: service.apiKey, from: 'bookings@slotwell.example', baseUrl: url, ...settings }, { sendingMs })
      .send(message)
      .then(
        () => expect.unreachable(),
        (error: unknown) => (error as ServiceError).remedy,
      );
  expect(await sending({ apiKey: 're_wrong' })).toBe('reconnect');
  expect(await sending({ baseUrl: 'http://127.0.0.1:1' })).toBe('retry');
  service.fault = 'silence';
  expect(await sending({}, 100)).toBe('retry');
  expect(service.mails).toEqual([]);
});

async function resend(options: { clock?: () => number } = {}) {
  const service = await startResendService(options);
  onTestFinished(() => service.close());
  const { url: baseUrl, apiKey } = service;
  return { service, mail: resendMail({ apiKey, from: 'bookings@slotwell.example', baseUrl }) };
}

/** What Resend makes of what it took. */
function readAsItsReader({ to, replyTo, subject, text, html, attachments }: ReceivedMail): Arrived {
  const [reader, ...others] = to.map(mailboxOf);
  if (reader === undefined || others.length > 0 || replyTo.length > 1) throw new Error('several addresses');
  const calendar = attachments.find(({ contentType }) => contentType.startsWith('text/calendar'));
  return {
    to: reader,
    replyTo: replyTo[0] === undefined ? undefined : mailboxOf(replyTo[0]),
    subject,
    text,
    html,
    invitation: calendar && {
      method: /method=(\w+)/.exec(calendar.contentType)?.[1] ?? '',
      content: calendar.content.toString('utf8'),
    },
  };
}

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'slotwell-outbox-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

interface Taken {
  from: string;
  to: string[];
  raw: string;
}

/** A real SMTP server on this machine; `options` are how it differs from one that takes everything. */
async function smtpServer(
  options: Partial<SMTPServerOptions> = {},
): Promise<{ settings: SmtpSettings; taken: Taken[] }> {
  const taken: Taken[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, { envelope }, done) {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => {
        taken.push({
          from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
          to: envelope.rcptTo.map((one) => one.address),
          raw: Buffer.concat(pieces).toString('utf8'),
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', () => listening()));
  onTestFinished(() => new Promise<void>((closed) => server.close(() => closed())));
  const { port } = server.server.address() as AddressInfo;
  return { settings: { host: '127.0.0.1', port, from: 'bookings@slotwell.example' }, taken };
}

async function parsed({ to, raw }: Taken): Promise<Arrived> {
  const mail = await simpleParser(raw);
  const first = (header: AddressObject | AddressObject[] | undefined) => {
    const boxes = [header ?? []].flat().flatMap((one) => one.value);
    const box = boxes[0];
    if (boxes.length > 1) throw new Error('several addresses');
    return box && { name: box.name, address: box.address ?? '' };
  };
  const named = first(mail.to);
  // Whom it reached, not whom it names.
  if (named === undefined || to.length !== 1 || named.address !== to[0]) throw new Error('reached somebody else');
  const calendar = mail.attachments.find((one) => one.contentType === 'text/calendar');
  const method = /text\/calendar;[^\r\n]*method=(\w+)/i.exec(raw)?.[1] ?? '';
  return {
    to: named,
    replyTo: first(mail.replyTo),
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html || '',
    invitation: calendar && { method, content: calendar.content.toString('utf8') },
  };
}
