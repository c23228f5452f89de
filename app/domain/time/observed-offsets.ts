import { Temporal } from 'temporal-polyfill';
import type { Instant } from './instant';
import { tableOf, type OffsetTable } from './offset-table';

const MEMO_SIZE = 64;
const memo = new Map<string, OffsetTable>();

/**
 * A zone's offsets by Temporal and the runtime's own zone data, for years that our tables leave out. Slow
 * (a millisecond for a year), so whole years are kept.
 */
export function observedOffsets(zone: string, first: Instant, last: Instant): OffsetTable {
  const firstYear = Temporal.Instant.fromEpochMilliseconds(first).toZonedDateTimeISO('UTC').year;
  const endYear = Temporal.Instant.fromEpochMilliseconds(last).toZonedDateTimeISO('UTC').year + 1;
  const key = `${zone} ${firstYear} ${endYear}`;
  const known = memo.get(key);
  if (known !== undefined) return known;
  const table = observe(zone, Date.UTC(firstYear, 0, 1), Date.UTC(endYear, 0, 1));
  if (memo.size >= MEMO_SIZE) memo.clear();
  memo.set(key, table);
  return table;
}

function observe(zone: string, start: Instant, end: Instant): OffsetTable {
  const changes = [];
  let moment: Temporal.ZonedDateTime | null = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(zone);
  while (moment !== null && moment.epochMilliseconds < end) {
    changes.push({ at: moment.epochMilliseconds, offset: moment.offsetNanoseconds / 1e6 });
    moment = moment.getTimeZoneTransition('next');
  }
  return tableOf(changes);
}
