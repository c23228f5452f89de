/**
 * How long a month page and a year ahead take, from schedule and busy time to slots (and, for the month, the visitor's
 * day cells). Medians in milliseconds.
 */
import { spawnSync } from 'node:child_process';
import { monthGrid } from '~/domain/slots/month-grid';
import { slotsIn, type Situation, type SlotRules } from '~/domain/slots/slots';
import { DAY, MINUTE, type Interval } from '~/domain/time/instant';
import { findYearMonth } from '~/domain/time/local-date';
import { getZone, offsetMinutes, ZONE_DATA_VERSION, ZONE_IDS, type ZoneId } from '~/domain/time/zones';

interface Task {
  readonly from: number;
  readonly days: number;
  readonly step: SlotRules['step'];
  readonly busy: number;
}

// March 2026 has a clock change in Europe and in America.
const MONTH: Task = { from: Date.UTC(2026, 2, 1), days: 31, step: 15, busy: 200 };
const YEAR: Task = { from: Date.UTC(2026, 0, 1), days: 365, step: 30, busy: 2000 };
const TASKS = { month: MONTH, year: YEAR };

const mentorZone = getZone('Europe/Berlin');
const visitorZone = getZone('America/New_York');
const march = findYearMonth('2026-03') ?? fail('no month');

const once = process.argv[2];
if (once === 'month' || once === 'year') {
  const input = situation(TASKS[once], mentorZone);
  const start = performance.now();
  run(TASKS[once], input, visitorZone);
  console.log(performance.now() - start);
} else {
  report();
}

function report(): void {
  console.log(`Node ${process.version}, zone data ${ZONE_DATA_VERSION}; median ms\n`);
  console.log('                                   warm   nothing cached   fresh process');
  for (const [name, task] of Object.entries(TASKS)) {
    const label = `${name}: ${task.days} days, step ${task.step}, ${task.busy} busy`;
    console.log(
      `${label.padEnd(32)} ${milliseconds(warm(task))}     ${milliseconds(uncached(task))}          ${milliseconds(fresh(name))}`,
    );
  }
  console.log('\nGrowth, warm: each line twice the one above');
  for (const times of [1, 2, 4, 8]) {
    const busy = warm({ ...YEAR, busy: YEAR.busy * times });
    const both = warm({ ...MONTH, days: MONTH.days * times, busy: MONTH.busy * times });
    console.log(
      `year with ${String(YEAR.busy * times).padStart(5)} busy ${milliseconds(busy)}     ` +
        `${String(MONTH.days * times).padStart(3)} days with ${String(MONTH.busy * times).padStart(4)} busy ${milliseconds(both)}`,
    );
  }
}

/** The same question again and again. */
function warm(task: Task): number {
  const input = situation(task, mentorZone);
  return median(800, () => run(task, input, visitorZone));
}

/** Compiled code, but two zones each time that were not asked for long: more than the memo of zones can hold. */
function uncached(task: Task): number {
  const changing = ZONE_IDS.filter(
    (zone) => offsetMinutes(zone, MONTH.from) !== offsetMinutes(zone, MONTH.from + 31 * DAY),
  );
  const inputs = changing.map((zone) => situation(task, zone));
  let turn = 0;
  return median(800, () => {
    const at = (turn += 1) % changing.length;
    // The visitor's zone is the one that the mentor had half a round ago.
    const visitor = changing[(at + (changing.length >> 1)) % changing.length] ?? fail('no zone');
    run(task, inputs[at] ?? fail('no situation'), visitor);
  });
}

/** A process that answers this one question: everything is compiled and looked up for the first time. */
function fresh(name: string): number {
  const times = Array.from({ length: 11 }, () => {
    const { stdout } = spawnSync(process.execPath, [process.argv[1] ?? fail('no script'), name], { encoding: 'utf8' });
    return Number(stdout);
  });
  return middle(times);
}

function run(task: Task, input: Situation, visitor: ZoneId): void {
  const window = { start: task.from, end: task.from + task.days * DAY };
  const slots = slotsIn(window, input);
  if (task.step === MONTH.step) monthGrid(slots, { month: march, zone: visitor, now: input.now });
}

function situation({ from, days, step, busy }: Task, zone: ZoneId): Situation {
  const hours = [{ start: 9 * 60, end: 17 * 60 }];
  return {
    schedule: { zone, weekly: [[], hours, hours, hours, hours, hours, []], overrides: [] },
    rules: {
      zone,
      durationMinutes: step === 15 ? 45 : 30,
      bufferBeforeMinutes: 0,
      bufferAfterMinutes: 10,
      step,
      minimumNoticeMinutes: 0,
      horizonDays: 730,
      maxPerDay: null,
      maxPerWeek: null,
    },
    reservations: [],
    busy: busyIntervals(busy, { start: from, end: from + days * DAY }),
    now: from,
  };
}

/** Of 15 to 60 minutes, in no order, the same every time (a linear congruential generator). */
function busyIntervals(count: number, { start, end }: Interval): Interval[] {
  let seed = 42;
  const below = (limit: number) => {
    seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return Math.floor((seed / 2 ** 32) * limit);
  };
  return Array.from({ length: count }, () => {
    const from = start + below((end - start) / MINUTE) * MINUTE;
    return { start: from, end: from + (15 + below(46)) * MINUTE };
  });
}

function median(rounds: number, measured: () => void): number {
  for (let round = 0; round < rounds; round += 1) measured();
  return middle(
    Array.from({ length: rounds }, () => {
      const start = performance.now();
      measured();
      return performance.now() - start;
    }),
  );
}

function middle(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[times.length >> 1] ?? NaN;
}

function milliseconds(time: number): string {
  return time.toFixed(3).padStart(7);
}

function fail(reason: string): never {
  throw new Error(reason);
}
