import type { z } from 'zod';
import type { ApiScope } from '~/domain/accounts/scopes';
import { availabilityAnswer, availabilityQuery, hoursAnswer, hoursBody } from './availability';
import {
  bookingBody,
  bookingCancelled,
  bookingMade,
  bookingsPage,
  bookingsQuery,
  cancellationBody,
  cancellationParams,
} from './bookings';

/** A success of an operation. */
interface Answer {
  readonly status: number;
  readonly description: string;
  /** Null for an answer without a body. */
  readonly body: z.ZodType | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Operation {
  readonly id: string;
  readonly method: 'get' | 'post' | 'delete';
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  /** What a token has to be allowed; null where none is needed. */
  readonly scope: ApiScope | null;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: { readonly schema: z.ZodObject; readonly isRequired: boolean; readonly example: object };
  /** Whether it takes an Idempotency-Key. */
  readonly isNamed: boolean;
  readonly answers: readonly Answer[];
  readonly refusals: readonly string[];
  /** As it is typed into a terminal after the origin of the site. */
  readonly exampleQuery?: string;
}

/** What every address may answer before anything is asked. */
const BY_THE_DOOR = ['bad-address', 'foreign-origin', 'bad-method', 'fault', 'away'] as const;
const OF_BODIES = ['bad-json', 'too-large', 'bad-content-type'] as const;
const OF_TOKENS = ['token-missing', 'token-unknown', 'scope-missing', 'too-many-requests'] as const;

/** The API: what the routes do, its description for programs (OpenAPI) and the page about it are all of this table. */
export const OPERATIONS = [
  {
    id: 'listAvailability',
    method: 'get',
    path: '/api/availability',
    summary: 'Free times of a mentor',
    description:
      'What can be booked within a stretch of time, as on the pages of this site. No token is needed; with one, calls are counted for it. The answer may be kept for a few seconds, and `ETag` with `If-None-Match` saves sending it again.',
    scope: null,
    query: availabilityQuery,
    isNamed: false,
    exampleQuery: '?mentorId=min-ji-kwon&from=2026-06-08&to=2026-06-14&timezone=Asia/Singapore',
    answers: [
      {
        status: 200,
        description: 'The free times.',
        body: availabilityAnswer,
        headers: { ETag: 'Of the content.', 'Cache-Control': 'How long it may be kept.' },
      },
      { status: 304, description: 'As `If-None-Match` says it is known.', body: null, headers: { ETag: 'The same.' } },
    ],
    refusals: ['invalid-request', 'token-unknown', 'no-such-mentor', 'too-many-requests', ...BY_THE_DOOR],
  },
  {
    id: 'replaceHours',
    method: 'post',
    path: '/api/availability',
    summary: 'Replace the weekly hours',
    description:
      'Puts these hours in the place of all weekly hours of the token’s mentor, all or nothing. What is booked keeps its time, and days that are different stay so.',
    scope: 'availability:write',
    body: {
      schema: hoursBody,
      isRequired: true,
      example: {
        timezone: 'Asia/Seoul',
        hours: [
          { dayOfWeek: 1, startTime: '09:00', endTime: '12:00' },
          { dayOfWeek: 1, startTime: '13:00', endTime: '17:00' },
          { dayOfWeek: 4, startTime: '20:00', endTime: '24:00' },
        ],
      },
    },
    isNamed: true,
    answers: [{ status: 200, description: 'The hours as they are kept.', body: hoursAnswer }],
    refusals: ['invalid-request', ...OF_BODIES, ...OF_TOKENS, 'key-used', ...BY_THE_DOOR],
  },
  {
    id: 'listBookings',
    method: 'get',
    path: '/api/bookings',
    summary: 'Bookings of the mentor',
    description:
      'The bookings of the token’s mentor by start. Ask for the next page with `next` as `cursor` and the same filters; what is booked meanwhile makes no booking come twice.',
    scope: 'bookings:read',
    query: bookingsQuery,
    isNamed: false,
    exampleQuery: '?from=2026-06-01&status=confirmed&limit=50',
    answers: [{ status: 200, description: 'A page of bookings.', body: bookingsPage }],
    refusals: ['invalid-request', ...OF_TOKENS, ...BY_THE_DOOR],
  },
  {
    id: 'book',
    method: 'post',
    path: '/api/bookings',
    summary: 'Book a time',
    description:
      'Books for a visitor, by the rules and limits of the form on this site; no token is needed. Both sides get a mail at once, the booker in the language of `Accept-Language` (English or Korean).',
    scope: null,
    body: {
      schema: bookingBody,
      isRequired: true,
      example: {
        mentorId: 'min-ji-kwon',
        sessionTypeId: 'conversation',
        date: '2026-06-11',
        startTime: '10:00',
        timezone: 'Asia/Seoul',
        name: 'Ada Moreau',
        email: 'ada@example.com',
        message: 'From senior to staff.',
      },
    },
    isNamed: true,
    answers: [
      {
        status: 201,
        description: 'It is booked.',
        body: bookingMade,
        headers: { Location: 'The booker’s private page.' },
      },
    ],
    refusals: [
      'invalid-request',
      'time-twice',
      'time-never',
      ...OF_BODIES,
      'no-such-mentor',
      'slot-taken',
      'key-used',
      'too-many-bookings',
      ...BY_THE_DOOR,
    ],
  },
  {
    id: 'cancelBooking',
    method: 'delete',
    path: '/api/bookings/{id}',
    summary: 'Cancel a booking',
    description:
      'Cancels as the token’s mentor: the time is free again and the booker gets a mail. Cancelling once more changes nothing and answers the same.',
    scope: 'bookings:write',
    params: cancellationParams,
    body: { schema: cancellationBody, isRequired: false, example: { reason: 'I am ill; please choose another day.' } },
    isNamed: false,
    answers: [{ status: 200, description: 'It is cancelled.', body: bookingCancelled }],
    refusals: ['invalid-request', ...OF_BODIES, ...OF_TOKENS, 'no-such-booking', 'booking-begun', ...BY_THE_DOOR],
  },
] as const satisfies readonly Operation[];

/** Every refusal that some operation answers. */
export type OperationRefusal = (typeof OPERATIONS)[number]['refusals'][number];
