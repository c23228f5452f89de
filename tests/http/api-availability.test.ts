import { describe, expect, test } from 'vitest';
import { call, giveToken, refusalOf, type ApiCall } from '../support/api';
import { putBookings } from '../support/desk';
import { serve, type Served } from '../support/server';

/** Monday, 05:45 in Kathmandu, which is 5:45 ahead of UTC. */
const wish = { now: '2026-03-02T00:00Z', zone: 'Asia/Kathmandu', hours: 'Mon-Fri 9-17' };
const AVAILABILITY = '/api/availability';
const look = (site: Served, query: Record<string, string>, more: ApiCall = {}) =>
  call(site, 'GET', `${AVAILABILITY}?${new URLSearchParams({ mentorId: 'min-ji', ...query })}`, more);
const starts = (json: unknown) => (json as { slots: { start: string }[] }).slots.map(({ start }) => start);

describe('free times', () => {
  test('are told as instants and at the clocks of the zone asked for, without a token', async () => {
    const site = await serve(wish);
    const answer = await look(site, { from: '2026-03-03', to: '2026-03-03', timezone: 'america/st_johns' });
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      mentorId: site.mentor.id,
      sessionTypeId: site.mentor.typeId,
      timezone: 'America/St_Johns',
      durationMinutes: 60,
      from: '2026-03-03T03:30:00Z',
      to: '2026-03-04T03:30:00Z',
      next: null,
    });
    const slots = answer.json?.slots as object[];
    expect(slots).toHaveLength(8);
    expect(slots[0]).toEqual({
      start: '2026-03-03T04:15:00Z',
      end: '2026-03-03T05:15:00Z',
      localStart: '2026-03-03T00:45:00-03:30',
      localEnd: '2026-03-03T01:45:00-03:30',
    });
  });

  test('dates are the mentor’s where no zone is asked for, both of them whole; instants are exact, the last left out', async () => {
    const site = await serve({ ...wish, hours: 'Sun-Sat 0-24' });
    const inDates = await look(site, { from: '2026-03-04', to: '2026-03-05' });
    expect(inDates.json).toMatchObject({
      timezone: 'Asia/Kathmandu',
      from: '2026-03-03T18:15:00Z',
      to: '2026-03-05T18:15:00Z',
    });
    expect(starts(inDates.json)).toHaveLength(48);
    const inInstants = await look(site, { from: '2026-03-04T00:15:00Z', to: '2026-03-04T09:00:00+05:45' });
    expect(starts(inInstants.json)).toEqual(['2026-03-04T00:15:00Z', '2026-03-04T01:15:00Z', '2026-03-04T02:15:00Z']);
  });

  test('a day on which clocks change is as long as it is', async () => {
    const site = await serve({ ...wish, zone: 'America/St_Johns', hours: 'Sun-Sat 0-24' });
    const { json } = await look(site, { from: '2026-03-08', to: '2026-03-08' });
    expect(starts(json)).toHaveLength(23);
    expect((json?.slots as { localStart: string }[]).slice(1, 3).map(({ localStart }) => localStart)).toEqual([
      '2026-03-08T01:00:00-03:30',
      '2026-03-08T03:00:00-02:30',
    ]);
  });

  test('what is booked is not among them, and what is free can be booked as it is told', async () => {
    const site = await serve(wish);
    await putBookings(site, site.mentor, [{ start: '2026-03-03T04:15Z' }]);
    const day = { from: '2026-03-03', to: '2026-03-03' };
    const free = starts((await look(site, day)).json);
    expect(free).toEqual(['03', '05', '06', '07', '08', '09', '10'].map((hour) => `2026-03-03T${hour}:15:00Z`));
    const start = free[1];
    const body = { mentorId: 'min-ji', start, name: 'Ada', email: 'ada@example.com' };
    expect((await call(site, 'POST', '/api/bookings', { body })).status).toBe(201);
    expect(starts((await look(site, day)).json)).not.toContain(start);
  });

  test('mentor and session type are named by id or by address; the first session type where none is named', async () => {
    const site = await serve(wish);
    const day = { from: '2026-03-03', to: '2026-03-03' };
    const byName = await look(site, { ...day, sessionTypeId: 'talk' });
    expect((await look(site, { ...day, mentorId: site.mentor.id, sessionTypeId: site.mentor.typeId })).text).toBe(
      byName.text,
    );
    expect((await look(site, day)).text).toBe(byName.text);
    const other = await site.addMentor({ slug: 'other' });
    const wrongs: Record<string, string>[] = [
      { mentorId: 'nobody' },
      { sessionTypeId: 'nothing' },
      { sessionTypeId: other.typeId },
    ];
    for (const wrong of wrongs)
      expect(refusalOf(await look(site, { ...day, ...wrong }))).toEqual({
        status: 404,
        type: '/api#no-such-mentor',
        fields: [],
      });
  });

  test('it takes one journey to the database besides the limit’s', async () => {
    const site = await serve(wish);
    await look(site, { from: '2026-03-03', to: '2027-03-01' });
    expect(site.lines.at(-1)?.trips).toBe(2);
  });

  test('the answer may be kept by anybody for seconds, and is not sent again to whoever has it', async () => {
    const site = await serve(wish);
    const day = { from: '2026-03-03', to: '2026-03-03' };
    const first = await look(site, day);
    expect(first.headers.get('Cache-Control')).toBe('public, max-age=5');
    expect(first.headers.get('Set-Cookie')).toBeNull();
    const etag = first.headers.get('ETag') ?? '';
    expect(etag).toMatch(/^"[\da-f]{32}"$/);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await look(site, day, { headers: { 'If-None-Match': known } });
      expect([again.status, again.text, again.headers.get('ETag')]).toEqual([304, '', etag]);
    }
    await putBookings(site, site.mentor, [{ start: '2026-03-03T04:15Z' }]);
    const changed = await look(site, day, { headers: { 'If-None-Match': etag } });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('ETag')).not.toBe(etag);
    const head = await call(site, 'HEAD', `${AVAILABILITY}?mentorId=min-ji&from=2026-03-03&to=2026-03-03`);
    expect([head.status, head.text]).toEqual([200, '']);
  });

  test.each([
    [{ from: '2026-02-30', to: '2026-03-03' }, ['from']],
    [{ from: '2026-03-03', to: '2027-02-29' }, ['to']],
    [{ from: '2026-03-03', to: '2026-03-02' }, ['to']],
    [{ from: '2026-03-03T00:00:00Z', to: '2026-03-03T00:00:00Z' }, ['to']],
    [{ from: '2026-03-03', to: '2027-03-04' }, ['to']],
    [{ from: '2026-03-03T00:00:00Z', to: '2027-03-04T00:00:01Z' }, ['to']],
    [{ from: '2026-03-03', to: '2026-03-04T00:00:00Z' }, ['to']],
    [{ from: '2026-03-03', to: '2026-03-04', timezone: 'Mars/Olympus' }, ['timezone']],
    [{ from: '2026-03-03', to: '2026-03-04', timezone: '+05:45' }, ['timezone']],
    [{ from: '2026-03-03', to: '2026-03-04', zone: 'UTC' }, ['zone']],
    [{ from: '+275760-09-13', to: '2026-03-04', mentorId: '../admin' }, ['from', 'mentorId']],
    [{ mentorId: 'min-ji' }, ['from', 'to']],
    [{ from: '2011-12-30', to: '2011-12-30', timezone: 'Pacific/Apia' }, ['from']],
  ])('%j is refused by its fields', async (query, fields) => {
    const site = await serve(wish);
    const answer = await look(site, query);
    expect({ ...refusalOf(answer), fields: refusalOf(answer).fields.sort() }).toEqual({
      status: 400,
      type: '/api#invalid-request',
      fields,
    });
    expect(answer.headers.get('Cache-Control')).toBe('private, no-cache');
  });

  test('a year and a day of leap years may be asked for, and long ago and far ahead has nothing', async () => {
    const site = await serve(wish);
    expect((await look(site, { from: '2026-03-03', to: '2027-03-03' })).status).toBe(200);
    for (const [from, to] of [
      ['1970-01-01', '1970-12-31'],
      ['2999-01-01', '2999-12-31'],
    ] as const) {
      const answer = await look(site, { from, to });
      expect([from, answer.status, starts(answer.json)]).toEqual([from, 200, []]);
    }
  });

  test('of very many the first five thousand are told, and where to go on', async () => {
    const site = await serve({
      ...wish,
      hours: 'Sun-Sat 0-24',
      type: { slotStep: '5', durationMinutes: 5, horizonDays: 365 },
    });
    const all = await look(site, { from: '2026-03-03', to: '2026-04-02' });
    const { next, to } = all.json as { next: string; to: string };
    expect(starts(all.json)).toHaveLength(5_000);
    const rest = await look(site, { from: next, to });
    expect(starts(rest.json)[0]).toBe(next);
    expect(starts(all.json).length + starts(rest.json).length).toBe(31 * 288);
    expect(rest.json?.next).toBeNull();
  });

  test('looks are counted by caller: the 121st in a minute is refused with when to come back', async () => {
    const site = await serve(wish);
    const day = { from: '2026-03-03', to: '2026-03-03' };
    for (let looks = 0; looks < 120; looks += 1) expect((await look(site, day)).status).toBe(200);
    const refused = await look(site, day);
    expect(refusalOf(refused)).toEqual({ status: 429, type: '/api#too-many-requests', fields: [] });
    expect(refused.headers.get('Retry-After')).toBe('60');
    expect((await look(site, day, { address: '198.51.100.7' })).status).toBe(200);
    // With a token it is the token that is counted; a made-up one opens no other door.
    expect((await look(site, day, { token: await giveToken(site, site.mentor) })).status).toBe(200);
    const forged = await look(site, day, { token: `slotwell_${'x'.repeat(43)}` });
    expect(refusalOf(forged)).toEqual({ status: 401, type: '/api#token-unknown', fields: [] });
  });
});

describe('weekly hours', () => {
  const replace = (site: Served, token: string, body: object | string, headers: Record<string, string> = {}) =>
    call(site, 'POST', AVAILABILITY, { token, body, headers });
  const kept = async (site: Served, { id } = site.mentor) =>
    (
      await site.database.owner(
        `select day_of_week || ' ' || start_time || '-' || end_time || case when is_active then '' else ' off' end as hours
         from mentor_availability where mentor_id = $1 order by day_of_week, start_time`,
        [id],
      )
    ).map(({ hours }) => hours);

  test('a mentor’s program replaces all of them, and the zone: visitors see the new ones', async () => {
    const site = await serve(wish);
    const token = await giveToken(site, site.mentor, ['availability:write']);
    const other = await site.addMentor({ slug: 'other', hours: 'Mon 9-10' });
    const answer = await replace(site, token, {
      timezone: 'australia/lord_howe',
      hours: [
        { dayOfWeek: 4, startTime: '20:00', endTime: '24:00' },
        { dayOfWeek: 0, startTime: '12:00', endTime: '13:30' },
        { dayOfWeek: 0, startTime: '09:00', endTime: '12:00' },
        { dayOfWeek: 2, startTime: '00:00', endTime: '01:00', isActive: false },
      ],
    });
    expect([answer.status, answer.json]).toEqual([
      200,
      {
        timezone: 'Australia/Lord_Howe',
        hours: [
          { dayOfWeek: 0, startTime: '09:00', endTime: '13:30', isActive: true },
          { dayOfWeek: 2, startTime: '00:00', endTime: '01:00', isActive: false },
          { dayOfWeek: 4, startTime: '20:00', endTime: '24:00', isActive: true },
        ],
      },
    ]);
    expect(await kept(site)).toEqual(['0 09:00:00-13:30:00', '2 00:00:00-01:00:00 off', '4 20:00:00-24:00:00']);
    expect(await kept(site, other)).toEqual(['1 09:00:00-10:00:00']);
    const free = await look(site, { from: '2026-03-02', to: '2026-03-08' });
    expect((free.json?.slots as { localStart: string }[]).map(({ localStart }) => localStart.slice(0, 16))).toEqual([
      ...['20', '21', '22', '23'].map((hour) => `2026-03-05T${hour}:00`),
      ...['09', '10', '11', '12'].map((hour) => `2026-03-08T${hour}:00`),
    ]);
    const audited = await site.database.owner('select actor, actor_id, action from audit_log');
    expect(audited).toEqual([{ actor: 'mentor', actor_id: site.mentor.id, action: 'availability.hours-saved' }]);
  });

  test('without a zone it stays, and an empty week is one', async () => {
    const site = await serve(wish);
    const token = await giveToken(site, site.mentor);
    expect((await replace(site, token, { hours: [] })).json).toEqual({ timezone: 'Asia/Kathmandu', hours: [] });
    expect(await kept(site)).toEqual([]);
  });

  const range = (dayOfWeek: unknown, startTime: unknown, endTime: unknown, more = {}) => ({
    dayOfWeek,
    startTime,
    endTime,
    ...more,
  });
  test.each([
    [{}, ['hours']],
    [{ hours: {} }, ['hours']],
    [{ hours: [range(7, '09:00', '10:00')] }, ['hours[0].dayOfWeek']],
    [{ hours: [range(1.5, '9:00', '24:01')] }, ['hours[0].dayOfWeek', 'hours[0].endTime', 'hours[0].startTime']],
    [{ hours: [range(1e308, '09:00', '10:00')] }, ['hours[0].dayOfWeek']],
    [{ hours: [range('1', 540, null)] }, ['hours[0].dayOfWeek', 'hours[0].endTime', 'hours[0].startTime']],
    [{ hours: [range(1, '10:00', '10:00'), range(2, '11:00', '09:00')] }, ['hours[0].endTime', 'hours[1].endTime']],
    [
      { hours: [range(1, '09:00', '12:00'), range(2, '09:00', '12:00'), range(1, '11:00', '13:00')] },
      ['hours[2].startTime'],
    ],
    [{ hours: [range(1, '09:00', '10:00'), range(1, '11:00', '12:00', { isActive: false })] }, ['hours[1].isActive']],
    [{ hours: [range(1, '09:00', '10:00', { is_active: false })] }, ['hours[0].is_active']],
    [
      { hours: Array.from({ length: 13 }, (_, i) => range(1, `${10 + i}:00`, `${10 + i}:30`)) },
      ['hours[12].dayOfWeek'],
    ],
    [{ hours: Array.from({ length: 5_000 }, () => null) }, null],
    [{ hours: [], timezone: 'Nowhere', zone: 1 }, ['timezone', 'zone']],
  ])('%j is refused by its fields, and nothing changes', async (body, fields) => {
    const site = await serve(wish);
    const answer = await replace(site, await giveToken(site, site.mentor), body);
    expect(refusalOf(answer)).toMatchObject({ status: 400, type: '/api#invalid-request' });
    if (fields !== null) expect(refusalOf(answer).fields.sort()).toEqual(fields);
    expect(answer.text.length).toBeLessThan(10_000);
    expect(await kept(site)).toHaveLength(5);
  });

  test('a repeated request is answered as the first time, though the mentor has moved to another zone since', async () => {
    const site = await serve(wish);
    const token = await giveToken(site, site.mentor);
    const key = { 'Idempotency-Key': 'before moving' };
    const first = await replace(site, token, { hours: [] }, key);
    await site.database.owner(`update mentors set time_zone = 'Europe/Berlin'`);
    expect((await replace(site, token, { hours: [] }, key)).json).toEqual(first.json);
  });

  test('one key and one body are carried out once and answered alike; another body is refused', async () => {
    const site = await serve(wish);
    const token = await giveToken(site, site.mentor);
    const key = { 'Idempotency-Key': 'week 10' };
    const body = { hours: [range(1, '09:00', '10:00')] };
    const answers = await Promise.all([1, 2, 3].map(() => replace(site, token, body, key)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    await replace(site, token, { hours: [range(2, '09:00', '10:00')] });
    // The first request again: it was carried out already, and undoes nothing.
    expect((await replace(site, token, body, key)).text).toBe(answers[0]?.text);
    expect(await kept(site)).toEqual(['2 09:00:00-10:00:00']);
    const other = await replace(site, token, { hours: [] }, key);
    expect(refusalOf(other)).toEqual({ status: 409, type: '/api#key-used', fields: [] });
    expect(await kept(site)).toEqual(['2 09:00:00-10:00:00']);
    expect(await site.database.owner(`select 1 from audit_log where action = 'availability.hours-saved'`)).toHaveLength(
      2,
    );
  });

  test('it takes three journeys: who calls, the limit, and the hours', async () => {
    const site = await serve(wish);
    const token = await giveToken(site, site.mentor);
    for (const key of ['x', 'y']) {
      await replace(site, token, { hours: [] }, { 'Idempotency-Key': key });
      await site.settled();
    }
    // Of the second call no use is noted: that is once a minute, after the answer.
    expect(site.lines.at(-1)?.trips).toBe(3);
  });
});
