import { TABLES, TABLES_END, TABLES_START } from '~db/zone-tables';
import { MINUTE, type Instant } from './instant';
import { tableOf, type OffsetTable } from './offset-table';

const MEMO_SIZE = 64;
const memo = new Map<string, OffsetTable>();

/** Whether our tables decide for everything between the two instants. */
export function isKnownBetween(first: Instant, last: Instant): boolean {
  return first >= TABLES_START && last < TABLES_END;
}

/** A zone's offsets from our own tables; the zone must be one of theirs. */
export function knownOffsets(zone: string): OffsetTable {
  const known = memo.get(zone);
  if (known !== undefined) return known;
  const table = decode(zone);
  if (memo.size >= MEMO_SIZE) memo.clear();
  memo.set(zone, table);
  return table;
}

/** Reads the one line that names the zone, as db/zone-tables.ts describes it. */
function decode(zone: string): OffsetTable {
  const named = Math.max(TABLES.indexOf(` ${zone} `), TABLES.indexOf(` ~${zone} `));
  const line = TABLES.slice(TABLES.indexOf('|', named) + 1, TABLES.indexOf('\n', named));
  const [palette, which, gaps] = line.split('|') as [palette: string, which: string, gaps: string];
  const offsets = palette.split(' ').map((text) => parseInt(text, 36) * MINUTE);
  const minutes = gaps.split(' ').map((text) => parseInt(text, 36));
  let at = TABLES_START;
  return tableOf(
    Array.from(which, (digit, index) => {
      if (index > 0) at += (minutes[index - 1] ?? NaN) * MINUTE;
      return { at, offset: offsets[parseInt(digit, 36)] ?? NaN };
    }),
  );
}
