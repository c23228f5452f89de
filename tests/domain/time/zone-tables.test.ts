import moment from 'moment-timezone';
import { describe, expect, test } from 'vitest';
import { gzipSync } from 'node:zlib';
import { getZone, offsetMinutes, findZone } from '~/domain/time/zones';
import { knownOffsets } from '~/domain/time/known-offsets';
import { TABLES, TABLES_END, TABLES_START, VERSION } from '~db/zone-tables';

const DAY = 86_400_000;
const ADVICE = 'run `npm run zones` and commit db/zone-tables.ts';
const names = moment.tz.names().filter((name) => name.includes('/') || name === 'UTC');

describe('zone tables against the full data of the package that they come from', () => {
  test('they are of the installed release', () => {
    expect(VERSION, `a newer release of the zone data is installed: ${ADVICE}`).toBe(moment.tz.dataVersion);
  });

  test('every zone with a region is there, and no other', () => {
    const ours = TABLES.trim()
      .split('\n')
      .flatMap((line) => line.slice(0, line.indexOf(' |')).trim().split(' '));
    expect(ours.map((name) => name.replace('~', '')).sort(), ADVICE).toEqual([...names].sort());
  });

  test('every offset is the same at every change, just before it, and at both edges', () => {
    const from = TABLES_START + 21 * DAY;
    const to = TABLES_END - 21 * DAY - 1;
    let compared = 0;
    for (const name of names) {
      const zone = getZone(name);
      const full = moment.tz.zone(name) ?? expect.fail(`${name} has no data`);
      const changes = full.untils.filter((until) => until > from && until < to);
      for (const at of [from, to, ...changes, ...changes.map((until) => until - 1)]) {
        // The package counts west of Greenwich as positive.
        if (offsetMinutes(zone, at) !== -full.utcOffset(at))
          expect.fail(`${name} at ${new Date(at).toISOString()}: ${ADVICE}`);
        compared += 1;
      }
      expect(knownOffsets(zone).from.filter((at) => at > from && at < to).length, name).toBeLessThanOrEqual(
        changes.length,
      );
    }
    expect(compared).toBeGreaterThan(10_000);
  });

  test('they decide from 2024 to 2037', () => {
    expect(TABLES_START + 21 * DAY).toBeLessThan(Date.UTC(2024, 0, 1));
    expect(TABLES_END - 21 * DAY).toBeGreaterThan(Date.UTC(2038, 0, 1));
  });

  test('they stay small enough to be sent to a browser', () => {
    expect(gzipSync(TABLES).length).toBeLessThanOrEqual(8_192);
  });

  test('more zones than the memo holds are all answered', () => {
    const first = names.map((name) => offsetMinutes(getZone(name), Date.UTC(2026, 5, 1)));
    expect(names.map((name) => offsetMinutes(getZone(name), Date.UTC(2026, 5, 1)))).toEqual(first);
    expect(findZone('Europe/Berlin')).toBe('Europe/Berlin');
  });
});
