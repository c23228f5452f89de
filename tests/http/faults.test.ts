import pg from 'pg';
import { expect, test } from 'vitest';
import { describeFault, isDatabaseAway, isDatabaseUnmigrated } from '~/http/faults';
import { freshDatabase } from '../support/database';

const coded = (code: string, message = 'x') => Object.assign(new Error(message), { code });

test('a database that is stopped, starting, full or out of reach is away; what we asked wrongly is a fault', () => {
  for (const code of [
    'ECONNREFUSED',
    'ENOENT',
    'ECONNRESET',
    '57P01',
    '57P03',
    '53300',
    '53100',
    '08006',
    '57014',
    '40P01',
  ]) {
    expect(isDatabaseAway(coded(code)), code).toBe(true);
    expect(isDatabaseAway(new Error('Failed query', { cause: coded(code) })), code).toBe(true);
    expect(isDatabaseAway(new AggregateError([coded(code)], '')), code).toBe(true);
  }
  for (const error of [coded('23505'), coded('42601'), coded('22P02'), new TypeError('x'), 'x', null, undefined]) {
    expect(isDatabaseAway(error)).toBe(false);
  }
});

test('a database that was not migrated is away too; a parameter or a right that is wrong elsewhere is a fault', async () => {
  const role = 'role "slotwell_runtime" does not exist';
  for (const error of [coded('42P01'), coded('42883'), coded('42703'), coded('22023', role)]) {
    expect(isDatabaseUnmigrated(new Error('Failed query', { cause: error }))).toBe(true);
    expect(isDatabaseAway(new Error('Failed query', { cause: error }))).toBe(true);
  }
  for (const error of [coded('22023', 'time zone "x" not recognized'), coded('42501'), coded('57P01'), 'x', null])
    expect(isDatabaseUnmigrated(error)).toBe(false);
});

test('what the driver says of a real server that goes away is known', async () => {
  const { url } = await freshDatabase();
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  const killed = await client.query('select pg_terminate_backend(pg_backend_pid())').then(
    () => null,
    (error: unknown) => error,
  );
  const after = await client.query('select 1').then(
    () => null,
    (error: unknown) => error,
  );
  const nobody = await new pg.Client({ connectionString: 'postgresql://x@localhost/x?host=/nowhere' }).connect().then(
    () => null,
    (error: unknown) => error,
  );
  expect([killed, after, nobody].map(isDatabaseAway)).toEqual([true, true, true]);
});

test('a fault is told by names, code and place; what somebody typed is not in it', () => {
  const error = new Error('params: ada@example.com', { cause: coded('23505', 'Key (email)=(ada@example.com) exists') });
  const told = describeFault(error);
  expect(told).toMatchObject({ error: 'Error < Error', code: '23505' });
  expect(told.at).toContain('faults.test.ts');
  expect(JSON.stringify(told)).not.toContain('ada@');
  expect(describeFault('ada@example.com')).toEqual({ error: 'string' });
});
