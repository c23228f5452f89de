/**
 * What every outside service raises: sorted by what the caller does about it, never by vendor code.
 * - retry: may work later (after `retryAfterSeconds`, when the service said so)
 * - reconnect: a person has to give access again
 * - give-up: the same call will never work
 */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';

  constructor(
    readonly remedy: 'retry' | 'reconnect' | 'give-up',
    message: string,
    options: { cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  readonly retryAfterSeconds: number | undefined;
}

/**
 * By name, not by class: a provider that only one home has is bundled with its entry, and brings a class of its own.
 */
export const isServiceError = (error: unknown): error is ServiceError =>
  error instanceof Error && error.name === 'ServiceError';
