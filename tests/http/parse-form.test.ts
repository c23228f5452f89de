import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseForm } from '~/http/parse-form';
import { keeper, openedForm, postOf, type Fields } from '../support/forms';

const range = z
  .object({ start: z.string({ error: 'Give a start' }), end: z.string({ error: 'Give an end' }) })
  .refine(({ start, end }) => start < end, { path: ['end'], error: 'Ends before it starts' });
const hours = z.object({
  title: z.string({ error: 'Give a name' }).max(40, 'Too long'),
  active: z.boolean().default(false),
  days: z
    .array(z.object({ day: z.string().optional(), ranges: z.array(range).max(6, 'Six at most').default([]) }))
    .length(7),
});

const WEEK: Fields = [0, 1, 2, 3, 4, 5, 6].map((day) => [`days[${day}].day`, String(day)] as const);
const parseHours = async (fields: Fields) => parseForm(await postOf([...WEEK, ...fields]), keeper, hours);
const intent = (type: string, payload: unknown) => ['__intent__', JSON.stringify({ type, payload })] as const;

/** The refusal that a post meets. */
async function refusalOf(work: Promise<unknown>): Promise<{ status: number; refusal: string }> {
  try {
    await work;
  } catch (thrown) {
    if (thrown instanceof Response) return { status: thrown.status, refusal: await thrown.text() };
    throw thrown;
  }
  throw new Error('nothing was refused');
}

test('a whole form succeeds, its token beside the value and not in it', async () => {
  const submission = await parseHours([
    ['title', 'Week'],
    ['active', 'on'],
    ['days[1].ranges[0].start', '09:00'],
    ['days[1].ranges[0].end', '17:00'],
  ]);
  expect(submission.status).toBe('success');
  expect(submission.status === 'success' && submission.value).toEqual({
    title: 'Week',
    active: true,
    days: [0, 1, 2, 3, 4, 5, 6].map((day) => ({
      day: String(day),
      ranges: day === 1 ? [{ start: '09:00', end: '17:00' }] : [],
    })),
  });
  expect(submission.formToken).toMatch(/^[\w-]+\.[\w-]+$/);
});

test('errors stand at their fields and all that was typed is still there', async () => {
  const submission = await parseHours([
    ['title', 'x'.repeat(41)],
    ['days[1].ranges[0].start', '17:00'],
    ['days[1].ranges[0].end', '09:00'],
  ]);
  const result = submission.reply();
  expect(result.error).toEqual({ title: ['Too long'], 'days[1].ranges[0].end': ['Ends before it starts'] });
  expect(result.initialValue).toMatchObject({ title: 'x'.repeat(41) });
  expect(JSON.stringify(result)).not.toContain('csrf');
});

test('list buttons add, move and remove rows and keep the rest', async () => {
  const rows: Fields = [
    ['title', 'Week'],
    ['days[1].ranges[0].start', '1'],
    ['days[1].ranges[1].start', '2'],
  ];
  const startsAfter = async (button: Fields[number]) => {
    const submission = await parseHours([...rows, button]);
    expect(submission.status).toBeUndefined();
    const { days, title } = submission.payload as { title: string; days: { ranges: { start: string }[] }[] };
    expect(title).toBe('Week');
    return days[1]?.ranges.map(({ start }) => start);
  };
  const name = 'days[1].ranges';
  expect(await startsAfter(intent('insert', { name, defaultValue: { start: '3', end: '4' } }))).toEqual([
    '1',
    '2',
    '3',
  ]);
  expect(await startsAfter(intent('insert', { name, index: 0, defaultValue: { start: '3' } }))).toEqual([
    '3',
    '1',
    '2',
  ]);
  expect(await startsAfter(intent('remove', { name, index: 0 }))).toEqual(['2']);
  expect(await startsAfter(intent('reorder', { name, from: 1, to: 0 }))).toEqual(['2', '1']);
});

test.each<[string, Fields]>([
  ['a list longer than any form', [['days[30000].x', '1']]],
  ['an index past the list', [['days[8].day', '1']]],
  ['an index past the inner list', [['days[1].ranges[7].start', '1']]],
  ['an index with a leading zero', [['days[01].day', '1']]],
  ['a text for a list', [['days', '1']]],
  ['a text for a row', [['days[1]', '1']]],
  ['an unknown name', [['admin', 'true']]],
  ['a name of every object', [['__proto__.polluted', '1']]],
  ['a constructor', [['constructor.prototype.polluted', '1']]],
  ['the state of Conform', [['__state__', '{']]],
  ['a name with a line break', [['title\n', '1']]],
])('a forged name is passed over: %s', async (_, forged) => {
  const clean = await parseHours([['title', 'Week']]);
  const submission = await parseHours([['title', 'Week'], ...forged]);
  expect(submission.status).toBe('success');
  expect(submission.payload).toEqual(clean.payload);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test.each<[string, Fields[number]]>([
  ['half a JSON', ['__intent__', '{']],
  ['null', ['__intent__', 'null']],
  ['an unknown type', intent('explode', {})],
  ['reset', intent('reset', { name: 'days' })],
  ['update of a wrong shape', intent('update', { name: 'days', value: 'x' })],
  ['validate', intent('validate', { name: 'title' })],
  ['remove on what is no list', intent('remove', { name: 'title', index: 0 })],
  ['remove on an unknown list', intent('remove', { name: 'guests', index: 0 })],
  ['insert at 100000', intent('insert', { name: 'days[1].ranges', index: 100_000 })],
  ['insert at -1', intent('insert', { name: 'days[1].ranges', index: -1 })],
  ['insert into a day that is not there', intent('insert', { name: 'days[9].ranges' })],
  ['a value of the wrong shape', intent('insert', { name: 'days', defaultValue: { ranges: 'x' } })],
  ['a value with a list inside', intent('insert', { name: 'days', defaultValue: { ranges: [] } })],
  ['a text where a row is due', intent('insert', { name: 'days[1].ranges', defaultValue: 'x' })],
  ['a value of a megabyte', intent('insert', { name: 'days[1].ranges', defaultValue: { start: 'x'.repeat(900_000) } })],
])('a forged intent is refused: %s', async (_, forged) => {
  expect(await refusalOf(parseHours([['title', 'Week'], forged]))).toEqual({ status: 400, refusal: 'bad-form' });
});

test('a prototype cannot be put in', async () => {
  const forged = '{"type":"insert","payload":{"name":"days[1].ranges","defaultValue":{"__proto__":"x"}}}';
  const { payload } = await parseHours([['__intent__', forged]]);
  expect(payload).toMatchObject({ days: { 1: { ranges: [{}] } } });
});

test('one row too many shows its error', async () => {
  const rows: Fields = [0, 1, 2, 3, 4, 5, 6].flatMap((row) => [
    [`days[1].ranges[${row}].start`, '1'] as const,
    [`days[1].ranges[${row}].end`, '2'] as const,
  ]);
  const submission = await parseHours([['title', 'Week'], ...rows]);
  expect(submission.reply().error).toEqual({ 'days[1].ranges': ['Six at most'] });
});

test('more fields than any form of ours: refused', async () => {
  const many: Fields = Array.from({ length: 501 }, () => ['title', 'x'] as const);
  expect(await refusalOf(parseHours(many))).toEqual({ status: 400, refusal: 'bad-form' });
});

test('the worst that can be admitted costs little', async () => {
  const lists = z.object({ tags: z.array(z.string()), rows: z.array(z.object({ cells: z.array(z.string()) })) });
  const forged: Fields = Array.from(
    { length: 490 },
    (_, i) => [`rows[${i % 100}].cells[${99 - Math.floor(i / 100)}]`, 'x'] as const,
  );
  const post = await postOf([...forged, ['tags[99]', 'x'], ['a'.repeat(400_000), 'x']]);
  const before = performance.now();
  const submission = await parseForm(post, keeper, lists);
  submission.reply();
  expect(performance.now() - before).toBeLessThan(1_000);
});

test('a list of scalars takes boxes of one name, and indexes, and a mixture without breaking', async () => {
  const lists = z.object({ tags: z.array(z.string()).default([]) });
  const tagsOf = async (fields: Fields) => {
    const submission = await parseForm(await postOf(fields), keeper, lists);
    return submission.status === 'success' ? submission.value.tags : 'refused';
  };
  expect(await tagsOf([])).toEqual([]);
  expect(await tagsOf([['tags', 'a']])).toEqual(['a']);
  expect(
    await tagsOf([
      ['tags', 'a'],
      ['tags', 'b'],
    ]),
  ).toEqual(['a', 'b']);
  expect(
    await tagsOf([
      ['tags[1]', 'b'],
      ['tags[0]', 'a'],
    ]),
  ).toEqual(['a', 'b']);
  for (const mixture of [
    [
      ['tags', 'a'],
      ['tags[0]', 'b'],
    ],
    [
      ['tags[0]', 'b'],
      ['tags', 'a'],
    ],
    [
      ['tags', 'a'],
      ['tags[0]', 'b'],
      ['tags', 'c'],
    ],
  ] as Fields[]) {
    await expect(tagsOf(mixture)).resolves.toBeDefined();
  }
});

test('NUL is taken out; emoji and right-to-left names stay', async () => {
  const submission = await parseHours([['title', 'ישר\0אל 👩🏽‍💻']]);
  expect(submission.status === 'success' && submission.value.title).toBe('ישראל 👩🏽‍💻');
});

test('a file for a text counts as absent', async () => {
  const post = await postOf([...WEEK, ['title', new File(['x'], 'x.txt')]], { multipart: true });
  const submission = await parseForm(post, keeper, hours);
  expect(submission.reply().error).toEqual({ title: ['Give a name'] });
});

test.each<[string, RequestInit]>([
  ['JSON', { body: '{}', headers: { 'Content-Type': 'application/json' } }],
  ['text', { body: 'a=1', headers: { 'Content-Type': 'text/plain' } }],
  ['a multipart body without its boundary', { body: 'x', headers: { 'Content-Type': 'multipart/form-data' } }],
  [
    'a multipart body that breaks off',
    { body: '--b\r\nContent-Disposition: form', headers: { 'Content-Type': 'multipart/form-data; boundary=b' } },
  ],
  ['no body', {}],
])('400 for %s', async (_, init) => {
  const post = new Request('http://localhost/form', { method: 'POST', ...init });
  expect(await refusalOf(parseForm(post, keeper, hours))).toEqual({ status: 400, refusal: 'bad-form' });
});

test('403 without a token, and with the token of another browser', async () => {
  const bare = new Request('http://localhost/form', { method: 'POST', body: new URLSearchParams({ title: 'x' }) });
  expect(await refusalOf(parseForm(bare, keeper, hours))).toEqual({ status: 403, refusal: 'stale-form' });
  const [mine, other] = [await openedForm(), await openedForm()];
  const stolen = new Request('http://localhost/form', {
    method: 'POST',
    body: new URLSearchParams({ csrf: other.token }),
    headers: { Cookie: mine.cookie },
  });
  expect(await refusalOf(parseForm(stolen, keeper, hours))).toEqual({ status: 403, refusal: 'stale-form' });
});

// What zod and Conform make of texts, as our forms rely on it.

const parseOne = async (type: z.ZodType, ...values: string[]) => {
  const submission = await parseForm(
    await postOf(values.map((value) => ['field', value] as const)),
    keeper,
    z.object({ field: type }),
  );
  return submission.status === 'success' ? (submission.value as { field?: unknown }).field : submission.error?.field;
};

test('an empty text counts as absent, blanks do not', async () => {
  expect(await parseOne(z.string({ error: 'Give it' }), '')).toEqual(['Give it']);
  expect(await parseOne(z.string().optional(), '')).toBeUndefined();
  expect(await parseOne(z.string().default('mine'), '')).toBe('mine');
  expect(await parseOne(z.string().trim().min(1, 'Give it'), '  ')).toEqual(['Give it']);
});

test('a box that is not ticked is false; only `on` is true', async () => {
  expect(await parseOne(z.boolean().default(false))).toBe(false);
  expect(await parseOne(z.boolean().default(false), 'on')).toBe(true);
  for (const text of ['true', '1', 'off'])
    expect(Array.isArray(await parseOne(z.boolean().default(false), text)), text).toBe(true);
});

test.each([
  [
    'one that is right',
    [
      ['title', 'a'],
      ['title', 'b'],
    ],
  ],
  [
    'one in a row of a list',
    [
      ['title', 'a'],
      ['days[0].ranges[0].start', '9'],
      ['days[0].ranges[0].start', '10'],
    ],
  ],
  ['with a list button', [['title', 'a'], ['title', 'b'], intent('insert', { name: 'days[1].ranges' })]],
] as const)('two values for one text are refused, not given back as a list: %s', async (_, fields) => {
  expect(await refusalOf(parseHours(fields))).toEqual({ status: 400, refusal: 'bad-form' });
});

test('a date that does not exist is no date', async () => {
  expect(await parseOne(z.iso.date(), '2026-06-11')).toBe('2026-06-11');
  expect(await parseOne(z.iso.date({ error: 'No such day' }), '2026-02-30')).toEqual(['No such day']);
});

test('whole numbers by pattern: no hexadecimal, no exponent', async () => {
  const minutes = z
    .string()
    .regex(/^\d{1,3}$/, 'Minutes')
    .transform(Number);
  expect(await parseOne(minutes, '45')).toBe(45);
  for (const text of ['0x10', '1e3', '1,5', 'Infinity', '-1'])
    expect(await parseOne(minutes, text), text).toEqual(['Minutes']);
});

test('fields behind pipes, unions, intersections and refinements are known', async () => {
  const type = z
    .intersection(z.object({ a: z.string().transform((text) => text.length) }), z.object({ b: z.string().optional() }))
    .refine(() => true);
  const union = z.union([
    z.object({ kind: z.literal('x'), x: z.string() }),
    z.object({ kind: z.literal('y'), y: z.string() }),
  ]);
  expect(
    (
      await parseForm(
        await postOf([
          ['a', 'abc'],
          ['b', 'c'],
        ]),
        keeper,
        type,
      )
    ).status,
  ).toBe('success');
  expect(
    (
      await parseForm(
        await postOf([
          ['kind', 'y'],
          ['y', 'c'],
        ]),
        keeper,
        union,
      )
    ).status,
  ).toBe('success');
  const piped = z.preprocess((value) => value, z.object({ deep: z.object({ c: z.string() }) }));
  expect((await parseForm(await postOf([['deep.c', 'c']]), keeper, piped)).status).toBe('success');
});
