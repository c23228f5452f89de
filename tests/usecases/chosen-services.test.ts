import { expect, test } from 'vitest';
import { compose, type Platform } from '~/compose';
import type { Mail } from '~/services/mail/mail';
import type { Outbox } from '~/services/mail/outbox';
import { TEST_VARIABLES } from '../support/scene';

const RESEND = { RESEND_API_KEY: 're_123' };
const QSTASH = {
  QSTASH_TOKEN: 'token',
  QSTASH_CURRENT_SIGNING_KEY: 'sig_current',
  QSTASH_NEXT_SIGNING_KEY: 'sig_next',
};
const send = () => Promise.reject(new Error('nothing is sent here'));
const smtp: Mail = { send };
const outbox: Outbox = { send, entries: () => [] };
const never = () => Promise.reject(new Error('nothing is asked here'));

const composed = (variables: Record<string, string>, { mail, scheduler }: Pick<Platform, 'mail' | 'scheduler'>) =>
  compose(
    { ...TEST_VARIABLES, ...variables },
    {
      wire: { batch: never, transaction: never, end: () => Promise.resolve() },
      clock: () => 0,
      waitUntil: () => undefined,
      mail,
      scheduler,
    },
  );
const scheduler = { onEnqueued: () => undefined };

test('mail: a server of the machine goes before Resend, Resend before the outbox', () => {
  expect(composed(RESEND, { mail: smtp, scheduler })).toMatchObject({ mail: smtp, outbox: null });
  expect(composed({}, { mail: { outbox }, scheduler })).toMatchObject({ mail: outbox, outbox });
  for (const mail of [{ outbox }, null]) {
    const app = composed(RESEND, { mail, scheduler });
    expect(app.outbox).toBeNull();
    expect(app.mail).not.toBe(outbox);
  }
  expect(() => composed({}, { mail: null, scheduler })).toThrow(/^RESEND_API_KEY: is needed/);
});

test('jobs: with a scheduler of the machine QStash is not asked; without one it is needed', () => {
  expect(composed(QSTASH, { mail: smtp, scheduler }).jobs.reach).toBeNull();
  expect(composed(QSTASH, { mail: smtp, scheduler: null }).jobs.reach).toBeGreaterThan(0);
  expect(() => composed({}, { mail: null, scheduler: null })).toThrow(
    /RESEND_API_KEY.*\nQSTASH_TOKEN.*\nQSTASH_CURRENT_SIGNING_KEY.*\nQSTASH_NEXT_SIGNING_KEY/,
  );
});
