import type { Instant } from '~/domain/time/instant';
import type { LocalDate, YearMonth } from '~/domain/time/local-date';
import { isRepeated, offsetMinutes, toWall, type ZoneId } from '~/domain/time/zones';
import type { Locale } from '~/locales/translator';

/** How each language orders a date. Punctuation is ours: Intl's differs from one runtime's data to the next. */
const PATTERNS = {
  en: {
    long: '{weekday} {day} {month}',
    short: '{wd} {day} {mon}',
    full: '{weekday} {day} {month} {year}',
    day: '{day} {month}',
    month: '{month} {year}',
  },
  ko: {
    long: '{month} {day}일 {weekday}',
    short: '{mon} {day}일 ({wd})',
    full: '{year}년 {month} {day}일 {weekday}',
    day: '{month} {day}일',
    month: '{year}년 {month}',
  },
} as const satisfies Record<Locale, Record<string, string>>;

/** Day on which a week begins: 0 = Sunday. */
const WEEK_START: Record<Locale, 0 | 1> = { en: 1, ko: 0 };

interface DateWords {
  readonly weekdays: readonly string[];
  readonly weekdaysShort: readonly string[];
  readonly months: readonly string[];
  /** 'June', 'Nov': cut only where it saves something. */
  readonly monthsShort: readonly string[];
}

/** One entry per language, made at first use. */
const WORDS = new Map<Locale, DateWords>();

/**
 * '09:00': the wall clock of a zone at an instant, 24 hours. In an hour that comes twice, as clocks are set back, it
 * says which: '23:30 (UTC−4)'.
 */
export function clockTime(instant: Instant, zone: ZoneId, _locale: Locale): string {
  const offset = repeatedOffset(instant, zone);
  const face = clockFace(instant, zone);
  return offset === null ? face : `${face} (${offset})`;
}

/** '09:00–09:50' in a zone; '23:30 (UTC−3)–23:30 (UTC−4)' over an hour that comes twice. */
export function clockRange(start: Instant, end: Instant, zone: ZoneId, locale: Locale): string {
  return `${clockTime(start, zone, locale)}–${clockTime(end, zone, locale)}`;
}

/** '09:00' alone, where `repeatedOffset` stands elsewhere. */
export const clockFace = (instant: Instant, zone: ZoneId): string => timeOfDay(toWall(zone, instant).minute);

/** 'UTC−4', 'UTC+10:30' where the clock alone would not tell the instant, as it shows the same twice; else null. */
export function repeatedOffset(instant: Instant, zone: ZoneId): string | null {
  if (!isRepeated(zone, instant)) return null;
  const offset = offsetMinutes(zone, instant);
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  return `UTC${offset < 0 ? '−' : '+'}${hours}${minutes === 0 ? '' : `:${twoDigits(minutes)}`}`;
}

/** '09:00' from minutes after midnight, 0–1440. */
export function timeOfDay(minute: number): string {
  return `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`;
}

/** 'Thursday 11 June', '6월 11일 목요일'. */
export const longDate = (date: LocalDate, locale: Locale): string => write('long', date, locale);

/** 'Thu 11 June', 'Fri 27 Nov', '6월 11일 (목)'. */
export const shortDate = (date: LocalDate, locale: Locale): string => write('short', date, locale);

/** 'Thursday 11 June 2026', '2026년 6월 11일 목요일'. */
export const fullDate = (date: LocalDate, locale: Locale): string => write('full', date, locale);

/** '11 June', '6월 11일'. */
export const dayAndMonth = (date: LocalDate, locale: Locale): string => write('day', date, locale);

/** 'June 2026', '2026년 6월'. */
export const monthName = (month: YearMonth, locale: Locale): string => write('month', `${month}-01`, locale);

/** 'June', '6월': where the year is known from what stands beside it. */
export const monthWord = (month: YearMonth, locale: Locale): string =>
  wordsOf(locale).months[Number(month.slice(5)) - 1] ?? '';

/** 'Thursday', '목요일'. */
export const weekdayName = (date: LocalDate, locale: Locale): string => wordsOf(locale).weekdays[weekdayOf(date)] ?? '';

/** The day's number as people read it: '11'. */
export const dayNumber = (date: LocalDate): string => String(Number(date.slice(8)));

/** The week's days in the language's order; `day` 0 = Sunday. */
export function weekOf(
  locale: Locale,
): readonly { readonly day: number; readonly name: string; readonly short: string }[] {
  const { weekdays, weekdaysShort } = wordsOf(locale);
  return Array.from({ length: 7 }, (_, i) => {
    const day = (WEEK_START[locale] + i) % 7;
    return { day, name: weekdays[day] ?? '', short: weekdaysShort[day] ?? '' };
  });
}

/** How many days of its week stand before a date, in the language's order: 0–6. */
export const daysIntoWeek = (date: LocalDate, locale: Locale): number => (weekdayOf(date) - WEEK_START[locale] + 7) % 7;

function write(pattern: keyof (typeof PATTERNS)['en'], date: string, locale: Locale): string {
  const words = wordsOf(locale);
  const weekday = weekdayOf(date);
  const month = Number(date.slice(5, 7)) - 1;
  const parts: Record<string, string | undefined> = {
    weekday: words.weekdays[weekday],
    wd: words.weekdaysShort[weekday],
    day: String(Number(date.slice(8))),
    month: words.months[month],
    mon: words.monthsShort[month],
    year: String(Number(date.slice(0, 4))),
  };
  return PATTERNS[locale][pattern].replace(/\{(\w+)\}/g, (_, name: string) => parts[name] ?? '');
}

/** Dates carry no zone, so they are read and named in UTC, whose days never change length. */
const weekdayOf = (date: string): number => new Date(`${date}T00:00Z`).getUTCDay();

function wordsOf(locale: Locale): DateWords {
  const known = WORDS.get(locale);
  if (known) return known;
  const names = (options: Intl.DateTimeFormatOptions, dates: readonly string[]) => {
    const format = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
    return dates.map((date) => format.format(new Date(`${date}T00:00Z`)));
  };
  // 1 March 2026 is a Sunday.
  const week = Array.from({ length: 7 }, (_, day) => `2026-03-0${day + 1}`);
  const year = Array.from({ length: 12 }, (_, month) => `2026-${twoDigits(month + 1)}-01`);
  const months = names({ month: 'long' }, year);
  const cut = names({ month: 'short' }, year);
  const words = {
    weekdays: names({ weekday: 'long' }, week),
    weekdaysShort: names({ weekday: 'short' }, week),
    months,
    monthsShort: months.map((name, i) => (name.length <= 5 ? name : (cut[i] ?? name))),
  };
  WORDS.set(locale, words);
  return words;
}

const twoDigits = (number: number): string => String(number).padStart(2, '0');
