import { z } from 'zod';
import { parseTimeOfDay, problemsOfRanges, type HoursRange, type RangeProblem } from '~/domain/availability/hours';
import { daysBetween, findLocalDate, type LocalDate } from '~/domain/time/local-date';
import { findZone, type ZoneId } from '~/domain/time/zones';

/** What may be wrong in these forms; the pages have the words. */
export type HoursProblem =
  | 'zone'
  | 'duration'
  | 'pause'
  | 'time'
  | 'missing'
  | RangeProblem['kind']
  | 'no-hours'
  | 'too-many'
  | 'date'
  | 'until'
  | 'too-long'
  | 'kind'
  | 'reason';

const problem = (code: HoursProblem) => ({ error: code });
const issue = (code: HoursProblem, path: (string | number)[], input: unknown) =>
  ({ code: 'custom', message: code, path, input }) as const;

/** Ranges of one day, as many as anybody needs. */
export const MOST_RANGES = 12;
/** Days that one entry may change: a year. */
export const MOST_DAYS = 366;

const typedRanges = z
  .array(
    z.object({
      start: z.string(problem('time')).max(20, problem('time')).optional(),
      end: z.string(problem('time')).max(20, problem('time')).optional(),
    }),
  )
  .max(MOST_RANGES, problem('too-many'))
  .default([]);
type TypedRange = z.infer<typeof typedRanges>[number];

/** Reads what was typed; each problem goes to `refuse` with the place it belongs to, below the list. */
function readRanges(typed: readonly TypedRange[], refuse: (code: HoursProblem, path: (string | number)[]) => void) {
  const read = typed.map((range, index) => {
    const minutes = (bound: 'start' | 'end') => {
      const text = range[bound]?.trim() ?? '';
      const parsed = text === '' ? undefined : parseTimeOfDay(text);
      if (parsed === undefined) refuse(text === '' ? 'missing' : 'time', [index, bound]);
      return parsed;
    };
    const start = minutes('start');
    const end = minutes('end');
    return { index, range: start === undefined || end === undefined ? undefined : { start, end } };
  });
  const whole = read.flatMap(({ index, range }) => (range ? [{ index, range }] : []));
  for (const { index, kind } of problemsOfRanges(whole.map(({ range }) => range)))
    refuse(kind, [whole[index]?.index ?? 0]);
  return whole.map(({ range }): HoursRange => range);
}

/** Hours of one weekday; those of a day that is switched off are kept for later. */
export interface DayHours {
  readonly isOn: boolean;
  readonly ranges: readonly HoursRange[];
}

const typedDay = z
  .object({
    /** Sent for each day, so that a day without hours is still in the list. */
    day: z.string().max(1).optional(),
    on: z.boolean().default(false),
    ranges: typedRanges,
    copyTo: z
      .array(z.string().regex(/^[0-6]$/))
      .max(7)
      .default([]),
  })
  .transform((day, context): DayHours => {
    const ranges = readRanges(day.ranges, (code, path) => context.issues.push(issue(code, ['ranges', ...path], day)));
    if (day.on && day.ranges.length === 0) context.issues.push(issue('no-hours', ['on'], day));
    return { isOn: day.on, ranges };
  });

const minutesField = (code: HoursProblem, min: number, max: number) =>
  z
    .string(problem(code))
    .regex(/^\d{1,3}$/, problem(code))
    .transform(Number)
    .pipe(z.number().min(min, problem(code)).max(max, problem(code)));

/** Position in the form's list of days, Monday first → day of week, 0 = Sunday. */
export const weekdayAt = (position: number): number => (position + 1) % 7;

/** The weekly hours with zone, session length and pause. Days stand Monday first. */
export const hoursForm = z.object({
  /** Which button was pressed, for those that Conform does not know. */
  intent: z.string().max(40).optional(),
  zone: z.string(problem('zone')).transform((text, context): ZoneId => {
    const zone = findZone(text);
    if (zone !== undefined) return zone;
    context.issues.push(issue('zone', [], text));
    return z.NEVER;
  }),
  /** Minutes; absent where the mentor has no session type yet. */
  duration: minutesField('duration', 5, 720).optional(),
  pause: minutesField('pause', 0, 720).optional(),
  days: z.array(typedDay).length(7),
});

/** What a button of the form asks for besides Conform's own adding and removing; positions are places in the form. */
export type HoursIntent =
  | { readonly kind: 'save' }
  /** Saves, and goes on to the page of special days. */
  | { readonly kind: 'add-days' }
  /** Copies a day's hours to the days that are ticked for it. */
  | { readonly kind: 'copy'; readonly position: number }
  /** Switches a closed day on, with the hours that it kept or with some to begin with. */
  | { readonly kind: 'open'; readonly position: number }
  /** Makes special days as in the week again. */
  | { readonly kind: 'restore'; readonly from: LocalDate; readonly until: LocalDate };

/** Reads the value of the pressed button; undefined when no button of ours has it. */
export function findHoursIntent(text: unknown): HoursIntent | undefined {
  if (text === undefined || text === 'save') return { kind: 'save' };
  if (text === 'add-days') return { kind: 'add-days' };
  const [, act, first = '', second = ''] =
    /^(copy|open|restore):([\d-]+)(?::([\d-]+))?$/.exec(typeof text === 'string' ? text : '') ?? [];
  if (act === 'restore') {
    const from = findLocalDate(first);
    const until = findLocalDate(second);
    return from === undefined || until === undefined || until < from ? undefined : { kind: 'restore', from, until };
  }
  return /^[0-6]$/.test(first) && (act === 'copy' || act === 'open')
    ? { kind: act, position: Number(first) }
    : undefined;
}

const text = z.string().optional().catch(undefined);
const asTyped = z.array(
  z
    .object({
      day: text,
      on: text,
      ranges: z
        .array(
          z
            .object({ start: text, end: text })
            .nullish()
            .transform((range) => range ?? {}),
        )
        .optional()
        .catch(undefined),
      copyTo: z
        .union([z.string().transform((one) => [one]), z.array(z.string())])
        .optional()
        .catch(undefined),
    })
    .nullish()
    .transform((day) => day ?? {}),
);
type DayAsTyped = z.infer<typeof asTyped>[number];

/** Hours to begin with on a day that has none. */
const USUAL_HOURS = { start: '09:00', end: '17:00' };

/** The days as they were typed, after `intent`; nothing is judged, and boxes of days to copy to are empty again. */
export function changeDays(typed: unknown, intent: Extract<HoursIntent, { kind: 'copy' | 'open' }>): DayAsTyped[] {
  const days = asTyped.safeParse(typed).data ?? [];
  const source = days[intent.position] ?? {};
  const targets = intent.kind === 'open' ? [String(intent.position)] : (source.copyTo ?? []);
  const kept = source.ranges ?? [];
  const ranges = intent.kind === 'open' && kept.length === 0 ? [USUAL_HOURS] : kept;
  return days.map(({ copyTo: _, ...day }, position) =>
    targets.includes(String(position)) ? { ...day, on: 'on', ranges: [...ranges] } : day,
  );
}

/** Places of the days that are ticked to get the hours of the day at `position`; the day itself is none of them. */
export function copyTargets(typed: unknown, position: number): number[] {
  const ticked = asTyped.safeParse(typed).data?.[position]?.copyTo ?? [];
  return [0, 1, 2, 3, 4, 5, 6].filter((other) => other !== position && ticked.includes(String(other)));
}

const dateField = z.string(problem('date')).transform((text, context): LocalDate => {
  const date = findLocalDate(text.trim());
  if (date !== undefined) return date;
  context.issues.push(issue('date', [], text));
  return z.NEVER;
});

/** Days that differ from the week: closed when `ranges` is empty. Both dates are included. */
export interface SpecialDaysEntry {
  readonly from: LocalDate;
  readonly until: LocalDate;
  readonly ranges: readonly HoursRange[];
  readonly reason: string | undefined;
}

/** A day or a run of days that is closed or has hours of its own. */
export const specialDaysForm = z
  .object({
    from: dateField,
    until: dateField.optional(),
    kind: z.enum(['closed', 'hours'], problem('kind')),
    ranges: typedRanges,
    reason: z
      .string()
      .transform((text) => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim())
      .pipe(z.string().max(200, problem('reason')))
      .optional(),
  })
  .transform((typed, context): SpecialDaysEntry => {
    const { from, until = from, kind, reason } = typed;
    const days = daysBetween(from, until) + 1;
    if (days < 1) context.issues.push(issue('until', ['until'], typed));
    if (days > MOST_DAYS) context.issues.push(issue('too-long', ['until'], typed));
    if (kind === 'closed') return { from, until, ranges: [], reason };
    if (typed.ranges.length === 0) context.issues.push(issue('no-hours', ['kind'], typed));
    const ranges = readRanges(typed.ranges, (code, path) =>
      context.issues.push(issue(code, ['ranges', ...path], typed)),
    );
    return { from, until, ranges, reason };
  });
