import { TABLES, VERSION } from '~db/zone-tables';
import { DAY, MINUTE, type Instant } from './instant';
import { isKnownBetween, knownOffsets } from './known-offsets';
import { dateOfDay, dayNumber, type LocalDate } from './local-date';
import { observedOffsets } from './observed-offsets';
import { entryAt, instantOf, isRepeatedIn, offsetOf, type OffsetTable } from './offset-table';

declare const brand: unique symbol;

const AROUND = 21 * DAY;

/** An id of the IANA time zone database that our tables know, spelt as there; old and new names alike. */
export type ZoneId = string & { readonly [brand]: 'ZoneId' };

/** Release of the IANA time zone database from which our tables come. */
export const ZONE_DATA_VERSION = VERSION;

/** Every zone to offer for choice, by today's names, in alphabetical order, with UTC at the end. */
export const ZONE_IDS: readonly ZoneId[] = namesIn(TABLES).filter((name) => !name.startsWith('~')) as ZoneId[];

/** Lower case → as the database spells it. Made when first asked: an engine alone has no need of it. */
let spellings: ReadonlyMap<string, ZoneId> | undefined;

/**
 * The zone that the text names, in any case; old names (Asia/Calcutta) stay as they are. Only regions and UTC: offsets
 * (`+02:00`), POSIX rules and ids without a region (EST) are refused. Our tables decide, never the runtime's list,
 * which in Node 20 lacks Asia/Kolkata.
 */
export function findZone(text: string): ZoneId | undefined {
  spellings ??= new Map(
    namesIn(TABLES).map((name) => {
      const id = name.replace('~', '');
      return [id.toLowerCase(), id as ZoneId];
    }),
  );
  // A long text is not worth lower case; the longest id has 32 characters.
  return text.length <= 64 ? spellings.get(text.toLowerCase()) : undefined;
}

/** The zone that the text names. Throws a RangeError where there is none: for text that was checked before. */
export function getZone(text: string): ZoneId {
  const zone = findZone(text);
  if (zone === undefined) throw new RangeError(`Not a known time zone: ${JSON.stringify(text)}`);
  return zone;
}

/** Minutes by which the zone's clocks are ahead of UTC at the instant. */
export function offsetMinutes(zone: ZoneId, instant: Instant): number {
  const table = offsetsBetween(zone, instant, instant);
  return offsetOf(table, entryAt(table, instant)) / MINUTE;
}

/**
 * The instant at which the zone's clocks show a minute of a date (0–1440; 1440 is 24:00, the next date's midnight).
 * A time that happens twice is the earlier; one that is skipped is later by what is skipped (Temporal's `compatible`).
 */
export function toInstant(zone: ZoneId, date: LocalDate, minuteOfDay: number): Instant {
  const wall = dayNumber(date) * DAY + minuteOfDay * MINUTE;
  return instantOf(offsetsBetween(zone, wall, wall), wall);
}

/** The date and the whole minute of it (0–1439) that the zone's clocks show. */
export function toWall(zone: ZoneId, instant: Instant): { date: LocalDate; minute: number } {
  const wall = instant + offsetMinutes(zone, instant) * MINUTE;
  const day = Math.floor(wall / DAY);
  return { date: dateOfDay(day), minute: Math.floor((wall - day * DAY) / MINUTE) };
}

/** Whether the zone's clocks are set back so that what they show at the instant comes twice. */
export function isRepeated(zone: ZoneId, instant: Instant): boolean {
  return isRepeatedIn(offsetsBetween(zone, instant, instant), instant);
}

/** Whether the zone had that date at all: Apia went from 29 to 31 December 2011. */
export function dateExists(zone: ZoneId, date: LocalDate): boolean {
  return toWall(zone, startOfDate(zone, date)).date === date;
}

/** The first instant of the date, which is not always 00:00; of a skipped date, the first after it. */
export function startOfDate(zone: ZoneId, date: LocalDate): Instant {
  const midnight = dayNumber(date) * DAY;
  const table = offsetsBetween(zone, midnight, midnight);
  return startOfDay(table, midnight);
}

/** The first instant at which clocks show the midnight or later of the same day. */
export function startOfDay(table: OffsetTable, midnight: number): Instant {
  const instant = instantOf(table, midnight);
  // In a gap `compatible` answers a time after it; the day begins where the gap ends.
  const entry = entryAt(table, instant);
  const isSkipped = instant + offsetOf(table, entry) !== midnight;
  return isSkipped ? (table.from[entry] ?? instant) : instant;
}

/**
 * The one look at a zone: its offsets, for all that is asked about two instants or wall times, what lies between, and
 * three weeks on either side. Our tables decide inside their years, Temporal outside.
 */
export function offsetsBetween(zone: ZoneId, first: Instant, last: Instant): OffsetTable {
  const [from, to] = [first - AROUND, last + AROUND];
  return isKnownBetween(from, to) ? knownOffsets(zone) : observedOffsets(zone, from, to);
}

function namesIn(tables: string): string[] {
  return Array.from(tables.matchAll(/^ (.*) \|/gm), ([, names]) => String(names).split(' '))
    .flat()
    .sort();
}
