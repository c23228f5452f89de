import { expect, test } from 'vitest';
import type { HoursRange } from '~/domain/availability/hours';
import { getLocalDate } from '~/domain/time/local-date';
import { getZone } from '~/domain/time/zones';
import { restoreDays, saveSpecialDays } from '~/usecases/availability/change-special-days';
import { saveHours } from '~/usecases/availability/save-hours';
import { scene, type Scene } from '../support/scene';

const week = (...ranges: HoursRange[]) => Array.from({ length: 7 }, () => ({ isOn: true, ranges }));
const nine = { start: 540, end: 600 };

const zoneOf = async ({ database }: Scene) => (await database.owner('select time_zone from mentors'))[0]?.time_zone;
const rangesOf = ({ database }: Scene) =>
  database.owner('select day_of_week, start_time::text, end_time::text from mentor_availability order by 1, 2');

test('hours, zone and lengths travel to the database in one journey', async () => {
  const stage = await scene({ hours: 'Mon-Fri 9-17' });
  const before = stage.database.roundTrips();
  await saveHours(stage.app, stage.mentor.id, {
    zone: getZone('Asia/Kathmandu'),
    week: week(nine),
    durationMinutes: 30,
    bufferAfterMinutes: 5,
  });
  expect(stage.database.roundTrips() - before).toBe(1);
  expect(await rangesOf(stage)).toHaveLength(7);
});

test('two saves at once never mix: one of them stands, whole', async () => {
  const stage = await scene({ hours: 'Mon-Fri 9-17' });
  const saves = Array.from({ length: 20 }, (_, i) =>
    saveHours(stage.app, stage.mentor.id, {
      zone: getZone(i % 2 === 0 ? 'Asia/Kathmandu' : 'America/St_Johns'),
      // One has a range a day, the other two; rows of both would overlap or be nine.
      week: i % 2 === 0 ? week(nine) : week({ start: 600, end: 660 }, { start: 720, end: 780 }),
      durationMinutes: i % 2 === 0 ? 30 : 45,
    }),
  );
  expect(await Promise.all(saves)).toMatchObject(saves.map(() => ({ kind: 'saved' })));
  const [type] = await stage.database.owner('select duration_minutes from session_types');
  const isEven = (await zoneOf(stage)) === 'Asia/Kathmandu';
  expect(await rangesOf(stage)).toHaveLength(isEven ? 7 : 14);
  expect(type?.duration_minutes).toBe(isEven ? 30 : 45);
});

test('hours that overlap are refused by the database too, and nothing of them is saved', async () => {
  const stage = await scene({ hours: 'Mon 9-17', zone: 'Asia/Seoul' });
  const before = await rangesOf(stage);
  const outcome = await saveHours(stage.app, stage.mentor.id, {
    zone: getZone('Asia/Tokyo'),
    week: week(nine, { start: 570, end: 700 }),
  });
  expect(outcome).toEqual({ kind: 'overlaps' });
  expect(await rangesOf(stage)).toEqual(before);
  expect(await zoneOf(stage)).toBe('Asia/Seoul');
  expect(await stage.database.owner('select 1 from audit_log')).toEqual([]);
});

test('length and pause go to the first session type that can be booked', async () => {
  const stage = await scene({ type: { position: 1 } });
  await stage.database.owner(
    `insert into session_types select (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'slug', slug || '-' || n, 'position', n, 'is_active', n <> 0))).*
     from session_types t, (values (0), (2)) as more(n)`,
  );
  await saveHours(stage.app, stage.mentor.id, { zone: getZone('Asia/Seoul'), week: week(), durationMinutes: 25 });
  const types = await stage.database.owner('select position, duration_minutes from session_types order by position');
  expect(types).toEqual([
    { position: 0, duration_minutes: 60 },
    { position: 1, duration_minutes: 25 },
    { position: 2, duration_minutes: 60 },
  ]);
});

test('special days that overlap are refused by the database too, and the earlier word on them stands', async () => {
  const stage = await scene({
    now: '2026-06-09T06:05Z',
    overrides: [{ date: '2026-06-25', range: null, reason: 'rest' }],
  });
  const date = getLocalDate('2026-06-25');
  const outcome = await saveSpecialDays(
    stage.app,
    { mentorId: stage.mentor.id, zone: getZone('Asia/Seoul') },
    { from: date, until: date, ranges: [nine, { start: 570, end: 700 }], reason: null },
  );
  expect(outcome).toEqual({ kind: 'overlaps' });
  expect(await stage.database.owner('select reason from mentor_availability_overrides')).toEqual([{ reason: 'rest' }]);
});

test('today is the mentor’s: in Kiritimati it is tomorrow already', async () => {
  const stage = await scene({ now: '2026-06-09T12:00Z', zone: 'Pacific/Kiritimati' });
  const save = (day: string, zone: string) =>
    saveSpecialDays(
      stage.app,
      { mentorId: stage.mentor.id, zone: getZone(zone) },
      { from: getLocalDate(day), until: getLocalDate(day), ranges: [], reason: null },
    );
  expect(await save('2026-06-09', 'Pacific/Kiritimati')).toEqual({ kind: 'past' });
  expect(await save('2026-06-09', 'Pacific/Pago_Pago')).toEqual({ kind: 'saved' });
  expect(await save('2026-06-10', 'Pacific/Kiritimati')).toEqual({ kind: 'saved' });
});

test('days are taken back to the week, and what is not there is no mistake', async () => {
  const stage = await scene({ overrides: [{ date: '2026-06-25', range: null }] });
  const run = { from: getLocalDate('2026-06-24'), until: getLocalDate('2026-06-26') };
  await restoreDays(stage.app, stage.mentor.id, run);
  await restoreDays(stage.app, stage.mentor.id, run);
  expect(await stage.database.owner('select 1 from mentor_availability_overrides')).toEqual([]);
});
