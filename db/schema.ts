import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  customType,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  pgView,
  primaryKey,
  smallint,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { API_SCOPES } from '~/domain/accounts/scopes';

/** timestamptz ↔ epoch milliseconds. */
const instant = customType<{ data: number; driverData: string }>({
  dataType: () => 'timestamptz(3)',
  // Postgres writes `2026-06-11 01:00:00+00`, since the session's zone is UTC. A year of bookings is thousands of them:
  // slices cost a third of what a pattern does.
  fromDriver: (text) => Date.parse(`${text.slice(0, 10)}T${text.slice(11, text.endsWith('+00') ? -3 : undefined)}Z`),
  toDriver: (ms) => new Date(ms).toISOString(),
});

/** time ↔ minutes after midnight, 0–1440; Postgres knows 24:00. */
const minuteOfDay = customType<{ data: number; driverData: string }>({
  dataType: () => 'time',
  fromDriver: (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5)),
  toDriver: (minutes) =>
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`,
});

/** A range of instants as the literal `[start,end)`. */
const instantRange = customType<{ data: { start: number; end: number }; driverData: string }>({
  dataType: () => 'tstzrange',
  toDriver: ({ start, end }) => `[${new Date(start).toISOString()},${new Date(end).toISOString()})`,
});

const id = () => uuid('id').primaryKey();

export const accounts = pgTable(
  'accounts',
  {
    id: id(),
    email: text('email').notNull(),
    role: text('role', { enum: ['mentor', 'admin'] }).notNull(),
    /** Raised to end every sign-in of the account at once. */
    signInVersion: integer('sign_in_version').notNull().default(1),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    unique('accounts_email_once').on(t.email),
    check('accounts_role_known', sql`${t.role} in ('mentor', 'admin')`),
    check('accounts_email_lower', sql`${t.email} = lower(${t.email})`),
  ],
);

export const mentors = pgTable(
  'mentors',
  {
    id: id(),
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    slug: text('slug').notNull(),
    name: text('name').notNull(),
    /** The name in the mentor's own script, with its language, where that differs. */
    nativeName: text('native_name'),
    nativeNameLang: text('native_name_lang'),
    headline: text('headline').notNull(),
    summary: text('summary').notNull(),
    bio: text('bio').notNull(),
    /** BCP 47 tags of the languages spoken. */
    languages: text('languages').array().notNull(),
    /** Which drawing or picture stands for the person; initials when null. */
    photo: text('photo'),
    timeZone: text('time_zone').notNull(),
    locale: text('locale').notNull(),
    isListed: boolean('is_listed').notNull().default(true),
    externalBookingUrl: text('external_booking_url'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [unique('mentors_account_once').on(t.accountId), unique('mentors_slug_once').on(t.slug)],
);

export const sessionTypes = pgTable(
  'session_types',
  {
    id: id(),
    mentorId: uuid('mentor_id')
      .notNull()
      .references(() => mentors.id, { onDelete: 'cascade' }),
    slug: text('slug').notNull(),
    title: text('title').notNull(),
    description: text('description').notNull(),
    durationMinutes: integer('duration_minutes').notNull(),
    bufferBeforeMinutes: integer('buffer_before_minutes').notNull().default(0),
    bufferAfterMinutes: integer('buffer_after_minutes').notNull().default(0),
    /** 'duration', 'back-to-back' or minutes as digits. */
    slotStep: text('slot_step', {
      enum: ['duration', 'back-to-back', '5', '10', '15', '20', '30', '60'],
    })
      .notNull()
      .default('duration'),
    minimumNoticeMinutes: integer('minimum_notice_minutes').notNull(),
    horizonDays: integer('horizon_days').notNull(),
    maxPerDay: integer('max_per_day'),
    maxPerWeek: integer('max_per_week'),
    locationKind: text('location_kind', { enum: ['video', 'phone', 'in-person'] }).notNull(),
    locationDetail: text('location_detail'),
    priceKind: text('price_kind', { enum: ['free', 'fixed', 'donation'] })
      .notNull()
      .default('free'),
    priceMinor: integer('price_minor'),
    currency: text('currency'),
    requiresApproval: boolean('requires_approval').notNull().default(false),
    questions: jsonb('questions').$type<readonly { id: string; label: string; required: boolean }[]>().notNull(),
    isActive: boolean('is_active').notNull().default(true),
    position: integer('position').notNull().default(0),
  },
  (t) => [
    unique('session_types_slug_once').on(t.mentorId, t.slug),
    /** What bookings_type_of_mentor refers to. */
    unique('session_types_mentor_known').on(t.id, t.mentorId),
    check('session_types_duration_range', sql`${t.durationMinutes} between 5 and 720`),
    check(
      'session_types_buffers_range',
      sql`${t.bufferBeforeMinutes} between 0 and 720 and ${t.bufferAfterMinutes} between 0 and 720`,
    ),
    check('session_types_horizon_range', sql`${t.horizonDays} between 1 and 730`),
    check('session_types_notice_range', sql`${t.minimumNoticeMinutes} between 0 and 525600`),
    check(
      'session_types_slot_step_known',
      sql`${t.slotStep} in ('duration', 'back-to-back', '5', '10', '15', '20', '30', '60')`,
    ),
    check('session_types_location_known', sql`${t.locationKind} in ('video', 'phone', 'in-person')`),
    check(
      'session_types_price_whole',
      sql`(${t.priceKind} = 'free' and ${t.priceMinor} is null and ${t.currency} is null)
        or (${t.priceKind} in ('fixed', 'donation') and ${t.priceMinor} is not null and ${t.priceMinor} > 0
          and ${t.currency} is not null)`,
    ),
    check('session_types_caps_positive', sql`coalesce(${t.maxPerDay}, 1) > 0 and coalesce(${t.maxPerWeek}, 1) > 0`),
  ],
);

export const mentorAvailability = pgTable(
  'mentor_availability',
  {
    id: id(),
    mentorId: uuid('mentor_id')
      .notNull()
      .references(() => mentors.id, { onDelete: 'cascade' }),
    /** 0 = Sunday … 6 = Saturday, in the mentor's zone. */
    dayOfWeek: smallint('day_of_week').notNull(),
    startTime: minuteOfDay('start_time').notNull(),
    endTime: minuteOfDay('end_time').notNull(),
    /** Hours of a day that is switched off are kept for the day it is switched on again. */
    isActive: boolean('is_active').notNull().default(true),
  },
  (t) => [
    check('mentor_availability_day_known', sql`${t.dayOfWeek} between 0 and 6`),
    check('mentor_availability_times_ordered', sql`${t.startTime} < ${t.endTime}`),
  ],
);

export const mentorAvailabilityOverrides = pgTable(
  'mentor_availability_overrides',
  {
    id: id(),
    mentorId: uuid('mentor_id')
      .notNull()
      .references(() => mentors.id, { onDelete: 'cascade' }),
    date: date('date', { mode: 'string' }).notNull(),
    isAvailable: boolean('is_available').notNull(),
    startTime: minuteOfDay('start_time'),
    endTime: minuteOfDay('end_time'),
    reason: text('reason'),
  },
  (t) => [
    check(
      'mentor_availability_overrides_times_ordered',
      sql`(${t.isAvailable} and ${t.startTime} is not null and ${t.endTime} is not null and ${t.startTime} < ${t.endTime})
        or (not ${t.isAvailable} and ${t.startTime} is null and ${t.endTime} is null)`,
    ),
  ],
);

export const bookings = pgTable(
  'bookings',
  {
    id: id(),
    mentorId: uuid('mentor_id')
      .notNull()
      .references(() => mentors.id, { onDelete: 'restrict' }),
    sessionTypeId: uuid('session_type_id').notNull(),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    /** [starts_at − buffer before, ends_at + buffer after) */
    reserved: instantRange('reserved').notNull(),
    status: text('status', { enum: ['pending', 'confirmed', 'cancelled', 'completed', 'no_show'] }).notNull(),
    holdExpiresAt: instant('hold_expires_at'),
    name: text('name').notNull(),
    email: text('email').notNull(),
    phone: text('phone'),
    message: text('message'),
    answers: jsonb('answers').$type<Readonly<Record<string, string>>>().notNull(),
    guests: text('guests').array().notNull(),
    /** The booker's zone and language: how mail speaks to them. */
    timeZone: text('time_zone').notNull(),
    locale: text('locale').notNull(),
    icalUid: text('ical_uid').notNull(),
    icalSequence: integer('ical_sequence').notNull().default(0),
    /** SHA-256 of the private link's token, hex. */
    manageTokenHash: text('manage_token_hash').notNull(),
    /** SHA-256 over browser, form and start, hex: a repeated post finds its booking. */
    requestKey: text('request_key').notNull(),
    cancelledBy: text('cancelled_by', { enum: ['booker', 'mentor', 'admin', 'system'] }),
    cancelledAt: instant('cancelled_at'),
    cancellationReason: text('cancellation_reason'),
    rescheduledAt: instant('rescheduled_at'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [
    unique('bookings_manage_token_once').on(t.manageTokenHash),
    unique('bookings_ical_uid_once').on(t.icalUid),
    uniqueIndex('bookings_request_once')
      .on(t.requestKey)
      .where(sql`${t.status} in ('pending', 'confirmed')`),
    /** What is booked is offered by that very mentor. */
    foreignKey({
      name: 'bookings_type_of_mentor',
      columns: [t.sessionTypeId, t.mentorId],
      foreignColumns: [sessionTypes.id, sessionTypes.mentorId],
    }).onDelete('restrict'),
    index('bookings_by_mentor_start').on(t.mentorId, t.startsAt),
    index('bookings_by_email_made').on(sql`lower(${t.email})`, t.createdAt),
    index('bookings_by_mentor_made').on(t.mentorId, t.createdAt),
    check('bookings_times_ordered', sql`${t.startsAt} < ${t.endsAt}`),
    check('bookings_reserved_covers', sql`${t.reserved} @> tstzrange(${t.startsAt}, ${t.endsAt})`),
    // Half-open and bounded by the longest buffers: without it one row could take a mentor's time for ever.
    check(
      'bookings_reserved_bounded',
      sql`coalesce(lower_inc(${t.reserved}) and not upper_inc(${t.reserved})
        and ${t.startsAt} - lower(${t.reserved}) <= interval '12 hours'
        and upper(${t.reserved}) - ${t.endsAt} <= interval '12 hours', false)`,
    ),
    check('bookings_status_known', sql`${t.status} in ('pending', 'confirmed', 'cancelled', 'completed', 'no_show')`),
    check(
      'bookings_cancelled_whole',
      sql`(${t.status} = 'cancelled') = (${t.cancelledAt} is not null and ${t.cancelledBy} is not null)`,
    ),
    check(
      'bookings_cancelled_by_known',
      sql`${t.cancelledBy} is null or ${t.cancelledBy} in ('booker', 'mentor', 'admin', 'system')`,
    ),
    check('bookings_message_length', sql`${t.message} is null or char_length(${t.message}) <= 500`),
    check('bookings_name_length', sql`char_length(${t.name}) between 1 and 100`),
  ],
);

/** The outbox: every message owed, and the proof of it. */
export const bookingNotifications = pgTable(
  'booking_notifications',
  {
    id: id(),
    bookingId: uuid('booking_id')
      .notNull()
      .references(() => bookings.id, { onDelete: 'cascade' }),
    type: text('type', {
      enum: ['confirmed', 'rescheduled', 'cancelled', 'reminder-24h', 'reminder-1h'],
    }).notNull(),
    channel: text('channel', { enum: ['mail'] }).notNull(),
    recipient: text('recipient', { enum: ['booker', 'mentor'] }).notNull(),
    /** The booking's iCalendar sequence when the message became due: a move makes new messages. */
    sequence: integer('sequence').notNull(),
    dueAt: instant('due_at').notNull(),
    enqueuedAt: instant('enqueued_at'),
    attempts: integer('attempts').notNull().default(0),
    sentAt: instant('sent_at'),
    failedAt: instant('failed_at'),
    /** No longer wanted: the booking moved or was cancelled before it was due. */
    withdrawnAt: instant('withdrawn_at'),
    error: text('error'),
    providerId: text('provider_id'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    check(
      'booking_notifications_type_known',
      sql`${t.type} in ('confirmed', 'rescheduled', 'cancelled', 'reminder-24h', 'reminder-1h')`,
    ),
    check('booking_notifications_channel_known', sql`${t.channel} in ('mail')`),
    check('booking_notifications_recipient_known', sql`${t.recipient} in ('booker', 'mentor')`),
    unique('booking_notifications_once').on(t.bookingId, t.type, t.channel, t.recipient, t.sequence),
    index('booking_notifications_open')
      .on(t.dueAt)
      .where(sql`${t.sentAt} is null and ${t.failedAt} is null and ${t.withdrawnAt} is null`),
  ],
);

/** Delayed callbacks of the local scheduler. */
export const jobs = pgTable(
  'jobs',
  {
    id: id(),
    /** Path below /api/jobs/. */
    name: text('name').notNull(),
    body: jsonb('body').$type<Readonly<Record<string, string>>>().notNull(),
    /** The same key is enqueued once. */
    dedupKey: text('dedup_key').notNull(),
    runAt: instant('run_at').notNull(),
    attempts: integer('attempts').notNull().default(0),
    /** A runner that dies gives the job back when this has passed. */
    lockedUntil: instant('locked_until'),
    doneAt: instant('done_at'),
    failedAt: instant('failed_at'),
    error: text('error'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    unique('jobs_dedup_once').on(t.dedupKey),
    index('jobs_open')
      .on(t.runAt)
      .where(sql`${t.doneAt} is null and ${t.failedAt} is null`),
  ],
);

export const rateLimitCounters = pgTable(
  'rate_limit_counters',
  {
    /** The limit's name and the hash of whom it counts. */
    key: text('key').notNull(),
    windowStart: instant('window_start').notNull(),
    count: integer('count').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (t) => [
    primaryKey({ name: 'rate_limit_counters_pk', columns: [t.key, t.windowStart] }),
    index('rate_limit_counters_expired').on(t.expiresAt),
  ],
);

export const signInCodes = pgTable(
  'sign_in_codes',
  {
    id: id(),
    accountId: uuid('account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
    /** Keyed hash (HMAC-SHA-256) of account and code, base64url. */
    codeHash: text('code_hash').notNull(),
    expiresAt: instant('expires_at').notNull(),
    /** Wrong tries; the code is void after the fifth. */
    attempts: integer('attempts').notNull().default(0),
    usedAt: instant('used_at'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [index('sign_in_codes_by_account').on(t.accountId, t.createdAt)],
);

/** Bearer tokens of the API. Kept after they are revoked: what they did stays explicable. */
export const apiTokens = pgTable(
  'api_tokens',
  {
    id: id(),
    mentorId: uuid('mentor_id')
      .notNull()
      .references(() => mentors.id, { onDelete: 'cascade' }),
    /** What the mentor calls it. */
    name: text('name').notNull(),
    /** SHA-256 of the token, hex. */
    tokenHash: text('token_hash').notNull(),
    scopes: text('scopes', { enum: API_SCOPES }).array().notNull(),
    createdAt: instant('created_at').notNull(),
    lastUsedAt: instant('last_used_at'),
    revokedAt: instant('revoked_at'),
  },
  (t) => [
    unique('api_tokens_hash_once').on(t.tokenHash),
    index('api_tokens_by_mentor').on(t.mentorId, t.createdAt),
    check('api_tokens_name_length', sql`char_length(${t.name}) between 1 and 60`),
    check(
      'api_tokens_scopes_known',
      sql`cardinality(${t.scopes}) > 0 and ${t.scopes} <@ array['availability:write', 'bookings:read', 'bookings:write']`,
    ),
  ],
);

/** Requests of the API that were carried out, by their Idempotency-Key: a repeated one gets the same answer. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    /** SHA-256 over caller, endpoint and the key that was sent, hex. */
    key: text('key').notNull(),
    /** The key of the actor who made the request (request key or mentor id): only the same one finds it again. */
    actorKey: text('actor_key').notNull(),
    /** SHA-256 of what was asked for, hex: the same key with another request is refused. */
    requestHash: text('request_hash').notNull(),
    /** What the answer is made from again; holds no person's data. */
    answer: jsonb('answer').$type<Readonly<Record<string, string | number | boolean | null>>>().notNull(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (t) => [
    primaryKey({ name: 'idempotency_keys_once', columns: [t.key] }),
    index('idempotency_keys_expired').on(t.expiresAt),
  ],
);

/** Append only: the runtime role may not change or delete. Holds no address, name or token. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    at: instant('at').notNull(),
    actor: text('actor', { enum: ['visitor', 'booker', 'mentor', 'admin', 'system'] }).notNull(),
    /** The mentor's or account's id, or the system's work; null for visitors and bookers. */
    actorId: text('actor_id'),
    action: text('action').notNull(),
    subjectType: text('subject_type').notNull(),
    subjectId: text('subject_id').notNull(),
    details: jsonb('details').$type<Readonly<Record<string, string | number | boolean | null>>>().notNull(),
  },
  (t) => [index('audit_log_by_subject').on(t.subjectType, t.subjectId)],
);

/** What a visitor may know of bookings: when, never who. Made by the first migration. */
export const reservedTimes = pgView('reserved_times', {
  mentorId: uuid('mentor_id').notNull(),
  sessionTypeId: uuid('session_type_id').notNull(),
  startsAt: instant('starts_at').notNull(),
  endsAt: instant('ends_at').notNull(),
  reservedFrom: instant('reserved_from').notNull(),
  reservedTo: instant('reserved_to').notNull(),
}).existing();

/** What a visitor may know of special days: when, never why. Made by the first migration. */
export const overrideHours = pgView('override_hours', {
  mentorId: uuid('mentor_id').notNull(),
  date: date('date', { mode: 'string' }).notNull(),
  isAvailable: boolean('is_available').notNull(),
  startTime: minuteOfDay('start_time'),
  endTime: minuteOfDay('end_time'),
}).existing();

/** Constraints that code turns into outcomes. */
export const CONSTRAINTS = {
  bookingOverlap: 'bookings_no_overlap',
  bookingRequest: 'bookings_request_once',
  hoursOverlap: 'mentor_availability_no_overlap',
  overrideOverlap: 'mentor_availability_overrides_no_overlap',
  idempotencyKey: 'idempotency_keys_once',
} as const;
