import { and, eq, gte } from 'drizzle-orm';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { mentor, visitor } from '~/data/actor';
import { openDatabase, type Statement, type Wire } from '~/data/database';
import { scheduleRows } from '~/data/slots';
import { DAY } from '~/domain/time/instant';
import { findLocalDate } from '~/domain/time/local-date';
import { bookings } from '~db/schema';
import { freshDatabase } from '../support/database';

const MENTORS = 50;
const BOOKINGS = 100_000;
const MONTH = Date.parse('2026-03-01T00:00Z');
const aMentor = '00000000-0000-4000-8000-000000000007';

/** 50 mentors with 2,000 bookings each, 1,000 before March 2026 and 1,000 from it on, about four a day. */
async function manyBookings() {
  const database = await freshDatabase();
  await database.owner(`
    insert into accounts select ('00000000-0000-4000-9000-' || lpad(n::text, 12, '0'))::uuid, n || '@example.com', 'mentor', 1, now()
      from generate_series(1, ${String(MENTORS)}) n;
    insert into mentors (id, account_id, slug, name, headline, summary, bio, languages, time_zone, locale, created_at)
      select replace(id::text, '-9000-', '-8000-')::uuid, id, email, email, '', '', '', '{en}', 'Asia/Kathmandu', 'en', now() from accounts;
    insert into session_types (id, mentor_id, slug, title, description, duration_minutes, minimum_notice_minutes, horizon_days, location_kind, questions)
      select id, id, 'talk', 'Talk', '', 60, 0, 60, 'video', '[]' from mentors;
    -- Rows come faster without checks; the index of the exclusion constraint is built once, at the end.
    set session_replication_role = replica;
    alter table bookings drop constraint bookings_no_overlap;
    insert into bookings (id, mentor_id, session_type_id, starts_at, ends_at, reserved, status, name, email, answers, guests,
        time_zone, locale, ical_uid, manage_token_hash, request_key, created_at, updated_at)
      select one, m.id, m.id, start, start + interval '1 hour', tstzrange(start, start + interval '1 hour'), 'confirmed', 'N',
        one || '@example.com', '{}', '{}', 'UTC', 'en', one, one, one, start - interval '2 days', start
      from mentors m, generate_series(-1000, 999) n,
        lateral (select md5(m.id::text || n)::uuid one, timestamptz '2026-03-01 00:00Z' + n * interval '6 hours' start) made;
    alter table bookings add constraint bookings_no_overlap
      exclude using gist (mentor_id with =, reserved with &&) where (status in ('pending', 'confirmed'));
    reset session_replication_role;
  `);
  await database.owner('vacuum analyze');
  return database;
}

/** Runs a unit of work while noting its statements, then asks Postgres how it goes about each. */
async function plansOf(url: string, wire: Wire, work: (db: ReturnType<typeof openDatabase>) => Promise<unknown>) {
  const units: (readonly Statement[])[] = [];
  await work(
    openDatabase({
      ...wire,
      batch: (statements, mode) => {
        units.push(statements);
        return wire.batch(statements, mode);
      },
    }),
  );
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  const plans: { plan: string; buffers: number }[] = [];
  for (const [asActor, ...statements] of units) {
    await client.query('begin');
    if (asActor) await client.query(asActor.sql, [...asActor.params]);
    for (const { sql, params } of statements) {
      const { rows } = await client.query(`explain (analyze, buffers, format json) ${sql}`, [...params]);
      const [{ Plan: plan }] = rows[0]['QUERY PLAN'];
      plans.push({
        plan: JSON.stringify(plan),
        buffers: Number(plan['Shared Hit Blocks']) + Number(plan['Shared Read Blocks']),
      });
    }
    await client.query('rollback');
  }
  return plans;
}

test(
  `among ${BOOKINGS.toLocaleString('en')} bookings, a month of one mentor is found by index`,
  { timeout: 120_000 },
  async () => {
    const { url, wire, owner } = await manyBookings();
    expect(await owner('select count(*)::int from bookings')).toEqual([{ count: BOOKINGS }]);
    const [first, last] = [findLocalDate('2026-03-01'), findLocalDate('2026-03-31')];
    if (!first || !last) throw new Error('no dates');
    const window = { start: MONTH, end: MONTH + 31 * DAY };
    const ofVisitor = await plansOf(url, wire, (db) =>
      db.read(visitor, (tx) => scheduleRows(tx, { id: aMentor }, { first, last }, window)),
    );
    const ofDesk = await plansOf(url, wire, (db) =>
      db.read(mentor(aMentor), (tx) =>
        tx
          .select({ id: bookings.id })
          .from(bookings)
          .where(and(eq(bookings.mentorId, aMentor), gte(bookings.startsAt, MONTH + 30 * DAY))),
      ),
    );
    const overBookings = [...ofVisitor, ...ofDesk].filter(({ plan }) => plan.includes('"Relation Name":"bookings"'));
    expect(overBookings).toHaveLength(2);
    for (const { plan, buffers } of overBookings) {
      expect(plan).toContain('bookings_by_mentor_start');
      expect(plan).not.toContain('Seq Scan');
      // A page is 8 KB; the table has some 4,000.
      expect(buffers).toBeLessThan(1_000);
    }
  },
);
