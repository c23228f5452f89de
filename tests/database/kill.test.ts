import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { killPostgres, postmasterOf, query, temporaryFolder, until } from '../support/database-processes';
import { startServer, type ServerProcess } from '../support/server-process';

type Victim = 'everything' | 'app' | 'database';

/** `npm run bench kills` asks for many; all of them are of the whole server. */
const KILLS: readonly Victim[] = process.env.KILLS
  ? Array.from({ length: Number(process.env.KILLS) }, () => 'everything')
  : ['everything', 'app', 'everything', 'database', 'everything'];
const WRITERS = 8;
/** As many as a mentor takes a day; between the rounds a day goes by. */
const BOOKINGS_A_ROUND = 10;

vi.setConfig({ testTimeout: 120_000 + KILLS.length * 60_000 });

test('whatever is killed while visitors book, every booking that was answered is there, and whole', async () => {
  const dataDir = join(temporaryFolder(), 'data');
  const folder = join(dataDir, 'database');
  const variables = { SEED_DEMO: '0', TRUSTED_PROXIES: '1' };
  let server = await startServer(dataDir, variables);
  const url = `postgresql://owner@localhost:5432/postgres?host=${encodeURIComponent(join(folder, 'socket'))}`;
  await insertMentors(url);
  const acknowledged = new Map<string, string>();
  let sent = 0;
  const recoveries: number[] = [];

  for (const [round, victim] of KILLS.entries()) {
    const answered = acknowledged.size;
    let isKilled = false;
    const writers = Array.from({ length: WRITERS }, async (_, writer) => {
      const book = await openForm(server, writer).catch(() => undefined);
      for (let n = 0; book !== undefined && n < BOOKINGS_A_ROUND && !isKilled; n += 1) {
        const start = startOf(round * BOOKINGS_A_ROUND + n);
        sent += 1;
        const answer = await book(start).catch(() => undefined);
        if (answer?.status === 303) acknowledged.set(`mentor-${writer} ${start}`, answer.headers.get('location') ?? '');
        // Killed, it breaks off; with the database away, it says so. Anything else would be wrong.
        else if (answer !== undefined) expect(answer.status, await answer.text()).toBe(503);
      }
    });
    const allOver = Promise.all(writers);
    // At another moment each time, in the middle of the others' bookings.
    await Promise.race([
      allOver,
      until(() => acknowledged.size - answered >= 5 + ((round * 13) % 40), 'enough is booked', 60_000),
    ]);
    const gone = victim === 'database' ? undefined : server.end('SIGKILL');
    if (victim === 'everything') killPostgres(folder);
    if (victim === 'database') process.kill(postmasterOf(folder), 'SIGKILL');
    isKilled = true;
    await allOver;
    await gone;

    const begin = performance.now();
    if (victim !== 'database') server = await startServer(dataDir, variables);
    await until(async () => (await fetch(server.url)).status === 200, 'pages are back');
    recoveries.push(performance.now() - begin);

    const found = await query(
      url,
      `select m.slug || ' ' || to_char(b.starts_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as key,
          exists (select from booking_notifications n where n.booking_id = b.id) as has_messages,
          exists (select from audit_log a where a.subject_id = b.id::text) as is_audited
        from bookings b join mentors m on m.id = b.mentor_id where b.status = 'confirmed'`,
    );
    const keys = new Set(found.map((row) => row['key']));
    expect([...acknowledged.keys()].filter((key) => !keys.has(key))).toEqual([]);
    expect(found.filter((row) => row['has_messages'] !== true || row['is_audited'] !== true)).toEqual([]);
    const [key, path] = [...acknowledged].at(-1) ?? ['nothing was booked', '/'];
    expect((await fetch(new URL(path, server.url))).status, key).toBe(200);
    expect(acknowledged.size).toBeGreaterThan(answered);
    await query(url, `update bookings set created_at = created_at - interval '2 days'`);
  }

  recoveries.sort((a, b) => a - b);
  const [median = 0, slowest = 0] = [recoveries[Math.floor(recoveries.length / 2)], recoveries.at(-1)];
  console.log(
    `${KILLS.length} kills, ${sent} bookings sent, ${acknowledged.size} answered, 0 lost; ` +
      `back after ${(median / 1000).toFixed(1)} s (median), ${(slowest / 1000).toFixed(1)} s (slowest)`,
  );
});

/** Half hours from two days ahead, each once. */
function startOf(index: number): string {
  const firstDay = Math.ceil(Date.now() / 86_400_000) + 2;
  return new Date(firstDay * 86_400_000 + index * 1_800_000).toISOString().replace('.000Z', 'Z');
}

let callers = 0;

/** Reads one mentor's form as a browser would; gives what posts it for a start, each from an address of its own. */
async function openForm({ url }: ServerProcess, writer: number): Promise<(start: string) => Promise<Response>> {
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
      body: new URLSearchParams({ csrf: token, start, name: 'Kill Test', email: `visitor-${callers}@example.com` }),
    });
  };
}

/** Open day and night, for half an hour each. */
async function insertMentors(url: string): Promise<void> {
  await query(
    url,
    `with numbers as (select n, gen_random_uuid() as account, gen_random_uuid() as mentor from generate_series(0, ${WRITERS - 1}) n),
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
