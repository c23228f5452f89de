import { expect, test } from 'vitest';
import { EDGE_NEEDS, parseEnvironment, type Needs } from '~/config';

const LEAST = { SITE_URL: 'https://slotwell.example', SESSION_SECRET: 'a-secret-of-more-than-32-characters-1' };
const QSTASH = {
  QSTASH_TOKEN: 'token',
  QSTASH_CURRENT_SIGNING_KEY: 'sig_current',
  QSTASH_NEXT_SIGNING_KEY: 'sig_next',
};
const UPSTASH = { UPSTASH_REDIS_REST_URL: 'https://calm-otter.upstash.io/', UPSTASH_REDIS_REST_TOKEN: 'token' };
const RESEND = { RESEND_API_KEY: 're_123', EMAIL_FROM: 'bookings@slotwell.example' };
const NEON = { DATABASE_URL: 'postgresql://owner:password@ep-river.neon.tech/slotwell' };
const EDGE = { ...LEAST, ...QSTASH, ...RESEND, ...NEON };

/** The names that are complained of, sorted; none: all is well. */
function faultsOf(variables: Record<string, string>, needs?: Needs): string[] {
  try {
    parseEnvironment(variables, needs);
    return [];
  } catch (error) {
    expect((error as Error).name).toBe('ConfigError');
    const { message } = error as Error;
    expect(message).not.toContain('secret-word');
    return message.split('\n').map((line) => /^[A-Z_]+(?=: \S)/.exec(line)?.[0] ?? line);
  }
}

test('services whose variables are absent or empty are switched off', () => {
  const none = { resend: null, upstash: null, qstash: null };
  expect(parseEnvironment(LEAST)).toMatchObject(none);
  const empty = Object.fromEntries(Object.keys({ ...QSTASH, ...UPSTASH, ...RESEND }).map((name) => [name, ' ']));
  expect(parseEnvironment({ ...LEAST, ...empty })).toMatchObject(none);
});

test('services whose variables are there are described, blanks around them cut', () => {
  expect(parseEnvironment({ ...EDGE, ...UPSTASH, RESEND_API_KEY: ' re_123\n' }, EDGE_NEEDS)).toMatchObject({
    databaseUrl: NEON.DATABASE_URL,
    emailFrom: RESEND.EMAIL_FROM,
    resend: { apiKey: 're_123' },
    upstash: { url: 'https://calm-otter.upstash.io', token: 'token' },
    qstash: {
      url: 'https://qstash.upstash.io',
      token: 'token',
      currentSigningKey: 'sig_current',
      nextSigningKey: 'sig_next',
    },
  });
  const american = 'https://qstash-us-east-1.upstash.io';
  expect(parseEnvironment({ ...EDGE, QSTASH_URL: american }).qstash?.url).toBe(american);
});

test.each<[string, Record<string, string>, string[]]>([
  ['Upstash without its token', { UPSTASH_REDIS_REST_URL: 'https://x.upstash.io' }, ['UPSTASH_REDIS_REST_TOKEN']],
  ['Upstash without its address', { UPSTASH_REDIS_REST_TOKEN: 'secret-word' }, ['UPSTASH_REDIS_REST_URL']],
  [
    'QStash without its keys',
    { QSTASH_TOKEN: 'secret-word' },
    ['QSTASH_CURRENT_SIGNING_KEY', 'QSTASH_NEXT_SIGNING_KEY'],
  ],
  [
    'an address of QStash alone',
    { QSTASH_URL: 'https://qstash-us-east-1.upstash.io' },
    ['QSTASH_TOKEN', 'QSTASH_CURRENT_SIGNING_KEY', 'QSTASH_NEXT_SIGNING_KEY'],
  ],
  ['Resend without a sender', { RESEND_API_KEY: 'secret-word' }, ['EMAIL_FROM']],
  ['a key with a line break', { ...RESEND, RESEND_API_KEY: 're_\nsecret-word' }, ['RESEND_API_KEY']],
  ['an address that is none', { ...UPSTASH, UPSTASH_REDIS_REST_URL: 'secret-word' }, ['UPSTASH_REDIS_REST_URL']],
])('half a service is a fault that names the other half: %s', (_, variables, faults) => {
  expect(faultsOf({ ...LEAST, ...variables })).toEqual(faults);
});

test('where nothing else sends, calls and keeps, everything needed is demanded, together with what is wrong', () => {
  expect(faultsOf(EDGE, EDGE_NEEDS)).toEqual([]);
  expect(faultsOf({ SESSION_SECRET: 'secret-word', EMAIL_FROM: 'secret-word' }, EDGE_NEEDS).sort()).toEqual([
    'DATABASE_URL',
    'EMAIL_FROM',
    'QSTASH_CURRENT_SIGNING_KEY',
    'QSTASH_NEXT_SIGNING_KEY',
    'QSTASH_TOKEN',
    'RESEND_API_KEY',
    'SESSION_SECRET',
    'SITE_URL',
  ]);
  expect(faultsOf({ ...EDGE, EMAIL_FROM: '' }, EDGE_NEEDS)).toEqual(['EMAIL_FROM']);
  expect(faultsOf({ ...EDGE, DATABASE_URL: 'postgresql:///local' }, EDGE_NEEDS)).toEqual(['DATABASE_URL']);
  expect(faultsOf({ ...LEAST, DATABASE_URL: 'postgresql:///local' })).toEqual([]);
});

test('the public keys of QStash’s development server sign nothing on a site that others can reach', () => {
  const known = {
    QSTASH_CURRENT_SIGNING_KEY: 'sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r',
    QSTASH_NEXT_SIGNING_KEY: 'sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs',
  };
  expect(faultsOf({ ...EDGE, ...known })).toEqual(Object.keys(known));
  expect(faultsOf({ ...EDGE, ...known, SITE_URL: 'http://localhost:8787' })).toEqual([]);
});

test.each(['HTTPS://slotwell.example', ' https://slotwell.example', 'hTTps://SLOTWELL.example/x'])(
  'an address is read before it is judged: %j is https too',
  (SITE_URL) => {
    const QSTASH_CURRENT_SIGNING_KEY = 'sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r';
    expect(faultsOf({ ...EDGE, SITE_URL, QSTASH_CURRENT_SIGNING_KEY })).toEqual(['QSTASH_CURRENT_SIGNING_KEY']);
  },
);

test('at the edge mail needs a real sender: what ends in .invalid is none', () => {
  for (const EMAIL_FROM of ['bookings@slotwell.invalid', 'bookings@SLOTWELL.Invalid'])
    expect(faultsOf({ ...EDGE, EMAIL_FROM }, EDGE_NEEDS)).toEqual(['EMAIL_FROM']);
  expect(faultsOf({ ...LEAST, EMAIL_FROM: 'bookings@slotwell.invalid' })).toEqual([]);
});

test.each([
  'postgresql://owner:secret-word#rest@ep-river.neon.tech/slotwell',
  'postgresql://owner:12#secret-word@ep-river.neon.tech/slotwell',
  'postgresql://owner:secret-word/rest@ep-river.neon.tech/slotwell',
  'postgresql://owner:12/secret-word@ep-river.neon.tech/slotwell',
  'postgresql://owner:secret-word?rest@ep-river.neon.tech/slotwell',
  'postgresql://owner:secret-word%zz@ep-river.neon.tech/slotwell',
  'postgresql://owner:secret-word rest@ep-river.neon.tech/slotwell',
  'postgresql://owner:secret-word@ep-river.neon.tech:port/slotwell',
  'postgresql://owner:secret-word@ep river.neon.tech/slotwell',
])('an address of a database that is not read by all alike is refused, and how to write it is said: %s', (url) => {
  expect(faultsOf({ ...EDGE, DATABASE_URL: url }, EDGE_NEEDS)).toEqual(['DATABASE_URL']);
  expect(faultsOf({ ...LEAST, DATABASE_URL: url })).toEqual(['DATABASE_URL']);
  expect(() => parseEnvironment({ ...EDGE, DATABASE_URL: url }, EDGE_NEEDS)).toThrow(/percent-encoded/);
});

test('a backslash in a password, which the Worker’s driver takes for a slash, is refused at the edge', () => {
  const DATABASE_URL = 'postgresql://owner:secret\\word@ep-river.neon.tech/slotwell';
  expect(faultsOf({ ...EDGE, DATABASE_URL }, EDGE_NEEDS)).toEqual(['DATABASE_URL']);
});

test('percent-encoded, special characters are taken', () => {
  const DATABASE_URL = 'postgresql://owner:S3%23%2F%40%25%5C@ep-river.neon.tech:5432/slotwell?sslmode=require';
  expect(parseEnvironment({ ...EDGE, DATABASE_URL }, EDGE_NEEDS).databaseUrl).toBe(DATABASE_URL);
});
