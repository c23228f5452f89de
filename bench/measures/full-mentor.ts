import { query } from '../../tests/support/database-processes';

/** A year of bookings, and as many times again as a busy calendar holds. */
export const BOOKINGS = 1_460;
export const FURTHER = 2_000;

/**
 * `mentor-0` of tests/support/booking-load.ts gets a year ahead with four sessions a day and 2,000 further reserved times
 * between them: half an hour in every 2½.
 */
export async function fillYear(url: string): Promise<void> {
  await query(
    url,
    `insert into bookings (id, mentor_id, session_type_id, starts_at, ends_at, reserved, status, name, email, answers,
        guests, time_zone, locale, ical_uid, manage_token_hash, request_key, created_at, updated_at)
      select gen_random_uuid(), t.mentor_id, t.id, s, s + interval '30 min',
        tstzrange(s, s + interval '30 min'), 'confirmed', 'Booker ' || n, 'booker-' || n || '@example.com', '{}', '{}',
        'UTC', 'en', 'uid-' || n, 'hash-' || n, 'request-' || n, now() - interval '40 days', now() - interval '40 days'
      from session_types t join mentors m on m.id = t.mentor_id and m.slug = 'mentor-0',
        generate_series(0, ${BOOKINGS + FURTHER - 1}) n,
        lateral (select date_trunc('day', now(), 'UTC') + n * interval '150 min' as s) at`,
  );
  await query(url, `update session_types set horizon_days = 365`);
  await query(url, 'analyze');
}
