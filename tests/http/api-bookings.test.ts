import { describe, expect, test } from 'vitest';
import { getLocalDate } from '~/domain/time/local-date';
import { bookSlot } from '~/usecases/bookings/book-slot';
import { ALL_SCOPES, call, giveToken, refusalOf, type ApiCall } from '../support/api';
import { putBookings } from '../support/desk';
import { serve, type Served } from '../support/server';

/** Monday, 05:45 in Kathmandu, which is 5:45 ahead of UTC. */
const wish = { now: '2026-03-02T00:00Z', zone: 'Asia/Kathmandu', hours: 'Mon-Fri 9-17' };
const BOOKINGS = '/api/bookings';

const booking = (over: object = {}) => ({
  mentorId: 'min-ji',
  sessionTypeId: 'talk',
  date: '2026-03-04',
  startTime: '10:00',
  name: 'Ada Moreau',
  email: 'ada@example.com',
  ...over,
});
const book = (site: Served, body: object | string = booking(), more: ApiCall = {}) =>
  call(site, 'POST', BOOKINGS, { ...more, body });
const booked = (site: Served) =>
  site.database.owner(
    'select id, starts_at::text, status, name, email, time_zone, locale from bookings order by starts_at',
  );

describe('booking', () => {
  test('a visitor books by date and time in the mentor’s zone; the answer leads to the private page, mails go out', async () => {
    const site = await serve(wish);
    const answer = await book(site);
    expect(answer.status).toBe(201);
    const [row] = await booked(site);
    expect(answer.json).toEqual({
      id: row?.id,
      status: 'confirmed',
      start: '2026-03-04T04:15:00Z',
      end: '2026-03-04T05:15:00Z',
      link: expect.stringMatching(/^http:\/\/localhost:3000\/b\/[\w-]{43}$/),
    });
    expect(answer.headers.get('Location')).toBe(answer.json?.link);
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
    expect(row).toMatchObject({ name: 'Ada Moreau', time_zone: 'Asia/Kathmandu', locale: 'en', status: 'confirmed' });
    expect((await site.browser().get(String(answer.json?.link).replace('http://localhost:3000', ''))).status).toBe(200);
    await site.settled();
    const owed = await site.database.owner(
      `select recipient from booking_notifications where type = 'confirmed' order by 1`,
    );
    expect(owed).toEqual([{ recipient: 'booker' }, { recipient: 'mentor' }]);
  });

  test('it takes four journeys to the database, with an Idempotency-Key as well as without', async () => {
    const { app, database } = await serve(wish);
    // What follows the answer begins with a reading: it is not counted, and stays away here.
    const withoutAftermath = { ...app, db: { ...app.db, read: () => new Promise<never>(() => undefined) } };
    for (const [minute, requestHash] of [
      [600, undefined],
      [660, 'hash'],
    ] as const) {
      const before = database.roundTrips();
      const outcome = await bookSlot(withoutAftermath, {
        ...{
          mentor: { slug: 'min-ji' },
          type: 'first',
          start: { date: getLocalDate('2026-03-04'), minute, zone: null },
        },
        ...{ name: 'Ada', email: 'ada@example.com', timeZone: null, locale: 'en', clientAddress: '203.0.113.1' },
        requestKey: `key-${minute}`,
        requestHash,
      });
      expect([outcome.kind, database.roundTrips() - before]).toEqual(['booked', 4]);
    }
  });

  test('ids serve as well as names, another zone reads date and time, and an instant stands for both', async () => {
    const site = await serve(wish);
    const { id, typeId } = site.mentor;
    const elsewhere = booking({
      mentorId: id.toUpperCase(),
      sessionTypeId: typeId,
      timezone: 'europe/berlin',
      startTime: '05:15',
    });
    expect((await book(site, elsewhere)).json).toMatchObject({ start: '2026-03-04T04:15:00Z' });
    const { date: _date, startTime: _time, sessionTypeId: _type, ...rest } = booking();
    const instant = await book(
      site,
      { ...rest, start: '2026-03-04T11:00:00+05:45' },
      { headers: { 'Accept-Language': 'ko' } },
    );
    expect(instant.json).toMatchObject({ start: '2026-03-04T05:15:00Z' });
    expect((await booked(site)).map(({ time_zone, locale }) => `${time_zone} ${locale}`)).toEqual([
      'Europe/Berlin en',
      'Asia/Kathmandu ko',
    ]);
  });

  test('a time that clocks show twice, or never, is refused: programs send the instant', async () => {
    const site = await serve({ ...wish, zone: 'America/St_Johns', hours: 'Sun-Sat 0-24', type: { horizonDays: 365 } });
    // Clocks go from 02:00 to 03:00 on 8 March, and from 02:00 to 01:00 on 1 November.
    const never = await book(site, booking({ date: '2026-03-08', startTime: '02:30' }));
    expect(refusalOf(never)).toEqual({ status: 400, type: '/api#time-never', fields: ['startTime'] });
    const twice = await book(site, booking({ date: '2026-11-01', startTime: '01:00' }));
    expect(refusalOf(twice)).toEqual({ status: 400, type: '/api#time-twice', fields: ['startTime'] });
    expect(await booked(site)).toEqual([]);
    const { date: _date, startTime: _time, ...rest } = booking();
    expect((await book(site, { ...rest, start: '2026-11-01T04:30:00Z' })).status).toBe(201);
    // In another zone the same is decided by that zone's clocks.
    expect((await book(site, booking({ date: '2026-03-08', startTime: '02:30', timezone: 'UTC' }))).status).toBe(201);
  });

  test('what is taken, past or closed is refused with the nearest free starts', async () => {
    const site = await serve(wish);
    await book(site);
    const again = await book(site, booking({ email: 'bo@example.com' }));
    expect(refusalOf(again)).toEqual({ status: 409, type: '/api#slot-taken', fields: [] });
    expect(again.json?.nearest).toContain('2026-03-04T05:15:00Z');
    for (const gone of [
      { date: '2026-03-01' },
      { startTime: '20:00' },
      { startTime: '10:07' },
      { date: '2999-12-31' },
      { date: '1970-01-01' },
    ])
      expect([
        gone,
        refusalOf(await book(site, booking({ ...gone, email: 'bo@example.com' }), { address: JSON.stringify(gone) }))
          .type,
      ]).toEqual([gone, '/api#slot-taken']);
    expect(await booked(site)).toHaveLength(1);
  });

  test('the limits of the form hold: attempts of one address, bookings of one email, with when to come back', async () => {
    const site = await serve(wish);
    for (const hour of [10, 11, 12]) expect((await book(site, booking({ startTime: `${hour}:00` }))).status).toBe(201);
    const fourth = await book(site, booking({ startTime: '13:00' }));
    expect(refusalOf(fourth)).toEqual({ status: 429, type: '/api#too-many-bookings', fields: [] });
    expect(fourth.headers.get('Retry-After')).toBe('86400');
    await book(site);
    const sixth = await book(site, booking({ email: 'bo@example.com', startTime: '13:00' }));
    expect(sixth.status).toBe(429);
    expect(sixth.json?.detail).toContain('network address');
    expect(
      (await book(site, booking({ email: 'bo@example.com', startTime: '13:00' }), { address: '198.51.100.7' })).status,
    ).toBe(201);
  });

  test('unknown mentors and session types, and a session type of another mentor, are not found', async () => {
    const site = await serve(wish);
    const other = await site.addMentor({ slug: 'other', hours: 'Mon-Fri 9-17', type: { slug: 'else' } });
    for (const wrong of [
      { mentorId: 'nobody' },
      { mentorId: crypto.randomUUID() },
      { sessionTypeId: 'nothing' },
      { sessionTypeId: other.typeId },
      { sessionTypeId: 'else' },
    ])
      expect([wrong, refusalOf(await book(site, booking(wrong), { address: JSON.stringify(wrong) }))]).toEqual([
        wrong,
        { status: 404, type: '/api#no-such-mentor', fields: [] },
      ]);
  });

  test('all that is wrong is told at once, each by its field', async () => {
    const site = await serve(wish);
    const answer = await book(site, {
      mentorId: 'no/slash',
      date: '2026-02-30',
      timezone: 'Mars/Olympus',
      name: 'A',
      email: 'ada',
      phone: 'call me',
      message: 'x'.repeat(501),
      answers: { why: 'because' },
      guests: ['bo@example.com'],
      admin: true,
    });
    expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
    expect(refusalOf(answer)).toEqual({
      status: 400,
      type: '/api#invalid-request',
      fields: expect.arrayContaining([
        'mentorId',
        'date',
        'startTime',
        'timezone',
        'name',
        'email',
        'phone',
        'message',
        'answers.why',
        'guests',
        'admin',
      ]),
    });
    for (const { detail } of answer.json?.errors as { detail: string }[])
      expect(detail).toMatch(/^(Send |There is no such )/);
    expect(refusalOf(await book(site, {})).fields.sort()).toEqual(['date', 'email', 'mentorId', 'name']);
    expect(refusalOf(await book(site, booking({ start: '2026-03-04T04:15:00Z' }))).fields).toEqual(['start']);
  });

  test.each([
    ['nothing', ''],
    ['no JSON', '{"mentorId": '],
    ['a text', '"min-ji"'],
    ['a number', '1e999'],
    ['null', 'null'],
    ['a list', '[]'],
    ['a list of bookings', JSON.stringify([booking()])],
    ['a hundred thousand lists', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['a field that deep', `{"name": ${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`],
    ['prototypes', '{"__proto__": {"name": "x"}, "constructor": {"prototype": {}}, "toString": 1}'],
    ['a number for a name', JSON.stringify(booking({ name: 1e308 }))],
    ['null for a phone', JSON.stringify(booking({ phone: null }))],
    ['a list for an email', JSON.stringify(booking({ email: ['ada@example.com'] }))],
    ['lone surrogates in a zone', '{"timezone": "\\ud800"}'],
    [
      'thousands of unknown fields',
      JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`f${i}`, i]))),
    ],
  ])('%s instead of a booking is a refusal of ours, small and quick', async (_, body) => {
    const site = await serve(wish);
    const answer = await book(site, body);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
    expect(answer.text.length).toBeLessThan(10_000);
    expect(await booked(site)).toEqual([]);
  });

  test('NUL and lone surrogates in texts break nothing', async () => {
    const site = await serve(wish);
    const answer = await book(site, `${JSON.stringify(booking()).slice(0, -1)},"message":"a\\u0000b\\ud800"}`);
    expect(answer.status).toBe(201);
    expect(await site.database.owner('select message from bookings')).toEqual([{ message: 'ab\ufffd' }]);
  });

  test('other content types are 415, a body without one too, a page of another site 403', async () => {
    const site = await serve(wish);
    const form = await book(site, 'mentorId=min-ji', {
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    });
    expect(refusalOf(form)).toMatchObject({ status: 415, type: '/api#bad-content-type' });
    const foreign = await book(site, booking(), {
      headers: { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' },
    });
    expect(refusalOf(foreign)).toMatchObject({ status: 403, type: '/api#foreign-origin' });
    const large = await book(site, booking({ message: 'x'.repeat(1_000_001) }));
    expect(refusalOf(large)).toMatchObject({ status: 413, type: '/api#too-large' });
  });
});

describe('the same request sent again', () => {
  const named = { headers: { 'Idempotency-Key': 'a key of ours' } };

  test('one key and one body make one booking, even at the same moment, and get the same answer', async () => {
    const site = await serve(wish);
    const answers = await Promise.all([1, 2, 3, 4].map(() => book(site, booking(), named)));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const reordered = Object.fromEntries(Object.entries(booking()).reverse());
    expect((await book(site, JSON.stringify(reordered, null, 2), named)).text).toBe(answers[0]?.text);
    // Even when attempts have run out.
    for (let i = 0; i < 3; i += 1) expect((await book(site, booking(), named)).text).toBe(answers[0]?.text);
    expect(await booked(site)).toHaveLength(1);
    const audited = await site.database.owner(`select action from audit_log where action = 'booking.confirmed'`);
    expect(audited).toHaveLength(1);
  });

  test('the answer stays what it was when the booking was cancelled meanwhile', async () => {
    const site = await serve(wish);
    const first = await book(site, booking(), named);
    await site.database.owner(
      `update bookings set status = 'cancelled', cancelled_at = now(), cancelled_by = 'booker'`,
    );
    expect((await book(site, booking(), named)).text).toBe(first.text);
    expect(await booked(site)).toHaveLength(1);
  });

  test('one key with another body is refused, before and after the key is forgotten', async () => {
    const site = await serve(wish);
    await book(site, booking(), named);
    const other = booking({ startTime: '11:00' });
    expect(refusalOf(await book(site, other, named))).toEqual({ status: 409, type: '/api#key-used', fields: [] });
    await site.database.owner('delete from idempotency_keys');
    expect(refusalOf(await book(site, other, named)).type).toBe('/api#key-used');
    expect(await booked(site)).toHaveLength(1);
  });

  test('two requests of one key race with two mentors: one is booked, the other is refused', async () => {
    const site = await serve(wish);
    await site.addMentor({ slug: 'other', zone: 'Asia/Kathmandu', hours: 'Mon-Fri 9-17' });
    const answers = await Promise.all(['min-ji', 'other'].map((mentorId) => book(site, booking({ mentorId }), named)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(await booked(site)).toHaveLength(1);
  });

  test('a key is of its caller: the same one from elsewhere is another request', async () => {
    const site = await serve(wish);
    await book(site, booking(), named);
    const other = await book(site, booking({ email: 'bo@example.com', startTime: '11:00' }), {
      ...named,
      address: '198.51.100.7',
    });
    expect(other.status).toBe(201);
  });

  test('what was refused is not kept: once there is room the same request is carried out', async () => {
    const site = await serve(wish);
    await book(site, booking({ email: 'bo@example.com' }));
    expect((await book(site, booking(), named)).status).toBe(409);
    await site.database.owner(
      `update bookings set status = 'cancelled', cancelled_at = now(), cancelled_by = 'booker'`,
    );
    expect((await book(site, booking(), named)).status).toBe(201);
  });

  test.each([
    ['', 400],
    ['x'.repeat(256), 400],
    ['tab\there', 400],
    ['é', 400],
    ['x'.repeat(255), 201],
    ['"quoted"', 201],
  ])('a key of %j answers %i', async (key, status) => {
    const site = await serve(wish);
    const answer = await book(site, booking(), { headers: { 'Idempotency-Key': key } });
    expect([answer.status, refusalOf(answer).fields]).toEqual([status, status === 400 ? ['Idempotency-Key'] : []]);
  });

  test('keys hold neither the key nor anything of a person', async () => {
    const site = await serve(wish);
    await book(site, booking(), named);
    const kept = JSON.stringify(await site.database.owner('select * from idempotency_keys'));
    for (const told of ['a key of ours', 'Ada', 'ada@', '203.0.113.1']) expect(kept).not.toContain(told);
  });
});

describe('the list of bookings', () => {
  const page = async (site: Served, token: string, query = '') => call(site, 'GET', `${BOOKINGS}${query}`, { token });
  const names = (json: unknown) => (json as { bookings: { name: string }[] }).bookings.map(({ name }) => name);

  test('a mentor’s program reads the bookings of that mentor alone, whole, at the clocks of a zone', async () => {
    const site = await serve(wish);
    const other = await site.addMentor({ slug: 'other' });
    await putBookings(site, other, [{ start: '2026-03-04T04:15Z', name: 'Not Mine' }]);
    const [id] = await putBookings(site, site.mentor, [
      { start: '2026-03-04T04:15Z', name: 'Ada', message: 'Hello', phone: '+49 30 1', zone: 'Europe/Berlin' },
    ]);
    const answer = await page(site, await giveToken(site, site.mentor, ['bookings:read']));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
    expect(answer.json).toEqual({
      timezone: 'Asia/Kathmandu',
      bookings: [
        {
          id,
          status: 'confirmed',
          start: '2026-03-04T04:15:00Z',
          end: '2026-03-04T05:15:00Z',
          localStart: '2026-03-04T10:00:00+05:45',
          localEnd: '2026-03-04T11:00:00+05:45',
          sessionTypeId: site.mentor.typeId,
          sessionType: 'A talk',
          name: 'Ada',
          email: 'jonas@example.com',
          phone: '+49 30 1',
          message: 'Hello',
          answers: {},
          guests: [],
          timezone: 'Europe/Berlin',
          createdAt: '2026-03-03T04:15:00Z',
          updatedAt: '2026-03-03T04:15:00Z',
          cancelledAt: null,
          cancelledBy: null,
          cancellationReason: null,
        },
      ],
      next: null,
    });
  });

  test('pages follow each other without a gap or a repetition, also when somebody books in between', async () => {
    const site = await serve(wish);
    const token = await giveToken(site, site.mentor);
    const at = (i: number) => `2026-03-${String(4 + i).padStart(2, '0')}T04:15Z`;
    await putBookings(
      site,
      site.mentor,
      Array.from({ length: 7 }, (_, i) => ({ start: at(i), name: `P${i}` })),
    );
    const seen: string[] = [];
    let cursor = '';
    for (let pages = 0; pages < 10; pages += 1) {
      const { json } = await page(site, token, `?limit=3${cursor && `&cursor=${cursor}`}`);
      seen.push(...names(json));
      if (json?.next === null) break;
      cursor = String(json?.next);
      if (pages === 0)
        await putBookings(site, site.mentor, [
          { start: '2026-03-03T04:15Z', name: 'Before' },
          { start: '2026-03-20T04:15Z', name: 'After' },
        ]);
    }
    expect(seen).toEqual(['P0', 'P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'After']);
  });

  test('bookings of one start are told apart', async () => {
    const site = await serve(wish);
    const token = await giveToken(site, site.mentor);
    const start = '2026-03-04T04:15Z';
    await putBookings(
      site,
      site.mentor,
      Array.from({ length: 5 }, (_, i) => ({ start, name: `P${i}`, status: 'cancelled' as const })),
    );
    const seen = new Set<string>();
    let cursor = '';
    for (let i = 0; i < 5; i += 1) {
      const { json } = await page(site, token, `?limit=1${cursor && `&cursor=${cursor}`}`);
      names(json).forEach((name) => seen.add(name));
      cursor = String(json?.next);
    }
    expect([seen.size, cursor]).toEqual([5, 'null']);
  });

  test('filters by time, in dates of a zone or instants, and by status', async () => {
    const site = await serve(wish);
    const token = await giveToken(site, site.mentor);
    await putBookings(site, site.mentor, [
      // 23:45 on the 3rd in Kathmandu, and 00:15 on the 5th.
      { start: '2026-03-03T18:00Z', name: 'third' },
      { start: '2026-03-04T05:00Z', name: 'fourth', status: 'cancelled' },
      { start: '2026-03-04T18:30Z', name: 'fifth' },
    ]);
    const read = async (query: string) => names((await page(site, token, query)).json);
    expect(await read('?from=2026-03-04&to=2026-03-04')).toEqual(['fourth']);
    expect(await read('?from=2026-03-04&to=2026-03-04&timezone=UTC')).toEqual(['fourth', 'fifth']);
    expect(await read('?from=2026-03-03T18:00:00Z&to=2026-03-04T05:00:00Z')).toEqual(['third']);
    expect(await read('?from=2026-03-04T10:45:00%2B05:45')).toEqual(['fourth', 'fifth']);
    expect(await read('?status=cancelled')).toEqual(['fourth']);
    expect(await read('?status=completed')).toEqual([]);
  });

  test.each([
    ['?limit=0', ['limit']],
    ['?limit=101', ['limit']],
    ['?limit=1e2', ['limit']],
    ['?limit=9999999999999999999', ['limit']],
    ['?status=open&from=2026-02-29', ['from', 'status']],
    ['?from=2026-03-05&to=2026-03-04', ['to']],
    ['?from=2026-03-05&to=2026-03-06T00:00:00Z', ['to']],
    ['?stauts=confirmed', ['stauts']],
    ['?status=confirmed&status=cancelled', ['status']],
    ['?cursor=AAAA', ['cursor']],
    ['?cursor=%F0%9F%98%80', ['cursor']],
    ['?__proto__=1', ['__proto__']],
    ['?timezone=%2B02:00', ['timezone']],
    ['?from=275760-09-13', ['from']],
    ['?from=2026-03-04T25:00:00Z', ['from']],
  ])('%s is refused by its fields', async (query, fields) => {
    const site = await serve(wish);
    const answer = await page(site, await giveToken(site, site.mentor), query);
    expect({ ...refusalOf(answer), fields: refusalOf(answer).fields.sort() }).toEqual({
      status: 400,
      type: '/api#invalid-request',
      fields,
    });
  });
});

describe('cancelling', () => {
  const cancel = (site: Served, id: string, token: string, body?: object | string) =>
    call(site, 'DELETE', `${BOOKINGS}/${id}`, { token, ...(body === undefined ? {} : { body }) });

  test('a mentor’s program cancels with a reason, by the same rules as the desk; again it answers the same', async () => {
    const site = await serve(wish);
    const token = await giveToken(site, site.mentor, ['bookings:write']);
    const [id = ''] = await putBookings(site, site.mentor, [{ start: '2026-03-04T04:15Z' }]);
    const answer = await cancel(site, id, token, { reason: ' I am ill.\r\nSorry. ' });
    expect([answer.status, answer.json]).toEqual([200, { id, status: 'cancelled' }]);
    const stored = () =>
      site.database.owner('select status, cancelled_by, cancellation_reason, ical_sequence from bookings');
    const cancelled = {
      status: 'cancelled',
      cancelled_by: 'mentor',
      cancellation_reason: 'I am ill.\nSorry.',
      ical_sequence: 1,
    };
    expect(await stored()).toEqual([cancelled]);
    expect((await cancel(site, id.toUpperCase(), token)).json).toEqual({ id, status: 'cancelled' });
    expect(await stored()).toEqual([cancelled]);
    const entries = await site.database.owner('select actor, actor_id from audit_log');
    expect(entries).toEqual([{ actor: 'mentor', actor_id: site.mentor.id }]);
  });

  test('without a body, with an empty one and with an empty object no reason is given', async () => {
    const site = await serve(wish);
    const token = await giveToken(site, site.mentor);
    for (const [i, body] of [undefined, '', {}].entries()) {
      const [id = ''] = await putBookings(site, site.mentor, [{ start: `2026-03-0${4 + i}T04:15Z` }]);
      expect((await cancel(site, id, token, body)).status).toBe(200);
    }
    expect(await site.database.owner('select distinct cancellation_reason from bookings')).toEqual([
      { cancellation_reason: null },
    ]);
  });

  test('another mentor’s booking, none and no id are not found, and nothing happens', async () => {
    const site = await serve(wish);
    const other = await site.addMentor({ slug: 'other' });
    const [theirs = ''] = await putBookings(site, other, [{ start: '2026-03-04T04:15Z' }]);
    const token = await giveToken(site, site.mentor);
    for (const id of [theirs, crypto.randomUUID(), 'x', '%20', "'; drop table bookings"])
      expect([id, refusalOf(await cancel(site, id, token)).type]).toEqual([id, '/api#no-such-booking']);
    expect(await booked(site)).toMatchObject([{ status: 'confirmed' }]);
    expect(await site.database.owner('select 1 from audit_log')).toEqual([]);
  });

  test('what has begun can no longer be cancelled', async () => {
    const site = await serve(wish);
    const [id = ''] = await putBookings(site, site.mentor, [{ start: '2026-03-02T00:00Z' }]);
    const answer = await cancel(site, id, await giveToken(site, site.mentor));
    expect(refusalOf(answer)).toEqual({ status: 409, type: '/api#booking-begun', fields: [] });
    expect(await booked(site)).toMatchObject([{ status: 'confirmed' }]);
  });

  test('a wrong body is refused before anything is looked up', async () => {
    const site = await serve(wish);
    const token = await giveToken(site, site.mentor);
    const [id = ''] = await putBookings(site, site.mentor, [{ start: '2026-03-04T04:15Z' }]);
    expect(refusalOf(await cancel(site, id, token, { reason: 'x'.repeat(501) })).fields).toEqual(['reason']);
    expect(refusalOf(await cancel(site, id, token, { reasons: '' })).fields).toEqual(['reasons']);
    expect(refusalOf(await cancel(site, id, token, '[')).type).toBe('/api#bad-json');
    expect(await booked(site)).toMatchObject([{ status: 'confirmed' }]);
  });
});

test('what stands in the address of a call with a body is refused, and nothing is done', async () => {
  const site = await serve(wish);
  const token = await giveToken(site, site.mentor, ALL_SCOPES);
  for (const path of [BOOKINGS, '/api/availability'])
    expect(refusalOf(await call(site, 'POST', `${path}?dryRun=1`, { token, body: booking() }))).toEqual({
      status: 400,
      type: '/api#invalid-request',
      fields: ['dryRun'],
    });
  expect(await booked(site)).toEqual([]);
});

test('a body in another charset, or that is no UTF-8, is refused instead of booked garbled', async () => {
  const site = await serve(wish);
  const bytes = Buffer.from(JSON.stringify(booking({ name: 'José Peña' })), 'latin1');
  const post = (type: string) =>
    site.fetch(
      new Request(`http://localhost:3000${BOOKINGS}`, {
        method: 'POST',
        body: bytes,
        headers: { 'Content-Type': type },
      }),
    );
  expect((await post('application/json; charset=iso-8859-1')).status).toBe(415);
  const answer = await post('application/json; charset="UTF-8"');
  expect(await answer.json()).toMatchObject({ status: 400, type: '/api#bad-json' });
  expect((await book(site, booking({ name: '\ud800\ud800' }))).status).toBe(400);
  expect(await booked(site)).toEqual([]);
});

test('methods that an address does not have are 405, with those that it has', async () => {
  const site = await serve(wish);
  const token = await giveToken(site, site.mentor, ALL_SCOPES);
  for (const [method, path, allow] of [
    ['PUT', BOOKINGS, 'GET, HEAD, POST'],
    ['DELETE', BOOKINGS, 'GET, HEAD, POST'],
    ['PATCH', '/api/availability', 'GET, HEAD, POST'],
    ['GET', `${BOOKINGS}/${crypto.randomUUID()}`, 'DELETE'],
    ['POST', '/api/openapi.json', 'GET, HEAD'],
    ['PUT', '/api/nothing', 'GET, HEAD, OPTIONS'],
  ] as const) {
    const answer = await call(site, method, path, { token });
    expect([method, path, refusalOf(answer).type]).toEqual([method, path, '/api#bad-method']);
    expect(answer.headers.get('Allow')).toContain(allow);
  }
  expect(refusalOf(await call(site, 'GET', '/api/nothing'))).toMatchObject({
    status: 404,
    type: '/api#no-such-address',
  });
});
