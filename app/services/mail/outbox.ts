import type { Instant } from '~/domain/time/instant';
import type { Mail, Message } from './mail';

export interface OutboxEntry {
  readonly id: string;
  readonly at: Instant;
  readonly message: Message;
}

/** Mail of a machine without a mail service: kept to be read, newest first. */
export interface Outbox extends Mail {
  entries(): readonly OutboxEntry[];
}
