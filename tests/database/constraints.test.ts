import { getTableColumns, is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { expect, test } from 'vitest';
import * as schema from '~db/schema';
import { CONSTRAINTS } from '~db/schema';
import { freshDatabase, type TestDatabase } from '../support/database';

const id = (tail: string) => `00000000-0000-4000-8000-${tail.padStart(12, '0')}`;
const [MENTOR, OTHER, ACCOUNT, TYPE, BOOKING] = [id('1'), id('2'), id('3'), id('4'), id('5')];

/** A row as SQL; values are SQL text themselves. */
const insert = (table: string, row: Record<string, string | null>) =>
  `insert into ${table} (${Object.keys(row).join(', ')}) values (${Object.values(row)
    .map((value) => value ?? 'null')
    .join(', ')})`;
const quoted = (text: string) => `'${text}'`;

const account = (over: Record<string, string | null> = {}) =>
  insert('accounts', {
    id: quoted(id('a1')),
    email: quoted('new@example.com'),
    role: quoted('mentor'),
    created_at: 'now()',
    ...over,
  });
const mentor = (over: Record<string, string | null> = {}) =>
  insert('mentors', {
    id: quoted(id('a2')),
    account_id: quoted(id('33')),
    slug: quoted('new'),
    ...{ name: `'N'`, headline: `''`, summary: `''`, bio: `''`, languages: `'{en}'` },
    ...{ time_zone: quoted('Asia/Kathmandu'), locale: quoted('en'), created_at: 'now()' },
    ...over,
  });
const type = (over: Record<string, string | null> = {}) =>
  insert('session_types', {
    id: quoted(id('a3')),
    mentor_id: quoted(MENTOR),
    slug: quoted('new'),
    ...{ title: `'T'`, description: `''`, questions: `'[]'`, location_kind: quoted('video') },
    ...{ duration_minutes: '60', minimum_notice_minutes: '0', horizon_days: '60' },
    ...over,
  });
const hours = (over: Record<string, string | null> = {}) =>
  insert('mentor_availability', {
    id: quoted(id('a4')),
    mentor_id: quoted(MENTOR),
    ...{ day_of_week: '2', start_time: quoted('09:00'), end_time: quoted('12:00') },
    ...over,
  });
const special = (over: Record<string, string | null> = {}) =>
  insert('mentor_availability_overrides', {
    id: quoted(id('a5')),
    mentor_id: quoted(MENTOR),
    ...{ date: quoted('2026-03-10'), is_available: 'true', start_time: quoted('09:00'), end_time: quoted('12:00') },
    ...over,
  });
const booking = (over: Record<string, string | null> = {}) =>
  insert('bookings', {
    id: quoted(id('a6')),
    mentor_id: quoted(MENTOR),
    session_type_id: quoted(TYPE),
    starts_at: quoted('2026-03-03T10:00Z'),
    ends_at: quoted('2026-03-03T11:00Z'),
    reserved: `'[2026-03-03T09:45Z,2026-03-03T11:15Z)'`,
    status: quoted('confirmed'),
    ...{ name: quoted('Ada'), email: quoted('ada@example.com'), answers: `'{}'`, guests: `'{}'` },
    ...{ time_zone: quoted('UTC'), locale: quoted('en'), created_at: 'now()', updated_at: 'now()' },
    ...{ ical_uid: quoted('uid-new'), manage_token_hash: quoted('hash-new'), request_key: quoted('key-new') },
    ...over,
  });
const message = (over: Record<string, string | null> = {}) =>
  insert('booking_notifications', {
    id: quoted(id('a7')),
    booking_id: quoted(BOOKING),
    ...{ type: quoted('rescheduled'), channel: quoted('mail'), recipient: quoted('booker'), sequence: '1' },
    ...{ due_at: 'now()', created_at: 'now()' },
    ...over,
  });
const job = (over: Record<string, string | null> = {}) =>
  insert('jobs', {
    id: quoted(id('a8')),
    ...{ name: quoted('sweep'), body: `'{}'`, dedup_key: quoted('new'), run_at: 'now()', created_at: 'now()' },
    ...over,
  });
const counter = (over: Record<string, string | null> = {}) =>
  insert('rate_limit_counters', {
    ...{ key: quoted('new'), window_start: quoted('2026-03-01'), count: '1', expires_at: 'now()' },
    ...over,
  });
const code = (over: Record<string, string | null> = {}) =>
  insert('sign_in_codes', {
    id: quoted(id('a9')),
    ...{ account_id: quoted(ACCOUNT), code_hash: quoted('h'), expires_at: 'now()', created_at: 'now()' },
    ...over,
  });
const apiToken = (over: Record<string, string | null> = {}) =>
  insert('api_tokens', {
    id: quoted(id('b1')),
    mentor_id: quoted(MENTOR),
    ...{ name: quoted('Calendar'), token_hash: quoted('hash-new'), scopes: `'{bookings:read}'`, created_at: 'now()' },
    ...over,
  });
const request = (over: Record<string, string | null> = {}) =>
  insert('idempotency_keys', {
    ...{ key: quoted('new'), actor_key: quoted('new'), request_hash: quoted('h'), answer: `'{}'` },
    ...{ created_at: 'now()', expires_at: 'now()' },
    ...over,
  });

/** What the attempts below run into. */
const STANDING = [
  account({ id: quoted(ACCOUNT), email: quoted('standing@example.com') }),
  account({ id: quoted(id('33')), email: quoted('other@example.com') }),
  account({ id: quoted(id('34')), email: quoted('third@example.com') }),
  mentor({ id: quoted(MENTOR), account_id: quoted(ACCOUNT), slug: quoted('standing') }),
  mentor({ id: quoted(OTHER), account_id: quoted(id('34')), slug: quoted('other') }),
  type({ id: quoted(TYPE), slug: quoted('standing') }),
  hours({ id: quoted(id('6')), day_of_week: '1' }),
  special({ id: quoted(id('7')), date: quoted('2026-03-09') }),
  special({
    id: quoted(id('77')),
    date: quoted('2026-03-12'),
    is_available: 'false',
    start_time: null,
    end_time: null,
  }),
  booking({
    id: quoted(BOOKING),
    starts_at: quoted('2026-03-02T10:00Z'),
    ends_at: quoted('2026-03-02T11:00Z'),
    reserved: `'[2026-03-02T09:45Z,2026-03-02T11:15Z)'`,
    ...{ ical_uid: quoted('uid'), manage_token_hash: quoted('hash'), request_key: quoted('key') },
  }),
  message({ id: quoted(id('8')), type: quoted('confirmed'), sequence: '0' }),
  job({ id: quoted(id('9')), dedup_key: quoted('standing') }),
  counter({ key: quoted('standing') }),
  apiToken({ id: quoted(id('10')), token_hash: quoted('standing') }),
  request({ key: quoted('standing') }),
];

const UNIQUE = '23505';
const CHECK = '23514';
const EXCLUDED = '23P01';
const FOREIGN = '23503';

/** Every constraint and unique index by name, and statements that it alone refuses. */
const REFUSALS: Record<string, [sqlstate: string, ...attempts: string[]]> = {
  accounts_email_once: [UNIQUE, account({ email: quoted('standing@example.com') })],
  accounts_role_known: [CHECK, account({ role: quoted('owner') })],
  accounts_email_lower: [CHECK, account({ email: quoted('New@example.com') })],
  mentors_account_once: [UNIQUE, mentor({ account_id: quoted(ACCOUNT) })],
  mentors_slug_once: [UNIQUE, mentor({ slug: quoted('standing') })],
  mentors_account_id_accounts_id_fk: [FOREIGN, mentor({ account_id: quoted(id('99')) })],
  session_types_slug_once: [UNIQUE, type({ slug: quoted('standing') })],
  session_types_mentor_id_mentors_id_fk: [FOREIGN, type({ mentor_id: quoted(id('99')) })],
  session_types_duration_range: [CHECK, type({ duration_minutes: '4' }), type({ duration_minutes: '721' })],
  session_types_buffers_range: [CHECK, type({ buffer_before_minutes: '-1' }), type({ buffer_after_minutes: '721' })],
  session_types_horizon_range: [CHECK, type({ horizon_days: '0' }), type({ horizon_days: '731' })],
  session_types_notice_range: [CHECK, type({ minimum_notice_minutes: '-1' })],
  session_types_slot_step_known: [CHECK, type({ slot_step: quoted('7') })],
  session_types_location_known: [CHECK, type({ location_kind: quoted('moon') })],
  session_types_caps_positive: [CHECK, type({ max_per_day: '0' }), type({ max_per_week: '-3' })],
  session_types_price_whole: [
    CHECK,
    type({ price_minor: '500' }),
    type({ price_kind: quoted('fixed') }),
    type({ price_kind: quoted('fixed'), currency: quoted('EUR') }),
    type({ price_kind: quoted('fixed'), price_minor: '0', currency: quoted('EUR') }),
    type({ price_kind: quoted('donation'), price_minor: '500' }),
    type({ price_kind: quoted('barter'), price_minor: '500', currency: quoted('EUR') }),
  ],
  mentor_availability_mentor_id_mentors_id_fk: [FOREIGN, hours({ mentor_id: quoted(id('99')) })],
  mentor_availability_day_known: [CHECK, hours({ day_of_week: '7' }), hours({ day_of_week: '-1' })],
  mentor_availability_times_ordered: [
    CHECK,
    hours({ start_time: quoted('12:00'), end_time: quoted('09:00') }),
    hours({ start_time: quoted('09:00'), end_time: quoted('09:00') }),
  ],
  mentor_availability_no_overlap: [
    EXCLUDED,
    hours({ day_of_week: '1', start_time: quoted('11:59'), end_time: quoted('13:00') }),
    hours({ day_of_week: '1', start_time: quoted('00:00'), end_time: quoted('24:00'), is_active: 'false' }),
  ],
  mentor_availability_overrides_mentor_id_mentors_id_fk: [FOREIGN, special({ mentor_id: quoted(id('99')) })],
  mentor_availability_overrides_times_ordered: [
    CHECK,
    special({ start_time: quoted('13:00') }),
    special({ end_time: null }),
    special({ is_available: 'false' }),
  ],
  mentor_availability_overrides_no_overlap: [
    EXCLUDED,
    special({ date: quoted('2026-03-09'), start_time: quoted('11:00'), end_time: quoted('13:00') }),
    special({ date: quoted('2026-03-09'), is_available: 'false', start_time: null, end_time: null }),
    special({ date: quoted('2026-03-12') }),
    special({ date: quoted('2026-03-12'), is_available: 'false', start_time: null, end_time: null }),
  ],
  bookings_type_of_mentor: [
    FOREIGN,
    booking({ mentor_id: quoted(OTHER) }),
    booking({ session_type_id: quoted(id('99')) }),
  ],
  bookings_manage_token_once: [UNIQUE, booking({ manage_token_hash: quoted('hash') })],
  bookings_ical_uid_once: [UNIQUE, booking({ ical_uid: quoted('uid') })],
  bookings_request_once: [UNIQUE, booking({ request_key: quoted('key') })],
  bookings_times_ordered: [
    CHECK,
    booking({ ends_at: quoted('2026-03-03T10:00Z'), reserved: `'[2026-03-03T09:45Z,2026-03-03T11:15Z)'` }),
  ],
  bookings_reserved_covers: [CHECK, booking({ reserved: `'[2026-03-03T10:00Z,2026-03-03T10:59Z)'` })],
  bookings_reserved_bounded: [
    CHECK,
    booking({ reserved: `'empty'` }),
    booking({ reserved: `'[2026-03-03T10:00Z,)'` }),
    booking({ reserved: `'(,2026-03-03T11:00Z)'` }),
    booking({ reserved: `'[2026-03-03T10:00Z,2026-03-03T11:00Z]'` }),
    booking({ reserved: `'[2026-03-02T21:59Z,2026-03-03T11:00Z)'` }),
    booking({ reserved: `'[2026-03-03T10:00Z,2026-03-03T23:01Z)'` }),
  ],
  bookings_status_known: [CHECK, booking({ status: quoted('maybe') })],
  bookings_cancelled_whole: [
    CHECK,
    booking({ status: quoted('cancelled') }),
    booking({ status: quoted('cancelled'), cancelled_at: 'now()' }),
    booking({ cancelled_at: 'now()', cancelled_by: quoted('booker') }),
  ],
  bookings_cancelled_by_known: [
    CHECK,
    booking({ status: quoted('cancelled'), cancelled_at: 'now()', cancelled_by: quoted('nobody') }),
  ],
  bookings_message_length: [CHECK, booking({ message: `repeat('x', 501)` })],
  bookings_name_length: [CHECK, booking({ name: `''` }), booking({ name: `repeat('x', 101)` })],
  bookings_no_overlap: [
    EXCLUDED,
    // By a minute of the buffer after the one that stands, and right over it.
    booking({
      starts_at: quoted('2026-03-02T11:29Z'),
      ends_at: quoted('2026-03-02T12:29Z'),
      reserved: `'[2026-03-02T11:14Z,2026-03-02T12:44Z)'`,
    }),
    booking({
      starts_at: quoted('2026-03-02T10:00Z'),
      ends_at: quoted('2026-03-02T11:00Z'),
      reserved: `'[2026-03-02T10:00Z,2026-03-02T11:00Z)'`,
      status: quoted('pending'),
    }),
  ],
  booking_notifications_booking_id_bookings_id_fk: [FOREIGN, message({ booking_id: quoted(id('99')) })],
  booking_notifications_once: [UNIQUE, message({ type: quoted('confirmed'), sequence: '0' })],
  booking_notifications_type_known: [CHECK, message({ type: quoted('gossip') })],
  booking_notifications_channel_known: [CHECK, message({ channel: quoted('pigeon') })],
  api_tokens_hash_once: [UNIQUE, apiToken({ token_hash: quoted('standing') })],
  api_tokens_mentor_id_mentors_id_fk: [FOREIGN, apiToken({ mentor_id: quoted(id('99')) })],
  api_tokens_name_length: [CHECK, apiToken({ name: quoted('') }), apiToken({ name: quoted('n'.repeat(61)) })],
  api_tokens_scopes_known: [
    CHECK,
    apiToken({ scopes: `'{}'` }),
    apiToken({ scopes: `'{bookings:read,everything}'` }),
    apiToken({ scopes: `'{bookings:read,null}'` }),
  ],
  idempotency_keys_once: [UNIQUE, request({ key: quoted('standing') })],
  booking_notifications_recipient_known: [CHECK, message({ recipient: quoted('everyone') })],
  jobs_dedup_once: [UNIQUE, job({ dedup_key: quoted('standing') })],
  rate_limit_counters_pk: [UNIQUE, counter({ key: quoted('standing') })],
  sign_in_codes_account_id_accounts_id_fk: [FOREIGN, code({ account_id: quoted(id('99')) })],
};
/** Exists to be referred to; the primary key refuses first. A missing mentor is refused by bookings_type_of_mentor. */
const NEVER_FIRST = ['session_types_mentor_known', 'bookings_mentor_id_mentors_id_fk'];

async function standing(): Promise<TestDatabase> {
  const database = await freshDatabase();
  await database.owner(STANDING.join(';\n'));
  return database;
}

/** What refuses a statement, as SQLSTATE and name; 'accepted' when nothing does. Leaves no trace. */
async function refusal({ owner }: TestDatabase, statement: string): Promise<string> {
  await owner('begin');
  try {
    await owner(statement);
    return 'accepted';
  } catch (error) {
    const { code: sqlstate, constraint } = error as { code: string; constraint: string };
    return `${sqlstate} ${constraint}`;
  } finally {
    await owner('rollback');
  }
}

test('each constraint refuses, under its own name, what it is there for', async () => {
  const database = await standing();
  for (const [name, [sqlstate, ...attempts]] of Object.entries(REFUSALS))
    for (const attempt of attempts)
      expect([attempt, await refusal(database, attempt)]).toEqual([attempt, `${sqlstate} ${name}`]);
});

test('every constraint has its attempt here', async () => {
  const { owner } = await freshDatabase();
  const rows = await owner(
    `select conname as name from pg_constraint
       where connamespace = 'public'::regnamespace and contype in ('c', 'u', 'x', 'f')
     union select conname from pg_constraint where connamespace = 'public'::regnamespace and contype = 'p' and conname not like '%_pkey'
     union select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid
       where i.indisunique and c.relnamespace = 'public'::regnamespace and c.relname not like '%_pkey'
     order by 1`,
  );
  const named = Object.entries(REFUSALS).filter(([, [, ...attempts]]) => attempts.length > 0);
  expect([...named.map(([name]) => name), ...NEVER_FIRST].sort()).toEqual(rows.map(({ name }) => String(name)).sort());
});

test('what is allowed stays allowed: neighbours that touch, a cancelled booking’s time, hours until 24:00', async () => {
  const database = await standing();
  for (const allowed of [
    account(),
    mentor(),
    type({ max_per_day: '1', price_kind: quoted('fixed'), price_minor: '500', currency: quoted('EUR') }),
    hours({ day_of_week: '1', start_time: quoted('12:00'), end_time: quoted('24:00') }),
    hours({ day_of_week: '1', mentor_id: quoted(OTHER) }),
    special({ date: quoted('2026-03-09'), start_time: quoted('12:00'), end_time: quoted('24:00') }),
    special({ date: quoted('2026-03-09'), mentor_id: quoted(OTHER) }),
    booking(),
    booking({
      starts_at: quoted('2026-03-02T11:30Z'),
      ends_at: quoted('2026-03-02T12:30Z'),
      reserved: `'[2026-03-02T11:15Z,2026-03-02T12:45Z)'`,
    }),
    // The longest buffers.
    booking({ reserved: `'[2026-03-02T22:00Z,2026-03-03T23:00Z)'` }),
    message(),
    job(),
    counter(),
    code(),
    apiToken({ scopes: `'{availability:write,bookings:read,bookings:write}'`, name: quoted('ㅎ'.repeat(60)) }),
    request(),
  ])
    expect([allowed, await refusal(database, allowed)]).toEqual([allowed, 'accepted']);
  await database.owner(`update bookings set status = 'cancelled', cancelled_at = now(), cancelled_by = 'booker'`);
  const same = {
    starts_at: quoted('2026-03-02T10:00Z'),
    ends_at: quoted('2026-03-02T11:00Z'),
    reserved: `'[2026-03-02T10:00Z,2026-03-02T11:00Z)'`,
    request_key: quoted('key'),
  };
  expect(await refusal(database, booking(same))).toBe('accepted');
});

test('a mentor with bookings cannot be deleted, an account with nothing but hours can', async () => {
  const database = await standing();
  expect(await refusal(database, `delete from mentors where id = '${MENTOR}'`)).toMatch(/^23001 bookings_/);
  expect(await refusal(database, `delete from session_types where id = '${TYPE}'`)).toMatch(/^23001 bookings_/);
  expect(await refusal(database, `delete from accounts where id = '${id('34')}'`)).toBe('accepted');
});

test('the names that code turns into outcomes are names of the database', () => {
  for (const name of Object.values(CONSTRAINTS)) expect(Object.keys(REFUSALS)).toContain(name);
});

test('schema.ts and the migrations say the same: tables, columns, constraints, indexes', async () => {
  const { owner } = await freshDatabase();
  const tables = Object.values<unknown>(schema).filter((one) => is(one, PgTable));
  const columns = await owner(
    `select table_name || '.' || column_name || case is_nullable when 'NO' then ' not null' else '' end as line
     from information_schema.columns join information_schema.tables using (table_schema, table_name)
     where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const written = tables.flatMap((table) =>
    Object.values(getTableColumns(table)).map(
      (column) => `${getTableConfig(table).name}.${column.name}${column.notNull ? ' not null' : ''}`,
    ),
  );
  expect(columns.map(({ line }) => line).sort()).toEqual(written.sort());

  const named = tables.flatMap((table) => {
    const { checks, indexes, uniqueConstraints, foreignKeys, primaryKeys } = getTableConfig(table);
    return [
      ...checks.map(({ name }) => name),
      ...indexes.map(({ config }) => config.name ?? ''),
      ...uniqueConstraints.map(({ name }) => name ?? ''),
      ...foreignKeys.map((key) => key.getName()),
      ...primaryKeys.map((key) => key.getName()),
    ];
  });
  const inDatabase = await owner(
    `select conname as name from pg_constraint where connamespace = 'public'::regnamespace and contype in ('c', 'u', 'f', 'p')
     union select indexname from pg_indexes where schemaname = 'public'`,
  );
  // Drizzle cannot write exclusion constraints; the migration and CONSTRAINTS name them.
  const exclusions: string[] = [CONSTRAINTS.bookingOverlap, CONSTRAINTS.hoursOverlap, CONSTRAINTS.overrideOverlap];
  const found = inDatabase.map(({ name }) => String(name)).filter((name) => !name.endsWith('_pkey'));
  expect(found.filter((name) => !exclusions.includes(name)).sort()).toEqual(named.sort());
});

test('the server may update every column but those that say whose a row is', async () => {
  const { owner } = await freshDatabase();
  const kept = await owner(
    `select c.table_name || '.' || c.column_name as name from information_schema.columns c
     where c.table_schema = 'public' and c.table_name in ('mentors', 'bookings', 'api_tokens')
       and not has_column_privilege('slotwell_runtime', 'public.' || c.table_name, c.column_name, 'UPDATE')
     order by 1`,
  );
  expect(kept.map(({ name }) => name)).toEqual([
    // A token’s scopes and whose it is stand for good.
    'api_tokens.created_at',
    'api_tokens.id',
    'api_tokens.mentor_id',
    'api_tokens.name',
    'api_tokens.scopes',
    'api_tokens.token_hash',
    'bookings.created_at',
    'bookings.ical_uid',
    'bookings.id',
    'bookings.mentor_id',
    'mentors.account_id',
    'mentors.created_at',
    'mentors.id',
  ]);
});
