import { describe, expect, test } from 'vitest';
import { atDesk, buttonOf, fieldsOf, putBookings } from '../support/desk';
import { serve, type Browser, type Served, type Visit } from '../support/server';

const HOURS = '/desk/availability';
const DAYS = '/desk/availability/days';
/** Places of days in the form. */
const [MON, TUE, WED, THU, FRI, SAT, SUN] = [0, 1, 2, 3, 4, 5, 6] as const;
const day = (position: number) => `days[${position}].on`;
const range = (position: number, index: number, bound: 'start' | 'end') =>
  `days[${position}].ranges[${index}].${bound}`;

/** Signed in, with the hours' form open; `press` posts it as it stands, changed, by a button (Enter when none is named). */
async function openHours(site: Served) {
  const browser = await atDesk(site);
  let page = (await browser.get(HOURS)).text;
  const press = async (button: string | null, changes: Record<string, string | undefined> = {}): Promise<Visit> => {
    const fields: Record<string, string | undefined> = {
      ...fieldsOf(page, HOURS),
      ...(button === null ? { intent: 'save' } : buttonOf(page, button)),
      ...changes,
    };
    const sent = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined);
    const answer = await browser.post(HOURS, Object.fromEntries(sent));
    if (answer.location === null) page = answer.text;
    return answer;
  };
  return { browser, press, shown: () => fieldsOf(page, HOURS), page: () => page };
}

const kept = (site: Served, mentorId = site.mentor.id) =>
  site.database.owner(
    `select day_of_week as day, to_char(start_time, 'HH24:MI') || '-' || to_char(end_time, 'HH24:MI') as hours, is_active
     from mentor_availability where mentor_id = $1 order by day_of_week, start_time`,
    [mentorId],
  );
const hoursOf = async (site: Served) => (await kept(site)).map(({ day: weekday, hours }) => `${weekday} ${hours}`);

const alertOf = (html: string) => (/role="alert"[\s\S]*?<\/ul>/.exec(html)?.[0] ?? '').replace(/<[^>]*>/g, ' ');
const noticeOf = (html: string) => /role="status"[^>]*>([^<]*)/.exec(html)?.[1];
const targetsOf = (html: string) =>
  [...(/role="alert"[\s\S]*?<\/ul>/.exec(html)?.[0] ?? '').matchAll(/href="#([^"]*)"/g)].map(([, id]) => id);

test('the form shows the hours that are kept, Monday first', async () => {
  const site = await serve({ hours: 'Mon 9-12, Mon 13-17, Sun 10:30-24:00', zone: 'Asia/Kathmandu' });
  const { shown, page } = await openHours(site);
  expect(shown()).toMatchObject({
    zone: 'Asia/Kathmandu',
    duration: '60',
    pause: '0',
    [day(MON)]: 'on',
    [range(MON, 0, 'start')]: '09:00',
    [range(MON, 1, 'end')]: '17:00',
    [day(SUN)]: 'on',
    [range(SUN, 0, 'start')]: '10:30',
    [range(SUN, 0, 'end')]: '24:00',
  });
  expect(shown()[day(TUE)]).toBeUndefined();
  expect(page()).toMatch(/Monday[\s\S]*Tuesday[\s\S]*Sunday/);
});

test('hours are saved however they are written, and shown as they are kept', async () => {
  const site = await serve({ hours: 'Mon 9-17' });
  const { browser, press } = await openHours(site);
  const answer = await press(null, {
    [range(MON, 0, 'start')]: ' 9 ',
    [range(MON, 0, 'end')]: '9:30pm',
    [day(SAT)]: 'on',
    [range(SAT, 0, 'start')]: '930',
    [range(SAT, 0, 'end')]: '24:00',
    zone: 'America/St_Johns',
    duration: '45',
    pause: '15',
  });
  expect(answer.status).toBe(303);
  expect(await hoursOf(site)).toEqual(['1 09:00-21:30', '6 09:30-24:00']);
  const [person] = await site.database.owner('select time_zone from mentors');
  const [type] = await site.database.owner('select duration_minutes, buffer_after_minutes from session_types');
  expect([person, type]).toEqual([
    { time_zone: 'America/St_Johns' },
    { duration_minutes: 45, buffer_after_minutes: 15 },
  ]);
  const page = await browser.get(answer.location ?? '');
  expect(page.text).toContain('Saved.');
  expect(fieldsOf(page.text, HOURS)).toMatchObject({ zone: 'America/St_Johns', [range(MON, 0, 'start')]: '09:00' });
  const log = await site.database.owner(
    "select actor, actor_id, subject_id from audit_log where action = 'availability.hours-saved'",
  );
  expect(log).toEqual([{ actor: 'mentor', actor_id: site.mentor.id, subject_id: site.mentor.id }]);
});

test('what was saved is what visitors see', async () => {
  const site = await serve({ now: '2026-03-02T00:00Z', zone: 'UTC', hours: 'Mon-Fri 9-17' });
  const { press } = await openHours(site);
  await press(null, { [range(TUE, 0, 'start')]: '20:00', [range(TUE, 0, 'end')]: '22:00' });
  const month = await site.browser().get(`/m/${site.mentor.slug}/talk?date=2026-03-03&tz=UTC`);
  expect(month.text).toContain('20:00');
  expect(month.text).not.toContain('start=2026-03-03T09');
});

test('ranges that touch become one', async () => {
  const site = await serve({ hours: 'Mon 9-12' });
  const { press } = await openHours(site);
  await press(null, { [range(MON, 1, 'start')]: '12', [range(MON, 1, 'end')]: '13:30' });
  expect(await hoursOf(site)).toEqual(['1 09:00-13:30']);
});

describe('buttons that change the form save nothing and keep what was typed', () => {
  test('Add hours puts a row below the others', async () => {
    const site = await serve({ hours: 'Mon 9-12' });
    const { press, shown } = await openHours(site);
    const answer = await press('+ Add hours Monday', { [range(MON, 0, 'start')]: 'half nine' });
    expect(answer.status).toBe(200);
    expect(shown()).toMatchObject({
      [range(MON, 0, 'start')]: 'half nine',
      [range(MON, 1, 'start')]: '13:00',
      [range(MON, 1, 'end')]: '15:00',
    });
    expect(answer.text).not.toContain('role="alert"');
    expect(noticeOf(answer.text)).toBe('What you changed in the form is not saved yet.');
    expect(await hoursOf(site)).toEqual(['1 09:00-12:00']);
  });

  test('Add hours on a closed day opens it', async () => {
    const site = await serve({ hours: 'Mon 9-12' });
    const { press, shown } = await openHours(site);
    const answer = await press('+ Add hours Saturday', { [range(MON, 0, 'end')]: '11' });
    expect(noticeOf(answer.text)).toBe('What you changed in the form is not saved yet.');
    expect(shown()).toMatchObject({
      [day(SAT)]: 'on',
      [range(SAT, 0, 'start')]: '09:00',
      [range(MON, 0, 'end')]: '11',
    });
    expect((await press(null)).status).toBe(303);
    expect(await hoursOf(site)).toEqual(['1 09:00-11:00', '6 09:00-17:00']);
  });

  test('Remove takes the one row away', async () => {
    const site = await serve({ hours: 'Mon 9-12, Mon 13-17' });
    const { press, shown } = await openHours(site);
    const answer = await press('Remove 09:00 to 12:00', { [range(MON, 1, 'end')]: '18' });
    expect(noticeOf(answer.text)).toBe('What you changed in the form is not saved yet.');
    expect(shown()).toMatchObject({ [range(MON, 0, 'start')]: '13:00', [range(MON, 0, 'end')]: '18' });
    expect(shown()[range(MON, 1, 'start')]).toBeUndefined();
    expect(await kept(site)).toHaveLength(2);
  });

  test('Copy gives the ticked days these hours, and opens them', async () => {
    const site = await serve({ hours: 'Mon 9-12, Mon 13-17, Tue 8-9' });
    const { press, shown } = await openHours(site);
    const answer = await press('Copy Monday', {
      [range(MON, 1, 'end')]: '18',
      'days[0].copyTo[0]': String(TUE),
      'days[0].copyTo[1]': String(SUN),
    });
    expect(noticeOf(answer.text)).toBe('Copied to Tuesday and Sunday. Not saved yet.');
    expect(shown()).toMatchObject({
      [range(TUE, 0, 'start')]: '09:00',
      [range(TUE, 1, 'end')]: '18',
      [day(SUN)]: 'on',
      [range(SUN, 1, 'end')]: '18',
    });
    expect(shown()[day(WED)]).toBeUndefined();
    expect(Object.keys(shown()).filter((name) => name.includes('copyTo'))).toEqual([]);
    await press(null);
    expect(await hoursOf(site)).toEqual([
      ...['0 09:00-12:00', '0 13:00-18:00', '1 09:00-12:00', '1 13:00-18:00', '2 09:00-12:00', '2 13:00-18:00'],
    ]);
  });

  test('Copy with no day ticked asks for one, and changes nothing', async () => {
    const site = await serve({ hours: 'Mon 9-12' });
    const { press, shown } = await openHours(site);
    const answer = await press('Copy Monday', { [range(MON, 0, 'end')]: '11' });
    expect(answer.status).toBe(200);
    expect(noticeOf(answer.text)).toBe('Choose the days to copy to.');
    expect(shown()).toMatchObject({ [range(MON, 0, 'start')]: '09:00', [range(MON, 0, 'end')]: '11' });
    expect(await hoursOf(site)).toEqual(['1 09:00-12:00']);
  });

  test('add, add, remove, save with a mistake, mend it, save', async () => {
    const site = await serve({ hours: 'Mon 9-12' });
    const { press, shown } = await openHours(site);
    await press('+ Add hours Monday');
    await press('+ Add hours Monday');
    await press('Remove 13:00 to 15:00');
    expect((await press(null, { [range(MON, 1, 'end')]: '1' })).status).toBe(400);
    expect(shown()[range(MON, 1, 'end')]).toBe('1');
    expect((await press(null, { [range(MON, 1, 'end')]: '20' })).status).toBe(303);
    expect(await hoursOf(site)).toEqual(['1 09:00-12:00', '1 16:00-20:00']);
  });
});

test('the first button of the form saves, so that Enter does', async () => {
  const site = await serve();
  const { page } = await openHours(site);
  const form = /<form[^>]*action="\/desk\/availability"[\s\S]*?<\/form>/.exec(page())?.[0] ?? '';
  expect(/<button[^>]*>/.exec(form)?.[0]).toMatch(/name="intent" value="save"/);
});

describe('hours that cannot be', () => {
  const mistakes: [string, Record<string, string>, string, string][] = [
    [
      'reversed',
      { [range(THU, 0, 'start')]: '22:00', [range(THU, 0, 'end')]: '19:00' },
      'Thursday, 22:00 to 19:00: This one ends before it begins.',
      range(THU, 0, 'end'),
    ],
    [
      'empty',
      { [range(THU, 0, 'start')]: '9', [range(THU, 0, 'end')]: '09:00' },
      'Thursday, 9 to 09:00: This one begins and ends at the same time.',
      range(THU, 0, 'end'),
    ],
    [
      'overlapping',
      { [range(THU, 1, 'start')]: '16:30', [range(THU, 1, 'end')]: '18' },
      'Thursday, 16:30 to 18: This one overlaps another of the same day.',
      range(THU, 1, 'end'),
    ],
    [
      'half written',
      { [range(THU, 0, 'end')]: '' },
      'Thursday, 09:00 to empty: Write both times, or remove this row.',
      range(THU, 0, 'end'),
    ],
    [
      'empty in a row',
      { [range(THU, 0, 'start')]: '', [range(THU, 0, 'end')]: '' },
      'Thursday: Write both times, or remove this row.',
      range(THU, 0, 'start'),
    ],
    [
      'unreadable',
      { [range(THU, 0, 'start')]: 'noonish' },
      'Thursday, noonish to 17:00: Write a time like 9, 9:30, 9pm or 24:00.',
      range(THU, 0, 'start'),
    ],
    [
      'past midnight',
      { [range(THU, 0, 'end')]: '24:30' },
      'Thursday, 09:00 to 24:30: Write a time like',
      range(THU, 0, 'end'),
    ],
    ['missing on a day that is on', { [day(SAT)]: 'on' }, 'Saturday: There are no hours here', day(SAT)],
    ['in no zone', { zone: 'Mars/Olympus' }, 'Time zone: Choose a time zone from the list.', 'zone'],
    ['for a session of no length', { duration: '0' }, 'Session length: A session takes', 'duration'],
    ['for a session of 0x10 minutes', { duration: '0x10' }, 'Session length: A session takes', 'duration'],
    ['with a pause of a day', { pause: '999' }, 'Pause after each session: A pause takes', 'pause'],
  ];

  test.each(mistakes)('%s: told at the row and above, nothing saved, all kept', async (_, changes, words, control) => {
    const site = await serve({ hours: 'Mon 9-17, Thu 9-17, Fri 9-17' });
    const before = await kept(site);
    const { press, shown } = await openHours(site);
    const typed = { [range(MON, 0, 'start')]: '10.15', ...changes };
    const answer = await press(null, typed);
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(/<title>Error: /);
    expect(alertOf(answer.text)).toContain('Not saved yet: one place needs a change');
    expect(alertOf(answer.text)).toContain(words);
    expect(targetsOf(answer.text)).toEqual([`hours-${control}`]);
    expect(answer.text).toContain(`id="hours-${control}"`);
    expect(answer.text).toMatch(/<p class="err"/);
    const filled = Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== ''));
    if (!('zone' in changes) && !('duration' in changes) && !('pause' in changes))
      expect(shown()).toMatchObject(filled);
    expect(shown()[range(MON, 0, 'start')]).toBe('10.15');
    expect(await kept(site)).toEqual(before);
  });

  test('several at once are all told', async () => {
    const site = await serve({ hours: 'Mon-Fri 9-17' });
    const { press } = await openHours(site);
    const answer = await press(null, {
      [range(MON, 0, 'end')]: 'x',
      [range(WED, 0, 'end')]: '8',
      [range(FRI, 1, 'start')]: '10',
      [range(FRI, 1, 'end')]: '11',
    });
    expect(alertOf(answer.text)).toContain('3 places need a change');
    expect(targetsOf(answer.text)).toHaveLength(3);
  });
});

test('a day that is switched off keeps its hours for the day it is switched on again', async () => {
  const site = await serve({ now: '2026-03-02T00:00Z', zone: 'UTC', hours: 'Mon 9-17, Tue 10-12' });
  const first = await openHours(site);
  await first.press(null, { [day(TUE)]: undefined });
  expect(await kept(site)).toMatchObject([
    { day: 1, is_active: true },
    { day: 2, hours: '10:00-12:00', is_active: false },
  ]);
  const month = await site.browser().get(`/m/${site.mentor.slug}/talk?date=2026-03-03&tz=UTC`);
  expect(month.text).not.toContain('start=2026-03-03');
  const second = await openHours(site);
  expect(second.shown()[day(TUE)]).toBeUndefined();
  await second.press(null, { [day(TUE)]: 'on' });
  expect(await kept(site)).toMatchObject([{ is_active: true }, { day: 2, hours: '10:00-12:00', is_active: true }]);
});

test('length and pause say which session type they are of, where there are several', async () => {
  const site = await serve({ type: { title: 'Career talk' } });
  const labels = (html: string) =>
    [...html.matchAll(/<label for="hours-(?:duration|pause)">([\s\S]*?)<\/label>/g)].map(([, inside = '']) =>
      inside.replace(/<[^>]*>/g, ''),
    );
  const one = await openHours(site);
  expect(labels(one.page())).toEqual(['Session length', 'Pause after each session']);
  await site.database.owner(
    `insert into session_types (id, mentor_id, slug, title, description, position, duration_minutes,
       minimum_notice_minutes, horizon_days, location_kind, questions)
     select gen_random_uuid(), mentor_id, 'review', 'Code review', description, 1, 30,
       minimum_notice_minutes, horizon_days, location_kind, questions from session_types`,
  );
  const several = await openHours(site);
  expect(labels(several.page())).toEqual(['Session length (Career talk)', 'Pause after each session (Career talk)']);
  await several.press(null, { duration: '45' });
  expect(await site.database.owner('select title, duration_minutes from session_types order by position')).toEqual([
    { title: 'Career talk', duration_minutes: 45 },
    { title: 'Code review', duration_minutes: 30 },
  ]);
});

test('nobody else’s hours change', async () => {
  const site = await serve({ hours: 'Mon 9-17' });
  const other = await site.addMentor({ slug: 'tomas', hours: 'Tue 9-17' });
  const { press } = await openHours(site);
  await press(null, { [range(MON, 0, 'end')]: '12', zone: 'Europe/Lisbon' });
  expect(await kept(site, other.id)).toEqual([{ day: 2, hours: '09:00-17:00', is_active: true }]);
  const [person] = await site.database.owner('select time_zone from mentors where id = $1', [other.id]);
  expect(person).toEqual({ time_zone: 'Asia/Seoul' });
});

describe('forged posts', () => {
  const forged: [string, Record<string, string>][] = [
    ['a list of 30,000 days', { 'days[30000].x': '1' }],
    ['a day far beyond the week', { 'days[99].on': 'on' }],
    ['a list that is a text', { days: '1' }],
    ['a day that is a text', { 'days[0]': '1' }],
    ['ranges that are a text', { 'days[0].ranges': '1' }],
    ['a prototype', { '__proto__.x': '1', 'days[0].__proto__.x': '1' }],
    ['an intent that is no JSON', { __intent__: '{' }],
    ['an intent of null', { __intent__: 'null' }],
    ['an unknown intent', { __intent__: '{"type":"explode","payload":{}}' }],
    ['an update', { __intent__: '{"type":"update","payload":{"name":"days","value":"x"}}' }],
    ['a removal from what is no list', { __intent__: '{"type":"remove","payload":{"name":"zone","index":0}}' }],
    ['an insertion far away', { __intent__: '{"type":"insert","payload":{"name":"days[0].ranges","index":100000}}' }],
    ['an unknown button', { intent: 'explode' }],
    ['a copy from the eighth day', { intent: 'copy:7' }],
    ['a day off that is no date', { intent: 'restore:2026-02-30:2026-02-30' }],
    ['NUL in a time', { [range(MON, 0, 'start')]: '\0' }],
    ['a time without end', { [range(MON, 0, 'start')]: '9'.repeat(10_000) }],
    ['a lone surrogate in the zone', { zone: '\ud800' }],
    ['a file’s name for a box', { [day(MON)]: 'yes' }],
  ];
  test('are no fault of ours and change nothing', async () => {
    const site = await serve({ hours: 'Mon 9-17' });
    const before = await kept(site);
    for (const [name, changes] of forged) {
      const { press } = await openHours(site);
      const started = performance.now();
      const answer = await press(null, changes);
      expect(performance.now() - started, name).toBeLessThan(5_000);
      expect([200, 303, 400], name).toContain(answer.status);
      expect(await kept(site), name).toEqual(before);
    }
  });

  test('a post without the form’s token is refused', async () => {
    const site = await serve({ hours: 'Mon 9-17' });
    const { press } = await openHours(site);
    expect((await press(null, { csrf: 'x', [range(MON, 0, 'end')]: '12' })).status).toBe(403);
    expect(await hoursOf(site)).toEqual(['1 09:00-17:00']);
  });
});

describe('days that are different', () => {
  const wish = { now: '2026-06-09T06:05Z', zone: 'Asia/Seoul', hours: 'Mon-Fri 9-17' };
  const daysOf = (site: Served) =>
    site.database.owner(
      `select date::text, is_available, to_char(start_time, 'HH24:MI') || '-' || to_char(end_time, 'HH24:MI') as hours, reason
       from mentor_availability_overrides order by date, start_time`,
    );
  const textOf = (html: string) =>
    (/aria-labelledby="h-days"[\s\S]*?<\/section>/.exec(html)?.[0] ?? '').replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
  async function openDays(site: Served, browser?: Browser) {
    const own = browser ?? (await atDesk(site));
    let page = (await own.get(DAYS)).text;
    const press = async (button: string | null, changes: Record<string, string> = {}): Promise<Visit> => {
      const pressed = button === null ? {} : buttonOf(page, button);
      const answer = await own.post(DAYS, { ...fieldsOf(page, DAYS), ...pressed, ...changes });
      if (answer.location === null) page = answer.text;
      return answer;
    };
    return { browser: own, press, shown: () => fieldsOf(page, DAYS) };
  }

  test('a run of days is closed, shown as one, and taken back', async () => {
    const site = await serve(wish);
    const { browser, press } = await openDays(site);
    const answer = await press(null, { from: '2026-06-27', until: '2026-06-28', kind: 'closed', reason: 'family <b>' });
    expect(answer.status).toBe(303);
    expect(await daysOf(site)).toEqual([
      { date: '2026-06-27', is_available: false, hours: null, reason: 'family <b>' },
      { date: '2026-06-28', is_available: false, hours: null, reason: 'family <b>' },
    ]);
    const page = await browser.get(answer.location?.split('#')[0] ?? '');
    expect(page.text).toContain('Saved. Sat 27 June to Sun 28 June: closed.');
    expect(textOf(page.text)).toContain('Sat 27 June to Sun 28 June closed family &lt;b&gt;');

    const restored = await browser.post(HOURS, {
      ...fieldsOf(page.text, HOURS),
      ...buttonOf(page.text, 'Remove Sat 27 June'),
      [range(MON, 0, 'start')]: 'not yet',
    });
    expect(restored.status).toBe(200);
    expect(restored.text).toContain('as in every week again');
    expect(fieldsOf(restored.text, HOURS)[range(MON, 0, 'start')]).toBe('not yet');
    expect(textOf(restored.text)).toContain('None.');
    expect(await daysOf(site)).toEqual([]);
    expect(await hoursOf(site)).toHaveLength(5);
  });

  test('a day gets hours of its own, several ranges of them, by the same buttons', async () => {
    const site = await serve(wish);
    const { browser, press, shown } = await openDays(site);
    await press('+ Add hours', { from: '2026-06-25', kind: 'hours', 'ranges[0].start': '13', 'ranges[0].end': '5pm' });
    expect(shown()).toMatchObject({ from: '2026-06-25', 'ranges[0].end': '5pm' });
    const answer = await press(null, { 'ranges[1].start': '19:00', 'ranges[1].end': '22' });
    expect(answer.status).toBe(303);
    expect((await daysOf(site)).map(({ date, hours }) => `${date} ${hours}`)).toEqual([
      '2026-06-25 13:00-17:00',
      '2026-06-25 19:00-22:00',
    ]);
    const page = await browser.get(answer.location?.split('#')[0] ?? '');
    expect(noticeOf(page.text)).toBe('Saved. Thu 25 June: 13:00–17:00, 19:00–22:00 instead of the usual hours.');
    expect(textOf(page.text)).toContain('Thu 25 June 13:00–17:00, 19:00–22:00 instead of the usual hours');
  });

  test('to add a day saves the hours first, so that nothing typed is lost', async () => {
    const site = await serve({ hours: 'Mon 9-17' });
    const { browser, press } = await openHours(site);
    const answer = await press('Save and add a day', { [range(MON, 0, 'end')]: '12' });
    expect([answer.status, answer.location?.split('?')[0]]).toEqual([303, DAYS]);
    expect(noticeOf((await browser.get(answer.location ?? '')).text)).toContain('Saved.');
    expect(await hoursOf(site)).toEqual(['1 09:00-12:00']);
  });

  test('to add a day with hours that cannot be stays with them, and says what they need', async () => {
    const site = await serve({ hours: 'Mon 9-17' });
    const { press, shown } = await openHours(site);
    const answer = await press('Save and add a day', { [range(MON, 0, 'end')]: '8' });
    expect(answer.status).toBe(400);
    expect(alertOf(answer.text)).toContain('Monday, 09:00 to 8: This one ends before it begins.');
    expect(shown()[range(MON, 0, 'end')]).toBe('8');
    expect(await hoursOf(site)).toEqual(['1 09:00-17:00']);
  });

  test('a later word on a day replaces the earlier one', async () => {
    const site = await serve({ ...wish, overrides: [{ date: '2026-06-25', range: ['10', '12'], reason: 'old' }] });
    const { press } = await openDays(site);
    await press(null, { from: '2026-06-25', kind: 'closed' });
    expect(await daysOf(site)).toEqual([{ date: '2026-06-25', is_available: false, hours: null, reason: null }]);
  });

  test('who has booked there is counted, and keeps the time', async () => {
    const site = await serve(wish);
    await putBookings(site, site.mentor, [
      { start: '2026-06-25T01:00Z' },
      { start: '2026-06-25T03:00Z', status: 'cancelled' },
    ]);
    const { browser, press } = await openDays(site);
    const answer = await press(null, { from: '2026-06-25', kind: 'closed' });
    const page = await browser.get(answer.location?.split('#')[0] ?? '');
    expect(page.text).toContain('One session is booked there and keeps its time');
    expect(await site.database.owner("select 1 from bookings where status = 'confirmed'")).toHaveLength(1);
  });

  test('a row without times is told of plainly', async () => {
    const site = await serve(wish);
    const { press } = await openDays(site);
    const answer = await press(null, { from: '2026-06-25', kind: 'hours' });
    expect(alertOf(answer.text)).toMatch(/change\s+Write both times\.\s*$/);
    expect(targetsOf(answer.text)).toHaveLength(1);
  });

  const mistakes: [string, Record<string, string>, string][] = [
    ['no date', { from: '' }, 'Write a date that exists'],
    ['30 February', { from: '2026-02-30' }, 'Write a date that exists'],
    ['another way to write', { from: '25/06/2026' }, 'Write a date that exists'],
    ['an end before the beginning', { from: '2026-06-25', until: '2026-06-24' }, 'The last day is before the first.'],
    ['yesterday in Seoul', { from: '2026-06-08' }, 'These days are over already.'],
    ['four years', { from: '2026-06-25', until: '2030-06-25' }, 'Change at most a year at a time.'],
    ['a day in four years', { from: '2030-06-25' }, 'Plan at most three years ahead.'],
    ['the year 9999', { from: '9999-12-31' }, 'Write a date that exists'],
    ['hours without hours', { kind: 'hours', 'ranges[0].start': '', 'ranges[0].end': '' }, 'Write both times'],
    [
      'reversed hours',
      { kind: 'hours', 'ranges[0].start': '17', 'ranges[0].end': '9' },
      'This one ends before it begins.',
    ],
    [
      'overlapping hours',
      { kind: 'hours', 'ranges[0].start': '9', 'ranges[0].end': '12', 'ranges[1].start': '11', 'ranges[1].end': '13' },
      'This one overlaps another',
    ],
    ['neither closed nor hours', { kind: 'maybe' }, 'Choose closed or other hours.'],
    ['a long note', { reason: 'x'.repeat(201) }, 'Keep the note below 200 characters.'],
  ];
  test.each(mistakes)('%s: told in words, nothing saved, all kept', async (_, changes, words) => {
    const site = await serve(wish);
    const { press, shown } = await openDays(site);
    const typed = { from: '2026-06-25', kind: 'closed', reason: 'mine', ...changes };
    const answer = await press(null, typed);
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(/<title>Error: /);
    expect(alertOf(answer.text)).toContain(words);
    for (const target of targetsOf(answer.text)) expect(answer.text).toContain(`id="${target}"`);
    expect(shown().reason).toBe(typed.reason);
    expect(await daysOf(site)).toEqual([]);
  });

  test('the address may say anything of days', async () => {
    const site = await serve(wish);
    const browser = await atDesk(site);
    const runs = ['x', ':', '2026-06-25', '2026-06-25:2026-06-24', '9999-12-31:9999-12-31', '0001-01-01:2026-01-01'];
    for (const days of runs)
      expect((await browser.get(`${HOURS}?${new URLSearchParams({ days })}`)).status, days).toBe(200);
  });
});

test('the page speaks Korean to whoever asks for it', async () => {
  const site = await serve();
  const browser = await atDesk(site);
  const page = await browser.get(HOURS, { 'Accept-Language': 'ko' });
  expect(page.text).toContain('예약 가능 시간');
  expect(page.text).toContain('월요일');
  expect(page.text).toMatch(/<html lang="ko"/);
});
