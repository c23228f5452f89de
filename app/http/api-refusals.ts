import { problem } from './problem';

/**
 * What the API answers when it does not do what it was asked. The names are the `type` of the problem (`/api#name`,
 * where the page of the API explains it) and stand for good: programs tell refusals apart by them.
 */
export const API_REFUSALS = {
  'invalid-request': {
    status: 400,
    title: 'Something in the request is not as it has to be',
    advice: 'Each entry of `errors` names a field and says what to send. All that is wrong is told at once.',
  },
  'bad-json': {
    status: 400,
    title: 'The body is no JSON',
    advice: 'Send one JSON object in UTF-8.',
  },
  'time-twice': {
    status: 400,
    title: 'Clocks show this time twice on that day',
    advice: 'They are set back then. Send `start`, the instant that is meant, instead of `date` and `startTime`.',
  },
  'time-never': {
    status: 400,
    title: 'Clocks never show this time on that day',
    advice: 'They are set forward then. Send another time, or `start`, the instant that is meant.',
  },
  'token-missing': {
    status: 401,
    title: 'A token is needed here',
    advice: 'Send `Authorization: Bearer` and a token that the mentor has made on the desk.',
  },
  'token-unknown': {
    status: 401,
    title: 'The token is not valid',
    advice: 'It is misspelt, or the mentor has revoked it. Make another one on the desk.',
  },
  'scope-missing': {
    status: 403,
    title: 'The token may not do this',
    advice: 'Make a token with the scope that `detail` names: those of a token never change.',
  },
  'no-such-mentor': {
    status: 404,
    title: 'There is no such mentor or session type',
    advice: 'Names are those in the address of the session type’s page; what is no longer offered is not found.',
  },
  'no-such-booking': {
    status: 404,
    title: 'There is no such booking',
    advice: 'Only bookings of the token’s mentor are found.',
  },
  'slot-taken': {
    status: 409,
    title: 'This time cannot be booked',
    advice: 'It is taken, past or not offered. `nearest` lists free starts around it.',
  },
  'key-used': {
    status: 409,
    title: 'The Idempotency-Key was used for another request',
    advice: 'Send a new key with every new request, and the same key only with the very same one.',
  },
  'booking-begun': {
    status: 409,
    title: 'The session has begun already',
    advice: 'What has begun or is over can no longer be cancelled.',
  },
  'too-many-bookings': {
    status: 429,
    title: 'Too many bookings',
    advice:
      'Per hour 5 attempts of one caller, per day 3 bookings of one email address and 10 with one mentor. `Retry-After` says in how many seconds there is room again.',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    advice:
      'Per minute 300 with one token, and 120 of one caller without. `Retry-After` says in how many seconds there is room again.',
  },
  // What the door refuses before any of this is asked.
  'bad-address': {
    status: 400,
    title: 'The address cannot be read',
    advice: 'Encode it as UTF-8 in percent signs.',
  },
  'foreign-origin': {
    status: 403,
    title: 'The request comes from another site',
    advice: 'Call from a program, not from a page of another site.',
  },
  'no-such-address': {
    status: 404,
    title: 'There is nothing at this address',
    advice: 'The addresses are those on the page /api of this site.',
  },
  'bad-method': {
    status: 405,
    title: 'The method is not allowed',
    advice: '`Allow` lists those that are.',
  },
  'too-large': {
    status: 413,
    title: 'The body is larger than a million bytes',
    advice: 'No request needs so much.',
  },
  'bad-content-type': {
    status: 415,
    title: 'The content type is not taken here',
    advice: 'Send bodies as `application/json`, not compressed.',
  },
  fault: {
    status: 500,
    title: 'Something broke here',
    advice:
      'The operator of this site finds it in the log. Send the request again later, with the same Idempotency-Key.',
  },
  away: {
    status: 503,
    title: 'The database cannot be reached right now',
    advice: 'Send the request again after `Retry-After` seconds, with the same Idempotency-Key.',
  },
} as const satisfies Record<string, { status: number; title: string; advice: string }>;

export type ApiRefusal = keyof typeof API_REFUSALS;

export interface FieldError {
  /** Of a body `hours[0].startTime`, otherwise the name of a parameter or header; '' for the whole. */
  readonly field: string;
  readonly detail: string;
}

/** A refusal as a problem (RFC 9457). `more` are members of its own that its advice explains. */
export function refuse(
  name: ApiRefusal,
  {
    detail,
    errors,
    more,
    headers,
  }: {
    detail?: string | undefined;
    errors?: readonly FieldError[];
    more?: Readonly<Record<string, unknown>>;
    headers?: HeadersInit;
  } = {},
): Response {
  const { status, title, advice } = API_REFUSALS[name];
  return problem(status, title, {
    type: `/api#${name}`,
    detail: detail ?? advice,
    more: { ...(errors ? { errors } : {}), ...more },
    ...(headers ? { headers } : {}),
  });
}

/** 429, with when to come back. */
export const refuseTooMany = (
  name: 'too-many-bookings' | 'too-many-requests',
  retryAfterSeconds: number,
  detail?: string,
): Response => refuse(name, { detail, headers: { 'Retry-After': String(Math.max(1, Math.ceil(retryAfterSeconds))) } });
