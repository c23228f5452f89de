import { Temporal } from 'temporal-polyfill';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY } from '~/domain/time/instant';
import { getLocalDate } from '~/domain/time/local-date';
import {
  dateExists,
  findZone,
  getZone,
  isRepeated,
  offsetMinutes,
  startOfDate,
  toInstant,
  toWall,
  ZONE_DATA_VERSION,
  ZONE_IDS,
} from '~/domain/time/zones';
import { TABLES_END, TABLES_START } from '~db/zone-tables';

const minuteOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const instantOf = (zone: string, date: string, time: string) =>
  new Date(toInstant(getZone(zone), getLocalDate(date), minuteOf(time))).toISOString().replace(':00.000Z', 'Z');

describe('wall time to instant', () => {
  test.each([
    // a gap moves later by its length
    ['Europe/Berlin', '2026-03-29', '01:59', '2026-03-29T00:59Z'],
    ['Europe/Berlin', '2026-03-29', '02:00', '2026-03-29T01:00Z'],
    ['Europe/Berlin', '2026-03-29', '02:30', '2026-03-29T01:30Z'],
    ['Europe/Berlin', '2026-03-29', '03:00', '2026-03-29T01:00Z'],
    ['America/New_York', '2026-03-08', '02:30', '2026-03-08T07:30Z'],
    ['Australia/Lord_Howe', '2026-10-04', '02:15', '2026-10-03T15:45Z'],
    ['Antarctica/Troll', '2026-03-29', '01:30', '2026-03-29T01:30Z'],
    ['America/St_Johns', '2026-03-08', '02:30', '2026-03-08T06:00Z'],
    // a time that happens twice is the earlier
    ['Europe/Berlin', '2026-10-25', '02:00', '2026-10-25T00:00Z'],
    ['Europe/Berlin', '2026-10-25', '02:30', '2026-10-25T00:30Z'],
    ['Europe/Berlin', '2026-10-25', '03:00', '2026-10-25T02:00Z'],
    ['America/New_York', '2026-11-01', '01:30', '2026-11-01T05:30Z'],
    ['Australia/Lord_Howe', '2026-04-05', '01:45', '2026-04-04T14:45Z'],
    ['Antarctica/Troll', '2026-10-25', '01:30', '2026-10-24T23:30Z'],
    ['Africa/Cairo', '2026-10-29', '23:30', '2026-10-29T20:30Z'],
    // midnight in a gap; 24:00 is the next date's midnight
    ['Africa/Cairo', '2026-04-24', '00:00', '2026-04-23T22:00Z'],
    ['Africa/Cairo', '2026-04-23', '24:00', '2026-04-23T22:00Z'],
    ['Europe/Berlin', '2026-06-30', '24:00', '2026-06-30T22:00Z'],
    ['Asia/Kathmandu', '2026-06-11', '09:00', '2026-06-11T03:15Z'],
    ['Africa/Casablanca', '2026-02-15', '02:30', '2026-02-15T01:30Z'],
    ['Africa/Casablanca', '2026-03-22', '02:30', '2026-03-22T02:30Z'],
    // outside the years of our tables
    ['Pacific/Apia', '2011-12-30', '09:00', '2011-12-30T19:00Z'],
    ['Europe/Berlin', '2050-03-27', '02:30', '2050-03-27T01:30Z'],
    ['Europe/Berlin', '1985-03-31', '02:30', '1985-03-31T01:30Z'],
  ])('%s %s %s is %s', (zone, date, time, instant) => {
    expect(instantOf(zone, date, time)).toBe(instant);
  });
});

describe('newer data than the runtime’s', () => {
  test.each([
    ['America/Vancouver', '2026-12-15', -420],
    ['America/Edmonton', '2026-12-15', -360],
    ['America/Winnipeg', '2026-12-15', -300],
    ['Africa/Casablanca', '2026-12-15', 0],
    ['America/Havana', '2026-12-15', -240],
  ])('%s is at %s by %i minutes', (zone, date, offset) => {
    expect(offsetMinutes(getZone(zone), Date.parse(`${date}T00:00Z`))).toBe(offset);
  });

  test('Chisinau changes with the rest of Europe', () => {
    expect(offsetMinutes(getZone('Europe/Chisinau'), Date.parse('2027-03-28T00:59Z'))).toBe(120);
    expect(offsetMinutes(getZone('Europe/Chisinau'), Date.parse('2027-03-28T01:00Z'))).toBe(180);
  });

  test('the release of the data is told', () => {
    expect(ZONE_DATA_VERSION).toMatch(/^20\d\d[a-z]$/);
  });
});

describe('instant to wall time', () => {
  test.each([
    ['Asia/Kathmandu', '2026-06-11T00:00Z', '2026-06-11', '05:45'],
    ['America/St_Johns', '2026-06-11T00:00Z', '2026-06-10', '21:30'],
    ['Europe/Berlin', '2026-03-29T00:59Z', '2026-03-29', '01:59'],
    ['Europe/Berlin', '2026-03-29T01:00Z', '2026-03-29', '03:00'],
    ['Europe/Berlin', '2026-10-25T00:59Z', '2026-10-25', '02:59'],
    ['Europe/Berlin', '2026-10-25T01:00Z', '2026-10-25', '02:00'],
    ['Pacific/Kiritimati', '2026-12-31T10:00Z', '2027-01-01', '00:00'],
    ['UTC', '2026-06-11T23:59:59Z', '2026-06-11', '23:59'],
    ['Pacific/Apia', '2011-12-30T10:00Z', '2011-12-31', '00:00'],
  ])('%s at %s shows %s %s', (zone, instant, date, time) => {
    expect(toWall(getZone(zone), Date.parse(instant))).toEqual({ date, minute: minuteOf(time) });
  });

  test.each([
    ['America/Santiago', '2027-04-04T01:59Z', false],
    ['America/Santiago', '2027-04-04T02:00Z', true],
    ['America/Santiago', '2027-04-04T03:59Z', true],
    ['America/Santiago', '2027-04-04T04:00Z', false],
    ['Australia/Lord_Howe', '2026-04-04T14:29Z', false],
    ['Australia/Lord_Howe', '2026-04-04T14:30Z', true],
    ['Australia/Lord_Howe', '2026-04-04T15:30Z', false],
    // the hour before and after what is skipped
    ['Europe/Berlin', '2026-03-29T00:30Z', false],
    ['Europe/Berlin', '2026-03-29T01:30Z', false],
    ['Asia/Kathmandu', '2026-06-11T00:00Z', false],
    ['UTC', '2026-06-11T00:00Z', false],
    // outside the years of our tables
    ['Europe/Berlin', '2050-10-30T00:30Z', true],
    ['Europe/Berlin', '2050-10-30T02:00Z', false],
  ])('%s at %s shows a time that comes twice: %s', (zone, instant, twice) => {
    expect(isRepeated(getZone(zone), Date.parse(instant))).toBe(twice);
  });

  test('what the clock shows leads back to the instant, but for the second of a repeated hour', () => {
    const zone = fc.constantFrom(...ZONE_IDS);
    const minute = fc.integer({ min: Date.UTC(2024, 0, 3) / 60_000, max: Date.UTC(2037, 11, 29) / 60_000 });
    fc.assert(
      fc.property(zone, minute, (id, at) => {
        const { date, minute: minuteOfDay } = toWall(id, at * 60_000);
        const back = toInstant(id, date, minuteOfDay);
        expect(toWall(id, back)).toEqual({ date, minute: minuteOfDay });
        expect(at * 60_000 - back).toBeGreaterThanOrEqual(0);
        expect(at * 60_000 - back).toBeLessThanOrEqual(2 * 3_600_000);
      }),
    );
  });
});

describe('dates', () => {
  test.each([
    ['Africa/Cairo', '2026-04-24', '2026-04-23T22:00Z'],
    ['Asia/Beirut', '2026-03-29', '2026-03-28T22:00Z'],
    ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00Z'],
    // 23:30 of the day before was followed by 00:30
    ['America/Toronto', '1919-03-31', '1919-03-31T04:30Z'],
    // 00:01 was followed by 23:01 of the day before
    ['America/St_Johns', '2006-10-29', '2006-10-29T02:30Z'],
    ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00Z'],
  ])('in %s, %s begins at %s', (zone, date, instant) => {
    const day = date.startsWith('1919') ? date : getLocalDate(date);
    expect(startOfDate(getZone(zone), day as ReturnType<typeof getLocalDate>)).toBe(Date.parse(instant));
  });

  test.each([
    ['Pacific/Apia', '2011-12-29', true],
    ['Pacific/Apia', '2011-12-30', false],
    ['Pacific/Apia', '2011-12-31', true],
    ['Pacific/Fakaofo', '2011-12-30', false],
    ['Pacific/Kwajalein', '1993-08-21', false],
    ['Africa/Cairo', '2026-04-24', true],
    ['Asia/Beirut', '2026-03-29', true],
    ['America/Toronto', '2026-06-11', true],
  ])('in %s, %s exists: %s', (zone, date, exists) => {
    expect(dateExists(getZone(zone), getLocalDate(date))).toBe(exists);
  });

  test('the years at the edge of our tables join Temporal’s without a step', () => {
    for (const edge of [TABLES_START, TABLES_START + 21 * DAY, TABLES_END - 21 * DAY, TABLES_END]) {
      for (const zone of [getZone('Europe/Berlin'), getZone('Asia/Kathmandu'), getZone('Pacific/Kiritimati')]) {
        for (const at of [edge - 1, edge, edge + 1]) {
          const { timeZoneId, offsetNanoseconds } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
          expect([timeZoneId, offsetMinutes(zone, at)]).toEqual([zone, offsetNanoseconds / 6e10]);
        }
      }
    }
  });

  test('outside our years Temporal decides, for instants and for wall times', () => {
    const zone = fc.constantFrom(...['Europe/Berlin', 'America/St_Johns', 'Pacific/Apia', 'Africa/Cairo'].map(getZone));
    const minute = fc.oneof(
      fc.integer({ min: Date.UTC(1971, 0, 1) / 60_000, max: Date.UTC(2023, 11, 31) / 60_000 }),
      fc.integer({ min: Date.UTC(2038, 0, 2) / 60_000, max: Date.UTC(2060, 11, 31) / 60_000 }),
    );
    fc.assert(
      fc.property(zone, minute, (id, at) => {
        const zoned = Temporal.Instant.fromEpochMilliseconds(at * 60_000).toZonedDateTimeISO(id);
        const date = getLocalDate(zoned.toPlainDate().toString());
        const minuteOfDay = zoned.hour * 60 + zoned.minute;
        expect(toWall(id, at * 60_000)).toEqual({ date, minute: minuteOfDay });
        expect(toInstant(id, date, minuteOfDay)).toBe(
          zoned.toPlainDateTime().round('minute').toZonedDateTime(id, { disambiguation: 'compatible' })
            .epochMilliseconds,
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe('zone ids from forms', () => {
  test.each([
    ['europe/berlin', 'Europe/Berlin'],
    ['AMERICA/ARGENTINA/BUENOS_AIRES', 'America/Argentina/Buenos_Aires'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
    ['Asia/Calcutta', 'Asia/Calcutta'],
    ['Europe/Kyiv', 'Europe/Kyiv'],
    ['Asia/Ho_Chi_Minh', 'Asia/Ho_Chi_Minh'],
    ['US/Eastern', 'US/Eastern'],
    ['Etc/GMT+5', 'Etc/GMT+5'],
    ['utc', 'UTC'],
    ['Asia/Urumqi', 'Asia/Urumqi'],
    ['America/Port-au-Prince', 'America/Port-au-Prince'],
  ])('%s is %s', (text, zone) => {
    expect(findZone(text)).toBe(zone);
    expect(getZone(text)).toBe(zone);
  });

  test.each([
    '',
    ' ',
    'Z',
    '+02:00',
    'UTC+2',
    'EST',
    'GMT',
    'Japan',
    'ACT',
    'SystemV/EST5',
    'Europe/Berlin ',
    ' Europe/Berlin',
    '~US/Eastern',
    'Europe/Berlin\0',
    '|',
    'Europe/Atlantis',
    '2026-01-01T00:00[Europe/Berlin]',
    'Europe/Berlin Europe/Paris',
    'Europe/../Berlin',
    '__proto__',
    'constructor',
    'Europe/Berlin'.repeat(1000),
    '유럽/베를린',
    'Europe/Berlı̇n',
  ])('%j is no zone', (text) => {
    expect(findZone(text)).toBeUndefined();
    expect(() => getZone(text)).toThrow(RangeError);
  });

  test('a text that is no zone is named by the error', () => {
    expect(() => getZone('EST')).toThrow('Not a known time zone: "EST"');
  });

  test('zones are offered by today’s names, one for each place, and each can be sent back', () => {
    expect(ZONE_IDS.length).toBeGreaterThan(400);
    expect([...ZONE_IDS].sort()).toEqual(ZONE_IDS);
    expect(new Set(ZONE_IDS).size).toBe(ZONE_IDS.length);
    expect(ZONE_IDS).toEqual(
      expect.arrayContaining(['UTC', 'Asia/Kolkata', 'Europe/Kyiv', 'Asia/Ho_Chi_Minh', 'Asia/Kathmandu']),
    );
    for (const old of ['Asia/Calcutta', 'Europe/Kiev', 'US/Eastern', 'Etc/UTC', ''])
      expect(ZONE_IDS).not.toContain(old);
    for (const zone of ZONE_IDS) expect(findZone(zone)).toBe(zone);
  });
});
