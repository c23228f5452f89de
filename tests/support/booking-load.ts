import { query } from './database-processes';

/** How many a mentor takes by the limits. */
export const BOOKINGS_A_DAY = 10;

/** Half hours from two days ahead, each once. */
export function startOf(index: number): string {
  const firstDay = Math.ceil(Date.now() / 86_400_000) + 2;
  return new Date(firstDay * 86_400_000 + index * 1_800_000).toISOString().replace('.000Z', 'Z');
}

let callers = 0;

/** Reads one mentor's form as a browser would; gives what posts it for a start, each from an address of its own. */
export async function openForm(url: string, writer: number): Promise<(start: string) => Promise<Response>> {
  const address = (start: string) => `${url}/m/mentor-${writer}/talk/book?start=${start}`;
  const form = await fetch(address(startOf(2_000)));
  const token = /name="csrf" value="([^"]+)"/.exec(await form.text())?.[1] ?? '';
  const cookie = form.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  return (start) => {
    callers += 1;
    return fetch(address(start), {
      method: 'POST',
      redirect: 'manual',
      headers: {
        Cookie: cookie,
        'Sec-Fetch-Site': 'same-origin',
        'X-Forwarded-For': `10.${callers >> 16}.${(callers >> 8) & 255}.${callers & 255}`,
      },
      body: new URLSearchParams({ csrf: token, start, name: 'Load Test', email: `visitor-${callers}@example.com` }),
    });
  };
}

/** `mentor-0` and so on, open day and night for sessions of half an hour. `url` is the database's, as owner. */
export async function insertMentors(url: string, count: number): Promise<void> {
  await query(
    url,
    `with numbers as (select n, gen_random_uuid() as account, gen_random_uuid() as mentor from generate_series(0, ${count - 1}) n),
      a as (insert into accounts (id, email, role, created_at)
        select account, 'mentor-' || n || '@example.com', 'mentor', now() from numbers),
      m as (insert into mentors (id, account_id, slug, name, headline, summary, bio, languages, time_zone, locale, created_at)
        select mentor, account, 'mentor-' || n, 'Mentor ' || n, '', '', '', '{en}', 'UTC', 'en', now() from numbers),
      t as (insert into session_types (id, mentor_id, slug, title, description, duration_minutes, minimum_notice_minutes,
          horizon_days, location_kind, questions)
        select gen_random_uuid(), mentor, 'talk', 'Talk', '', 30, 0, 90, 'video', '[]' from numbers)
      insert into mentor_availability (id, mentor_id, day_of_week, start_time, end_time)
        select gen_random_uuid(), mentor, d, '00:00', '24:00' from numbers, generate_series(0, 6) d`,
  );
}
