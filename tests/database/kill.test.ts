import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { BOOKINGS_A_DAY, insertMentors, openForm, startOf } from '../support/booking-load';
import { killPostgres, postmasterOf, query, temporaryFolder, until } from '../support/database-processes';
import { startServer } from '../support/server-process';

type Victim = 'everything' | 'app' | 'database';

/** `npm run bench kills` asks for many; all of them are of the whole server. */
const KILLS: readonly Victim[] = process.env.KILLS
  ? Array.from({ length: Number(process.env.KILLS) }, () => 'everything')
  : ['everything', 'app', 'everything', 'database', 'everything'];
const WRITERS = 8;

vi.setConfig({ testTimeout: 120_000 + KILLS.length * 60_000 });

test('whatever is killed while visitors book, every booking that was answered is there, and whole', async () => {
  const dataDir = join(temporaryFolder(), 'data');
  const folder = join(dataDir, 'database');
  const variables = { SEED_DEMO: '0', TRUSTED_PROXIES: '1' };
  let server = await startServer(dataDir, variables);
  const url = `postgresql://owner@localhost:5432/postgres?host=${encodeURIComponent(join(folder, 'socket'))}`;
  await insertMentors(url, WRITERS);
  const acknowledged = new Map<string, string>();
  let sent = 0;
  const recoveries: number[] = [];

  for (const [round, victim] of KILLS.entries()) {
    const answered = acknowledged.size;
    let isKilled = false;
    const writers = Array.from({ length: WRITERS }, async (_, writer) => {
      const book = await openForm(server.url, writer).catch(() => undefined);
      for (let n = 0; book !== undefined && n < BOOKINGS_A_DAY && !isKilled; n += 1) {
        const start = startOf(round * BOOKINGS_A_DAY + n);
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
    // A day goes by, for the limits.
    await query(url, `update bookings set created_at = created_at - interval '2 days'`);
  }

  recoveries.sort((a, b) => a - b);
  const [median = 0, slowest = 0] = [recoveries[Math.floor(recoveries.length / 2)], recoveries.at(-1)];
  console.log(
    `${KILLS.length} kills, ${sent} bookings sent, ${acknowledged.size} answered, 0 lost; ` +
      `back after ${(median / 1000).toFixed(1)} s (median), ${(slowest / 1000).toFixed(1)} s (slowest)`,
  );
});
