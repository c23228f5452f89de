import { expect, test } from 'vitest';
import { serve, type Visit } from '../support/server';

const textOf = ({ text }: Visit) =>
  text
    .replace(/<(script|style)[\s\S]*?<\/\1>/g, '')
    .replace(/<!--.*?-->/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

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
