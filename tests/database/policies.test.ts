import { sql } from 'drizzle-orm';
import pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { booker, mentor, system, visitor, visitorWith, type Actor } from '~/data/actor';
import { freshDatabase, type TestDatabase } from '../support/database';
import { plainlyOwnedDatabase } from '../support/plain-owner';

const TABLES = [
  'accounts',
  'mentors',
  'session_types',
  'mentor_availability',
  'mentor_availability_overrides',
  'bookings',
  'booking_notifications',
  'jobs',
  'rate_limit_counters',
  'sign_in_codes',
  'api_tokens',
  'idempotency_keys',
  'audit_log',
] as const;
const VIEWS = ['reserved_times', 'override_hours'] as const;

const id = (tail: string) => `00000000-0000-4000-8000-${tail.padStart(12, '0')}`;
const [ANNA, BO] = [id('a1'), id('b1')];
const [ANNAS_ACCOUNT, BOS_ACCOUNT, ADMINS_ACCOUNT] = [id('a0'), id('b0'), id('c0')];
const [ANNAS_TYPE, BOS_TYPE] = [id('a2'), id('b2')];
const [MINE, OTHERS, BOS_BOOKING] = [id('a5'), id('a6'), id('b5')];
const admin: Actor = { kind: 'admin', accountId: ADMINS_ACCOUNT };
const anna = mentor(ANNA);
/** Holds the link of MINE. */
const holder = booker('hash-mine');

/** Two mentors with everything that belongs to one, three bookings by different people, an administrator. */
async function house(make: () => Promise<TestDatabase>) {
  const database = await make();
  const at = `'2026-03-01T00:00:00Z'`;
  const perMentor = (m: string, account: string, type: string, letter: string) => `
    insert into accounts values ('${account}', '${letter}@mentors.example', 'mentor', 1, ${at});
    insert into mentors (id, account_id, slug, name, headline, summary, bio, languages, time_zone, locale, created_at)
      values ('${m}', '${account}', '${letter}', 'Mentor ${letter}', '', '', '', '{en}', 'Asia/Kathmandu', 'en', ${at});
    insert into session_types (id, mentor_id, slug, title, description, duration_minutes, minimum_notice_minutes,
      horizon_days, location_kind, questions)
      values ('${type}', '${m}', 'talk', 'Talk', '', 60, 0, 60, 'video', '[]');
    insert into mentor_availability values ('${id(`${letter}3`)}', '${m}', 1, '09:00', '17:00', true);
    insert into mentor_availability_overrides
      values ('${id(`${letter}4`)}', '${m}', '2026-03-09', false, null, null, 'in hospital');
    insert into sign_in_codes values ('${id(`${letter}9`)}', '${account}', 'hash', ${at}, 0, null, ${at});
    ${apiToken(id(`${letter}8`), m, `hash-${letter}`)};
    ${request(`request-${letter}`, m)};`;
  await database.owner(
    perMentor(ANNA, ANNAS_ACCOUNT, ANNAS_TYPE, 'a') +
      perMentor(BO, BOS_ACCOUNT, BOS_TYPE, 'b') +
      `insert into accounts values ('${ADMINS_ACCOUNT}', 'admin@example.com', 'admin', 1, ${at});
       insert into jobs (id, name, body, dedup_key, run_at, created_at)
         values ('${id('d1')}', 'sweep', '{}', 'sweep', ${at}, ${at});
       insert into rate_limit_counters values ('key', ${at}, 1, ${at});
       ${request('request-mine', 'key-mine')};
       insert into audit_log (at, actor, action, subject_type, subject_id, details)
         values (${at}, 'visitor', 'booking.confirmed', 'booking', '${MINE}', '{}');` +
      booking(MINE, ANNA, ANNAS_TYPE, '2026-03-02T10:00Z', 'mine') +
      booking(OTHERS, ANNA, ANNAS_TYPE, '2026-03-02T12:00Z', 'others') +
      booking(BOS_BOOKING, BO, BOS_TYPE, '2026-03-02T10:00Z', 'bos') +
      [MINE, OTHERS, BOS_BOOKING].map((one, i) => notification(id(`e${String(i)}`), one)).join(''),
  );

  /** Rows of one statement as this actor, or the SQLSTATE that refused it. */
  const attempt = async (actor: Actor, statement: string): Promise<unknown[][] | string> => {
    try {
      return (await database.db.write(actor, (tx) => tx.execute(sql.raw(statement)))) as unknown as unknown[][];
    } catch (error) {
      return String((error as { cause?: { code?: string } }).cause?.code ?? error);
    }
  };
  const count = async (actor: Actor, from: string) => {
    const rows = await attempt(actor, `select count(*)::int from ${from}`);
    return typeof rows === 'string' ? rows : rows[0]?.[0];
  };
  /** Everything in the tables named, as text, to see that an attempt changed nothing. */
  const everything = async (...tables: readonly string[]) =>
    JSON.stringify(
      await Promise.all(tables.map((table) => database.owner(`select to_jsonb(t) row from ${table} t order by 1`))),
    );
  return { ...database, attempt, count, everything };
}

function booking(one: string, m: string, type: string, start: string, key: string, status = 'confirmed') {
  return `insert into bookings (id, mentor_id, session_type_id, starts_at, ends_at, reserved, status, name, email, answers,
      guests, time_zone, locale, ical_uid, manage_token_hash, request_key, created_at, updated_at)
    values ('${one}', '${m}', '${type}', '${start}', '${start}'::timestamptz + interval '1 hour',
      tstzrange('${start}', '${start}'::timestamptz + interval '1 hour'), '${status}', 'Person ${key}', '${key}@example.com',
      '{}', '{}', 'UTC', 'en', 'uid-${one}', 'hash-${key}', 'key-${key}', '2026-03-01', '2026-03-01');`;
}

function notification(one: string, bookingId: string) {
  return `insert into booking_notifications (id, booking_id, type, channel, recipient, sequence, due_at, created_at)
    values ('${one}', '${bookingId}', 'reminder-1h', 'mail', 'booker', 0, '2026-03-02', '2026-03-01');`;
}

const apiToken = (one: string, m: string, hash: string) =>
  `insert into api_tokens values ('${one}', '${m}', 'Calendar', '${hash}', '{bookings:read}', '2026-03-01')`;

const request = (key: string, actorKey: string) =>
  `insert into idempotency_keys values ('${key}', '${actorKey}', 'hash', '{}', '2026-03-01', '2026-03-02')`;

const REFUSED = '42501';

describe.each([
  ['a superuser owns the database, as on one machine', freshDatabase],
  ['a plain role owns the database, as on a hosted Postgres', plainlyOwnedDatabase],
])('%s', (_, make) => {
  test('without an actor nothing is seen, in no table and no view, not even after another’s unit of work', async () => {
    const { url } = await house(make);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    onTestFinished(() => client.end());
    const seen = async () => {
      const counts: Record<string, number> = {};
      await client.query('begin; set local role slotwell_runtime');
      for (const name of [...TABLES, ...VIEWS])
        counts[name] = Number((await client.query(`select count(*) from ${name}`)).rows[0].count);
      const made = await client.query(
        `select slotwell_bookings_made_by('mine@example.com', '-infinity')
         union all select slotwell_bookings_made_with('${ANNA}', '-infinity')`,
      );
      await client.query('rollback');
      return [...Object.values(counts), made.rowCount];
    };
    const nothing = [...TABLES, ...VIEWS, 'made'].map(() => 0);
    expect(await seen()).toEqual(nothing);
    await client.query(`begin; select set_config('slotwell.actor', 'system', true); commit`);
    expect(await seen()).toEqual(nothing);
  });

  test('a visitor sees who offers time and when it is taken, and nothing of any person', async () => {
    const { count, attempt } = await house(make);
    expect(await count(visitor, 'mentors')).toBe(2);
    expect(await count(visitor, 'session_types')).toBe(2);
    expect(await count(visitor, 'mentor_availability')).toBe(2);
    expect(await attempt(visitor, 'select * from reserved_times where mentor_id = ' + `'${BO}'`)).toEqual([
      [BO, BOS_TYPE, ...['10', '11', '10', '11'].map((hour) => `2026-03-02 ${hour}:00:00+00`)],
    ]);
    expect(await attempt(visitor, `select * from override_hours where mentor_id = '${BO}'`)).toEqual([
      [BO, '2026-03-09', false, null, null],
    ]);
    for (const table of ['accounts', 'bookings', 'mentor_availability_overrides', 'booking_notifications'])
      expect([table, await count(visitor, table)]).toEqual([table, 0]);
    for (const table of ['jobs', 'rate_limit_counters', 'sign_in_codes', 'audit_log', 'api_tokens', 'idempotency_keys'])
      expect([table, await count(visitor, table)]).toEqual([table, 0]);
  });

  test('a visitor books under the own request’s key, finds that booking again, and changes nothing', async () => {
    const { attempt, count, everything } = await house(make);
    const me = visitorWith('key-new');
    const fresh = booking(id('f1'), BO, BOS_TYPE, '2026-03-03T10:00Z', 'new');
    expect(await attempt(visitor, fresh)).toBe(REFUSED);
    expect(await attempt(visitorWith('key-other'), fresh)).toBe(REFUSED);
    expect(await attempt(visitorWith(''), fresh.replace(`'key-new'`, `''`))).toBe(REFUSED);
    for (const status of ['completed', 'no_show'])
      expect(await attempt(me, booking(id('f1'), BO, BOS_TYPE, '2026-03-03T10:00Z', 'new', status))).toBe(REFUSED);
    expect(await attempt(me, fresh)).toEqual([]);
    expect(await attempt(me, 'select id from bookings')).toEqual([[id('f1')]]);
    expect(await attempt(me, notification(id('f2'), id('f1')))).toEqual([]);
    expect(await attempt(me, notification(id('f3'), OTHERS))).toBe(REFUSED);
    expect(await count(me, 'booking_notifications')).toBe(1);

    const before = await everything(...TABLES);
    await attempt(me, `update bookings set status = 'pending', name = 'x'`);
    await attempt(me, 'delete from bookings');
    await attempt(me, 'delete from booking_notifications');
    for (const table of [
      'mentors',
      'session_types',
      'mentor_availability',
      'accounts',
      'mentor_availability_overrides',
    ])
      await attempt(me, `delete from ${table}`);
    await attempt(me, `update mentors set name = 'x'`);
    await attempt(me, `update session_types set duration_minutes = 5`);
    await attempt(me, `update mentor_availability set is_active = false`);
    expect(await everything(...TABLES)).toBe(before);
    expect(
      await attempt(me, `insert into mentor_availability values ('${id('f9')}', '${BO}', 2, '9:00', '10:00')`),
    ).toBe(REFUSED);
  });

  test('who holds a booking’s link reads and changes that booking alone', async () => {
    const { attempt, everything, owner } = await house(make);
    expect(await attempt(holder, 'select id from bookings')).toEqual([[MINE]]);
    expect(await attempt(holder, 'select booking_id from booking_notifications')).toEqual([[MINE]]);
    expect(await attempt(booker('hash-of-nothing'), 'select id from bookings')).toEqual([]);
    expect(await attempt(booker(''), 'select id from bookings')).toEqual([]);
    expect(await attempt(visitorWith('hash-mine'), 'select id from bookings')).toEqual([]);

    const others = `(select * from bookings where id <> '${MINE}')`;
    const before = await everything(others, 'mentors', 'accounts', 'session_types');
    await attempt(holder, `update bookings set name = 'changed'`);
    await attempt(holder, `update booking_notifications set withdrawn_at = now()`);
    expect(await owner(`select name from bookings where name = 'changed'`)).toHaveLength(1);
    expect(await owner(`select booking_id from booking_notifications where withdrawn_at is not null`)).toEqual([
      { booking_id: MINE },
    ]);
    expect(await attempt(holder, `update bookings set manage_token_hash = 'hash-else'`)).toBe(REFUSED);
    expect(await attempt(holder, `update bookings set mentor_id = '${BO}'`)).toBe(REFUSED);
    expect(await attempt(holder, `update bookings set ical_uid = 'x'`)).toBe(REFUSED);
    expect(await attempt(holder, notification(id('f3'), OTHERS))).toBe(REFUSED);
    expect(await attempt(holder, `update booking_notifications set booking_id = '${OTHERS}'`)).toBe(REFUSED);
    expect(await attempt(holder, booking(id('f1'), BO, BOS_TYPE, '2026-03-03T10:00Z', 'mine'))).toBe(REFUSED);
    await attempt(holder, 'delete from bookings');
    await attempt(holder, 'delete from booking_notifications');
    expect(await owner('select id from bookings')).toHaveLength(3);
    expect(await owner('select id from booking_notifications')).toHaveLength(3);
    expect(await everything(others, 'mentors', 'accounts', 'session_types')).toBe(before);
  });

  test('a mentor reads what is theirs and nothing of another mentor', async () => {
    const { attempt, count } = await house(make);
    expect(await attempt(anna, 'select id from bookings order by id')).toEqual([[MINE], [OTHERS]]);
    expect(await attempt(anna, 'select booking_id from booking_notifications order by 1')).toEqual([[MINE], [OTHERS]]);
    expect(await attempt(anna, 'select mentor_id, reason from mentor_availability_overrides')).toEqual([
      [ANNA, 'in hospital'],
    ]);
    expect(await attempt(anna, 'select email from accounts')).toEqual([['a@mentors.example']]);
    for (const table of ['sign_in_codes', 'audit_log', 'jobs', 'rate_limit_counters'])
      expect([table, await count(anna, table)]).toEqual([table, 0]);
    expect(await count(mentor(id('99')), 'bookings')).toBe(0);
    expect(await count(mentor(''), 'bookings')).toBe(0);
  });

  test('a mentor changes what is theirs and nothing of another mentor', async () => {
    const { attempt, everything, owner } = await house(make);
    const bos = [
      ...['bookings', 'session_types', 'mentor_availability', 'mentor_availability_overrides'].map(
        (table) => `(select * from ${table} where mentor_id = '${BO}')`,
      ),
      `(select * from mentors where id = '${BO}')`,
      `(select * from booking_notifications where booking_id = '${BOS_BOOKING}')`,
      'accounts',
      'sign_in_codes',
    ];
    const before = await everything(...bos);
    for (const change of [
      `update bookings set name = 'changed'`,
      `update session_types set title = 'changed'`,
      'update mentor_availability set is_active = false',
      `update mentor_availability_overrides set reason = 'changed'`,
      `update mentors set name = 'changed'`,
      `update booking_notifications set withdrawn_at = now()`,
      `update accounts set email = 'changed@example.com'`,
      'update accounts set sign_in_version = 9',
      'delete from mentor_availability',
      'delete from mentor_availability_overrides',
      'delete from bookings',
      'delete from booking_notifications',
      'delete from mentors',
      'delete from accounts',
    ])
      expect([change, await attempt(anna, change)]).toEqual([change, []]);
    expect(await everything(...bos)).toBe(before);
    expect(await owner(`select id from bookings where name = 'changed' order by id`)).toEqual([
      { id: MINE },
      { id: OTHERS },
    ]);
    expect(await owner(`select id from mentors where name = 'changed'`)).toEqual([{ id: ANNA }]);
    expect(await owner('select mentor_id from mentor_availability')).toEqual([{ mentor_id: BO }]);

    for (const forged of [
      `insert into mentor_availability values ('${id('f1')}', '${BO}', 2, '09:00', '10:00', true)`,
      `insert into mentor_availability_overrides values ('${id('f2')}', '${BO}', '2026-04-01', false)`,
      `update session_types set mentor_id = '${BO}'`,
      `update bookings set mentor_id = '${BO}'`,
      // Would show the account's address to the mentor who points at it.
      `update mentors set account_id = '${ADMINS_ACCOUNT}'`,
      `update mentors set id = '${id('77')}'`,
      `insert into accounts values ('${id('f3')}', 'new@example.com', 'admin', 1, now())`,
      notification(id('f4'), BOS_BOOKING),
      booking(id('f5'), ANNA, ANNAS_TYPE, '2026-03-05T10:00Z', 'forged'),
    ])
      expect([forged, await attempt(anna, forged)]).toEqual([forged, REFUSED]);
  });

  test('nobody but staff makes accounts, mentors, or anything of another mentor', async () => {
    const { attempt } = await house(make);
    for (const actor of [visitor, visitorWith('key-mine'), holder, anna])
      for (const forged of [
        `insert into accounts values ('${id('f1')}', 'new@example.com', 'admin', 1, now())`,
        `insert into mentors (id, account_id, slug, name, headline, summary, bio, languages, time_zone, locale, created_at)
          values ('${id('f2')}', '${ADMINS_ACCOUNT}', 'new', 'New', '', '', '', '{en}', 'UTC', 'en', now())`,
        `insert into session_types (id, mentor_id, slug, title, description, duration_minutes, minimum_notice_minutes,
          horizon_days, location_kind, questions) values ('${id('f3')}', '${BO}', 'new', 'New', '', 60, 0, 60, 'video', '[]')`,
        `insert into mentor_availability_overrides values ('${id('f4')}', '${BO}', '2026-04-01', false)`,
        `insert into jobs (id, name, body, dedup_key, run_at, created_at)
          values ('${id('f5')}', 'sweep', '{}', 'new', now(), now())`,
        `insert into rate_limit_counters values ('new', now(), 1, now())`,
      ])
        expect([actor.kind, forged, await attempt(actor, forged)]).toEqual([actor.kind, forged, REFUSED]);
  });

  test('a key of one kind opens nothing as another kind of actor', async () => {
    const { attempt, count, everything } = await house(make);
    const before = await everything(...TABLES);
    for (const disguised of [visitorWith(ANNA), booker(ANNA), visitorWith('hash-mine'), booker('key-mine')]) {
      for (const table of ['accounts', 'bookings', 'booking_notifications', 'mentor_availability_overrides'])
        expect([disguised, table, await count(disguised, table)]).toEqual([disguised, table, 0]);
      for (const table of [
        'mentors',
        'session_types',
        'mentor_availability',
        'mentor_availability_overrides',
        'bookings',
      ])
        await attempt(disguised, `delete from ${table}`);
      await attempt(disguised, `update mentors set name = 'changed'`);
      await attempt(disguised, `update bookings set name = 'changed'`);
      await attempt(disguised, `update session_types set title = 'changed'`);
      for (const forged of [
        `insert into mentor_availability values ('${id('f1')}', '${ANNA}', 2, '09:00', '10:00', true)`,
        `insert into mentor_availability_overrides values ('${id('f2')}', '${ANNA}', '2026-04-01', false)`,
        notification(id('f4'), MINE),
      ])
        expect([disguised, await attempt(disguised, forged)]).toEqual([disguised, REFUSED]);
    }
    for (const key of ['hash-mine', 'key-mine', ADMINS_ACCOUNT]) expect(await count(mentor(key), 'bookings')).toBe(0);
    expect(await everything(...TABLES)).toBe(before);
  });

  test('sign-in codes, jobs and counters are the system’s alone', async () => {
    const { count, attempt, everything } = await house(make);
    const before = await everything('sign_in_codes', 'jobs', 'rate_limit_counters');
    for (const table of ['sign_in_codes', 'jobs', 'rate_limit_counters']) {
      expect(await count(system('test'), table)).toBeGreaterThan(0);
      for (const actor of [visitor, visitorWith('key-mine'), holder, anna, admin]) {
        expect([table, actor.kind, await count(actor, table)]).toEqual([table, actor.kind, 0]);
        await attempt(actor, `delete from ${table}`);
      }
    }
    for (const actor of [visitor, holder, anna, admin])
      expect(
        await attempt(
          actor,
          `insert into sign_in_codes values ('${id('f1')}', '${BOS_ACCOUNT}', 'h', now(), 0, null, now())`,
        ),
      ).toBe(REFUSED);
    expect(await everything('sign_in_codes', 'jobs', 'rate_limit_counters')).toBe(before);
  });

  test('a mentor makes, reads and revokes the own API tokens; nobody changes what a token may do, or deletes one', async () => {
    const { attempt, count, everything, owner } = await house(make);
    const bos = `(select * from api_tokens where mentor_id = '${BO}')`;
    const before = await everything(bos);
    expect(await attempt(anna, 'select id from api_tokens')).toEqual([[id('a8')]]);
    expect(await attempt(anna, apiToken(id('f1'), ANNA, 'hash-f1'))).toEqual([]);
    expect(await attempt(anna, apiToken(id('f2'), BO, 'hash-f2'))).toBe(REFUSED);
    expect(await attempt(anna, `update api_tokens set revoked_at = now(), last_used_at = now()`)).toEqual([]);
    for (const actor of [anna, admin, system('test')])
      for (const forged of [
        `update api_tokens set scopes = '{bookings:write}'`,
        `update api_tokens set token_hash = 'hash-else'`,
        `update api_tokens set mentor_id = '${BO}'`,
        'delete from api_tokens',
      ])
        expect([actor.kind, forged, await attempt(actor, forged)]).toEqual([actor.kind, forged, REFUSED]);
    for (const actor of [visitor, visitorWith('key-mine'), visitorWith(ANNA), holder, booker(ANNA), mentor('')]) {
      expect([actor, await count(actor, 'api_tokens')]).toEqual([actor, 0]);
      expect([actor, await attempt(actor, apiToken(id('f3'), ANNA, 'hash-f3'))]).toEqual([actor, REFUSED]);
      await attempt(actor, 'update api_tokens set revoked_at = null');
    }
    expect(await owner('select id from api_tokens where revoked_at is null')).toEqual([{ id: id('b8') }]);
    expect(await everything(bos)).toBe(before);
    // Who calls is known by the hash alone, before there is a mentor to act as.
    expect(await attempt(system('api'), `select mentor_id from api_tokens where token_hash = 'hash-b'`)).toEqual([
      [BO],
    ]);
  });

  test('a request that was carried out is found again by who made it, and by nobody else', async () => {
    const { attempt, count, everything } = await house(make);
    const me = visitorWith('key-mine');
    expect(await attempt(me, 'select key from idempotency_keys')).toEqual([['request-mine']]);
    expect(await attempt(anna, 'select key from idempotency_keys')).toEqual([['request-a']]);
    const strangers = [visitor, visitorWith('key-other'), visitorWith(''), booker('key-mine'), booker(ANNA), admin];
    for (const actor of [...strangers, mentor(id('99'))])
      expect([actor, await count(actor, 'idempotency_keys')]).toEqual([actor, 0]);

    expect(await attempt(me, request('new', 'key-mine'))).toEqual([]);
    expect(await attempt(anna, request('newer', ANNA))).toEqual([]);
    for (const actor of [...strangers, anna, mentor('')])
      expect([actor, await attempt(actor, request('newest', 'key-mine'))]).toEqual([actor, REFUSED]);
    expect(await attempt(visitorWith(''), request('newest', ''))).toBe(REFUSED);

    const before = await everything('idempotency_keys');
    for (const actor of [...strangers, me, anna]) {
      expect(await attempt(actor, `update idempotency_keys set answer = '{"id": 1}'`)).toBe(REFUSED);
      await attempt(actor, 'delete from idempotency_keys');
    }
    expect(await everything('idempotency_keys')).toBe(before);
    await attempt(system('sweep'), 'delete from idempotency_keys');
    expect(await everything('idempotency_keys')).toBe('[[]]');
  });

  test('the audit log can only grow, whoever asks, and only staff reads it', async () => {
    const { attempt, count, owner } = await house(make);
    for (const actor of [visitor, holder, anna, admin, system('test')]) {
      expect(await attempt(actor, `update audit_log set action = 'x'`)).toBe(REFUSED);
      expect(await attempt(actor, 'delete from audit_log')).toBe(REFUSED);
      expect(await attempt(actor, 'truncate audit_log')).toBe(REFUSED);
    }
    expect(await owner('select action from audit_log')).toEqual([{ action: 'booking.confirmed' }]);
    for (const actor of [visitor, holder, anna]) expect(await count(actor, 'audit_log')).toBe(0);
    for (const actor of [admin, system('test')]) expect(await count(actor, 'audit_log')).toBe(1);
  });

  test('an audit entry names who really acts', async () => {
    const { attempt } = await house(make);
    const entry = (kind: string, actorId: string | null) =>
      `insert into audit_log (at, actor, actor_id, action, subject_type, subject_id, details)
        values (now(), '${kind}', ${actorId === null ? 'null' : `'${actorId}'`}, 'x', 'booking', 'x', '{}')`;
    const honest: [Actor, string | null][] = [
      [visitor, null],
      [visitorWith('key-mine'), null],
      [holder, null],
      [anna, ANNA],
      [admin, ADMINS_ACCOUNT],
      [system('sweep'), 'sweep'],
    ];
    for (const [actor, actorId] of honest) {
      expect([actor, await attempt(actor, entry(actor.kind, actorId))]).toEqual([actor, []]);
      for (const other of ['visitor', 'booker', 'mentor', 'admin', 'system'].filter((kind) => kind !== actor.kind))
        expect(await attempt(actor, entry(other, actorId))).toBe(REFUSED);
      expect(await attempt(actor, entry(actor.kind, BO))).toBe(REFUSED);
      if (actorId !== null) expect(await attempt(actor, entry(actor.kind, null))).toBe(REFUSED);
    }
  });

  test('the runtime role cannot lift its own restrictions', async () => {
    const { attempt, owner } = await house(make);
    for (const trick of [
      'alter table bookings disable row level security',
      'alter table bookings no force row level security',
      'drop policy booker_reads_own on bookings',
      'create policy mine on bookings using (true)',
      'create or replace view reserved_times as select * from bookings',
      `create or replace function slotwell_actor() returns text language sql as $$ select 'system' $$`,
      'create table public.loot as select 1',
      'truncate bookings',
      'set local row_security = off; select * from bookings',
    ])
      expect([trick, await attempt(system('test'), trick)]).toEqual([trick, expect.stringMatching(/^(42501|42601)$/)]);
    expect(
      await owner(
        `select rolsuper, rolbypassrls, rolcanlogin, rolcreaterole from pg_roles where rolname = 'slotwell_runtime'`,
      ),
    ).toEqual([{ rolsuper: false, rolbypassrls: false, rolcanlogin: false, rolcreaterole: false }]);
  });

  test('the counting functions count the real bookings, whatever table the caller makes', async () => {
    const { db } = await house(make);
    const made = await db.write(visitor, async (tx) => {
      await tx.execute(
        sql.raw('create temp table bookings (email text, mentor_id uuid, created_at timestamptz) on commit drop'),
      );
      return tx.execute(
        sql.raw(`select made from slotwell_bookings_made_by('MINE@example.com', '-infinity') made
          union all select made from slotwell_bookings_made_with('${ANNA}', '-infinity') made`),
      );
    });
    // One by that booker, two with Anna.
    expect(made).toEqual([1, 2, 3].map(() => ['2026-03-01 00:00:00+00']));
  });
});

test('every table is under row level security that holds its owner too', async () => {
  const { owner } = await freshDatabase();
  const rows = await owner(
    `select relname, relrowsecurity and relforcerowsecurity as held from pg_class
     where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`,
  );
  expect(rows).toEqual([...TABLES].sort().map((relname) => ({ relname, held: true })));
});
