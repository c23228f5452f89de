/**
 * `npm run bench bookings`: bookings per second through HTTP. The server of `npm start` on a Postgres server of its own
 * (DATABASE_URL, an empty database; else one from npm), 64 browsers that read the form and post it, many of them for the
 * same times. Afterwards: no two bookings overlap, and each that was acknowledged is there, once.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../app/data/embedded/server.node';
import { migrateDatabase } from '../db/migrate.node';
import { insertMentors, startOf } from '../tests/support/booking-load';
import { query } from '../tests/support/database-processes';
import { startServer } from '../tests/support/server-process';

const CLIENTS = 64;
const SECONDS = 20;
/** Each takes ten bookings a day: 3,000 in all. */
const MENTORS = 300;
/** Few enough that browsers meet. */
const STARTS = 24;

interface Acknowledged {
  readonly email: string;
  readonly mentor: string;
  readonly start: string;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'slotwell-bench-'));
  chmodSync(folder, 0o711);
  const own = process.env.DATABASE_URL === undefined ? await startPostgres(folder) : undefined;
  const databaseUrl = own?.url ?? process.env.DATABASE_URL ?? '';
  const cleanUps: (() => Promise<void>)[] = [];
  try {
    await migrateDatabase(databaseUrl, 'db/migrations');
    await insertMentors(databaseUrl, MENTORS);
    const server = await startServer(
      join(folder, 'data'),
      { DATABASE_URL: databaseUrl, TRUSTED_PROXIES: '1' },
      (cleanUp) => cleanUps.push(cleanUp),
    );
    await load(server.url, 3);
    const run = await load(server.url, SECONDS);
    const cpu = process.cpuUsage();
    tell(run, (cpu.user + cpu.system) / 1e6);
    await verify(databaseUrl, run.acknowledged);
    await server.end('SIGTERM');
  } finally {
    for (const cleanUp of cleanUps) await cleanUp();
    await own?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Run {
  readonly seconds: number;
  readonly acknowledged: Acknowledged[];
  readonly statuses: Map<number, number>;
  /** From the form's request to the post's answer. */
  readonly times: number[];
}

let callers = 0;

async function load(url: string, seconds: number): Promise<Run> {
  const acknowledged: Acknowledged[] = [];
  const statuses = new Map<number, number>();
  const times: number[] = [];
  const startedAt = performance.now();
  const client = async () => {
    while (performance.now() - startedAt < seconds * 1_000) {
      const began = performance.now();
      const mentor = `mentor-${Math.floor(Math.random() * MENTORS)}`;
      const start = startOf(Math.floor(Math.random() * STARTS));
      const { status, email } = await book(url, mentor, start);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status !== 303) continue;
      acknowledged.push({ email, mentor, start });
      times.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return { seconds: (performance.now() - startedAt) / 1_000, acknowledged, statuses, times };
}

/** As a new browser does, from an address of its own. */
async function book(url: string, mentor: string, start: string): Promise<{ status: number; email: string }> {
  callers += 1;
  const email = `visitor-${callers}@example.com`;
  const address = { 'X-Forwarded-For': `10.${callers >> 16}.${(callers >> 8) & 255}.${callers & 255}` };
  const path = `${url}/m/${mentor}/talk/book?start=${start}`;
  const form = await fetch(path, { headers: address, redirect: 'manual' });
  const token = /name="csrf" value="([^"]+)"/.exec(await form.text())?.[1];
  // The time is gone already, and the page of other times has no form to post.
  if (token === undefined) return { status: form.status, email };
  const cookies = form.headers.getSetCookie().map((line) => line.split(';')[0]);
  const posted = await fetch(path, {
    method: 'POST',
    redirect: 'manual',
    headers: { ...address, Cookie: cookies.join('; '), 'Sec-Fetch-Site': 'same-origin' },
    body: new URLSearchParams({ csrf: token, start, name: 'Load Test', email }),
  });
  await posted.arrayBuffer();
  return { status: posted.status, email };
}

function tell({ seconds, acknowledged, statuses, times }: Run, cpuSeconds: number): void {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number) => (sorted[Math.floor(part * sorted.length)] ?? NaN).toFixed(0);
  const kinds = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${count} × ${status}`);
  console.log(
    `${(acknowledged.length / seconds).toFixed(0)} bookings per second: ${acknowledged.length} in ${seconds.toFixed(1)} s`,
  );
  console.log(
    `${CLIENTS} browsers at once, each reads the form and posts it: ${at(0.5)} ms in the middle, ${at(0.99)} ms at the 99th percentile`,
  );
  console.log(`Answers: ${kinds.join(', ')} (303 booked; 302 and 409 taken meanwhile; 429 the day's limit)`);
  console.log(`The browsers themselves took ${cpuSeconds.toFixed(0)} s of CPU from the same machine`);
}

async function verify(databaseUrl: string, acknowledged: readonly Acknowledged[]): Promise<void> {
  const [row] = await query(
    databaseUrl,
    `select count(*)::int as overlapping from bookings a join bookings b
       on a.mentor_id = b.mentor_id and a.id < b.id and a.reserved && b.reserved
       where a.status in ('pending', 'confirmed') and b.status in ('pending', 'confirmed')`,
  );
  const rows = await query(
    databaseUrl,
    `select b.email, m.slug, to_char(b.starts_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as start
       from bookings b join mentors m on m.id = b.mentor_id where b.status = 'confirmed'`,
  );
  const kept = new Map<string, number>();
  const keyOf = (parts: readonly unknown[]) => parts.join(' ');
  for (const { email, slug, start } of rows) {
    const key = keyOf([email, slug, start]);
    kept.set(key, (kept.get(key) ?? 0) + 1);
  }
  const lost = acknowledged.filter(({ email, mentor, start }) => kept.get(keyOf([email, mentor, start])) !== 1);
  console.log(
    `Overlapping bookings: ${String(row?.overlapping)}. Acknowledged bookings that are not there exactly once: ${lost.length}`,
  );
  if (row?.overlapping !== 0 || lost.length > 0) process.exitCode = 1;
}

await main();
