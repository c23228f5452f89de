import { parseTimeOfDay, type HoursRange } from '~/domain/availability/hours';
import type { Reservation, Situation, Slot, SlotRules } from '~/domain/slots/slots';
import { MINUTE, type Interval } from '~/domain/time/instant';
import { getLocalDate } from '~/domain/time/local-date';
import { getZone, toInstant, toWall } from '~/domain/time/zones';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

export interface Told extends Partial<Omit<SlotRules, 'zone'>> {
  readonly zone?: string;
  /** `Mon-Fri 9:00-12:00 13:00-17:00, Sat 10:00-11:00`; `daily` is every day. */
  readonly hours?: string;
  /** Hours by date, '' = closed. */
  readonly overrides?: Readonly<Record<string, string>>;
  /** Wall times in the zone, or instants when they end in Z. */
  readonly now?: string;
  /** `2026-06-11 09:00 60`: start, and how many minutes. */
  readonly busy?: readonly string[];
  readonly booked?: readonly string[];
}

/** What decides about slots, saying only what matters: otherwise Kathmandu, one hour, no limits, 1 June 2026. */
export function situation({
  zone = 'Asia/Kathmandu',
  hours = '',
  overrides = {},
  now = '2026-06-01 00:00',
  busy = [],
  booked = [],
  ...rules
}: Told): Situation {
  const id = getZone(zone);
  const all: SlotRules = {
    zone: id,
    durationMinutes: 60,
    bufferBeforeMinutes: 0,
    bufferAfterMinutes: 0,
    step: 'duration',
    minimumNoticeMinutes: 0,
    horizonDays: 60,
    maxPerDay: null,
    maxPerWeek: null,
    ...rules,
  };
  return {
    schedule: {
      zone: id,
      weekly: weekly(hours),
      overrides: Object.entries(overrides).map(([date, text]) => ({ date: getLocalDate(date), ranges: ranges(text) })),
    },
    rules: all,
    busy: busy.map((text) => stretch(zone, text)),
    reservations: booked.map((text) => reservation(stretch(zone, text), all)),
    now: at(zone, now),
  };
}

/** The instant at which clocks show `2026-06-11 09:00`; with a Z at the end, the instant itself. */
export function at(zone: string, text: string): number {
  if (text.endsWith('Z')) return Date.parse(text);
  return toInstant(getZone(zone), getLocalDate(text.slice(0, 10)), parseTimeOfDay(text.slice(11)) ?? NaN);
}

export function window(zone: string, from: string, to: string): Interval {
  return { start: at(zone, from), end: at(zone, to) };
}

/** `06-11 09:00` for a free slot and `06-11 10:00 taken`, by the zone's clocks. */
export function print(zone: string, slots: readonly Slot[]): string[] {
  return slots.map(({ start, state }) => `${clock(zone, start)}${state === 'taken' ? ' taken' : ''}`);
}

export function clock(zone: string, instant: number): string {
  const { date, minute } = toWall(getZone(zone), instant);
  const two = (number: number) => String(number).padStart(2, '0');
  return `${date.slice(5)} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

function stretch(zone: string, text: string): Interval {
  const start = at(zone, text.slice(0, 16));
  return { start, end: start + Number(text.slice(17)) * MINUTE };
}

function reservation({ start, end }: Interval, { bufferBeforeMinutes, bufferAfterMinutes }: SlotRules): Reservation {
  return {
    startsAt: start,
    endsAt: end,
    from: start - bufferBeforeMinutes * MINUTE,
    to: end + bufferAfterMinutes * MINUTE,
  };
}

function weekly(text: string): HoursRange[][] {
  const week: HoursRange[][] = DAYS.map(() => []);
  for (const part of text === '' ? [] : text.split(', ')) {
    const [days = '', ...rest] = part.split(' ');
    const [first = '', last = first] = days === 'daily' ? ['Sun', 'Sat'] : days.split('-');
    for (let day = DAYS.indexOf(first); day <= DAYS.indexOf(last); day += 1) week[day]?.push(...ranges(rest.join(' ')));
  }
  return week;
}

function ranges(text: string): HoursRange[] {
  if (text === '') return [];
  return text.split(' ').map((range) => {
    const [start = NaN, end = NaN] = range.split('-').map(parseTimeOfDay);
    return { start, end };
  });
}
