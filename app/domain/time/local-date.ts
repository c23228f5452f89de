declare const brand: unique symbol;

/** A date of the calendar without time or zone, `YYYY-MM-DD`. */
export type LocalDate = string & { readonly [brand]: 'LocalDate' };

/** A month of the calendar, `YYYY-MM`. */
export type YearMonth = string & { readonly [brand]: 'YearMonth' };

/** Days since 1970-01-01, which is 0. */
export type DayNumber = number;

// Nothing is booked outside these years; arithmetic inside them never leaves four digits.
const FIRST_YEAR = 1970;
const LAST_YEAR = 2999;

/** The date that the text names in full (`2026-06-11`), if there is one between 1970 and 2999. */
export function findLocalDate(text: string): LocalDate | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const month = findYearMonth(text.slice(0, 7));
  const day = Number(text.slice(8));
  return month !== undefined && day >= 1 && day <= lengthOf(month) ? (text as LocalDate) : undefined;
}

/** The date that the text names. Throws a RangeError where there is none: for text that was checked before. */
export function getLocalDate(text: string): LocalDate {
  const date = findLocalDate(text);
  if (date === undefined) throw new RangeError(`Not a date between 1970 and 2999: ${JSON.stringify(text)}`);
  return date;
}

/** The month that the text names in full (`2026-06`), if there is one between 1970 and 2999. */
export function findYearMonth(text: string): YearMonth | undefined {
  if (!/^\d{4}-\d{2}$/.test(text)) return undefined;
  const [year, month] = partsOf(text);
  return year >= FIRST_YEAR && year <= LAST_YEAR && month >= 1 && month <= 12 ? (text as YearMonth) : undefined;
}

export function monthOf(date: LocalDate): YearMonth {
  return date.slice(0, 7) as YearMonth;
}

export function firstDateOf(month: YearMonth): LocalDate {
  return `${month}-01` as LocalDate;
}

/** Every date of the month, ascending. */
export function datesOf(month: YearMonth): LocalDate[] {
  return Array.from({ length: lengthOf(month) }, (_, index) => `${month}-${twoDigits(index + 1)}` as LocalDate);
}

/** The month that lies `count` months later (earlier when negative). */
export function addMonths(month: YearMonth, count: number): YearMonth {
  const [year, number] = partsOf(month);
  const months = year * 12 + (number - 1) + count;
  return `${Math.floor(months / 12)}-${twoDigits((((months % 12) + 12) % 12) + 1)}` as YearMonth;
}

/** The date that lies `count` days later (earlier when negative). */
export function addDays(date: LocalDate, count: number): LocalDate {
  return dateOfDay(dayNumber(date) + count);
}

/** How many days after `from` the date `to` lies; negative when before. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return dayNumber(to) - dayNumber(from);
}

/** 0 = Sunday … 6 = Saturday. */
export function dayOfWeek(date: LocalDate): number {
  return weekdayOfDay(dayNumber(date));
}

/** 0 = Sunday … 6 = Saturday; 1970-01-01 was a Thursday. */
export function weekdayOfDay(day: DayNumber): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** Monday of the ISO week (ISO 8601: weeks begin on Monday) in which the day lies. */
export function mondayOfDay(day: DayNumber): DayNumber {
  return day - ((weekdayOfDay(day) + 6) % 7);
}

/** Days from 1970-01-01 to the date, by Howard Hinnant's days_from_civil (years begin in March, eras have 400). */
export function dayNumber(date: LocalDate): DayNumber {
  const [year, month] = partsOf(date);
  const day = Number(date.slice(8));
  const y = month > 2 ? year : year - 1;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The date that lies that many days after 1970-01-01, by Howard Hinnant's civil_from_days. */
export function dateOfDay(day: DayNumber): LocalDate {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + era * 400 + (month > 2 ? 0 : 1);
  return `${year}-${twoDigits(month)}-${twoDigits(dayOfMonth)}` as LocalDate;
}

function lengthOf(month: YearMonth): number {
  return daysBetween(firstDateOf(month), firstDateOf(addMonths(month, 1)));
}

function partsOf(text: string): [year: number, month: number] {
  return [Number(text.slice(0, 4)), Number(text.slice(5, 7))];
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
