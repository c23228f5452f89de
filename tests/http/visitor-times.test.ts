import { expect, test } from 'vitest';
import { serve, type Visit } from '../support/server';

const SANTIAGO = {
  zone: 'America/Santiago',
  hours: 'Sat 22-24',
  now: '2027-03-30T12:00:00Z',
  type: { slotStep: '30' },
} as const;
const FORM = '/m/min-ji/talk/book?start=2027-04-04T02:30:00Z';

const textOf = ({ text }: Visit) =>
  text
    .replace(/<(script|style)[\s\S]*?<\/\1>/g, '')
    .replace(/<!--.*?-->/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

test('the night clocks go back in Santiago: no two times of the day read alike', async () => {
  const on = await serve(SANTIAGO);
  const month = await on.browser().get('/m/min-ji/talk?date=2027-04-03');
  expect(textOf(month)).toContain('23:00 UTC−3 23:30 UTC−3 23:00 UTC−4');
  expect(textOf(month)).not.toContain('22:00 UTC');
  expect(textOf(await on.browser().get(FORM))).toContain('23:30 (UTC−3)–');
});

test('a mentor who has no hours left this month is not called full', async () => {
  const on = await serve({
    now: '2026-06-09T06:05:00Z',
    hours: '',
    overrides: [{ date: '2026-07-02', range: ['10:00', '12:00'] }],
  });
  const home = textOf(await on.browser().get('/'));
  expect(home).toContain('Next free Thu 2 July, 10:00 in Seoul');
  expect(home).not.toContain('full');
});

test.each([
  ['nobody has told where they are', '', '15:40 in Seoul.'],
  ['the reader is elsewhere', '&tz=Asia/Kathmandu', '12:25 in Kathmandu.'],
])('a limit names the place of its clock when %s', async (_, zone, until) => {
  const on = await serve({ now: '2026-06-09T05:40:00Z', hours: 'Mon-Fri 10-12' });
  const browser = on.browser();
  const form = `/m/min-ji/talk/book?start=2026-06-11T01:00:00Z${zone}`;
  const fields = { name: 'Asha Rai', email: 'asha@example.com' };
  await browser.get(form);
  for (let i = 0; i < 5; i += 1) await browser.post(form, { ...fields, start: '2026-06-13T01:00:00Z' });
  const answer = await browser.post(form, { ...fields, start: '2026-06-11T01:00:00Z' });
  expect(answer.status).toBe(429);
  expect(textOf(answer)).toContain(`try again from ${until}`);
});
