export interface Mailbox {
  readonly name?: string;
  readonly address: string;
}

export interface Message {
  readonly to: Mailbox;
  readonly replyTo?: Mailbox;
  /** Shown as the sender; the address is always the site's own. */
  readonly fromName?: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Sent as text/calendar alternative and as file; `method` equals the METHOD inside. */
  readonly invitation?: { readonly method: 'REQUEST' | 'CANCEL'; readonly content: string };
  /** The same key is the same message: sent again it has one effect where the provider can keep that promise. */
  readonly idempotencyKey: string;
}

export interface Mail {
  /** Hands a message over; resolves when the provider has taken it. Throws ServiceError. */
  send(message: Message): Promise<{ readonly providerId: string }>;
}
