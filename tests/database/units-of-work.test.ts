import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { system, visitor } from '~/data/actor';
import { accounts, mentors } from '~db/schema';
import { freshDatabase } from '../support/database';

const account = { id: crypto.randomUUID(), email: 'a@example.com', role: 'mentor' as const, createdAt: 5 };

test('statements asked for together make one round trip, in reads and in writes', async () => {
  const { db, roundTrips } = await freshDatabase();
  await db.read(visitor, (tx) =>
    Promise.all([tx.select().from(mentors), tx.select().from(mentors), tx.execute(sql`select 1`)]),
  );
  expect(roundTrips()).toBe(1);
  await db.write(system('test'), async (tx) => {
    await Promise.all([tx.execute(sql`select pg_advisory_xact_lock(1)`), tx.select().from(accounts)]);
    await tx.insert(accounts).values(account);
  });
  expect(roundTrips()).toBe(4);
});

test('instants travel as epoch milliseconds', async () => {
  const { db } = await freshDatabase();
  await db.write(system('test'), (tx) => tx.insert(accounts).values({ ...account, createdAt: 1781139600123 }));
  const rows = await db.read(system('test'), (tx) => tx.select().from(accounts));
  expect(rows[0]?.createdAt).toBe(1781139600123);
});

test('work that throws leaves nothing, and the connection serves the next unit', async () => {
  const { db, owner } = await freshDatabase();
  await expect(
    db.write(system('test'), async (tx) => {
      await tx.insert(accounts).values(account);
      throw new Error('changed my mind');
    }),
  ).rejects.toThrow('changed my mind');
  await expect(db.write(system('test'), (tx) => tx.execute(sql`select 1/0`))).rejects.toThrow();
  expect(await owner('select * from accounts')).toEqual([]);
  expect(await db.read(system('test'), (tx) => tx.select().from(accounts))).toEqual([]);
});

test('a read cannot write', async () => {
  const { db, owner } = await freshDatabase();
  await expect(db.read(system('test'), (tx) => tx.insert(accounts).values(account))).rejects.toThrow();
  expect(await owner('select * from accounts')).toEqual([]);
});

test('work that leaves at once is committed in one round trip, whole or not at all', async () => {
  const { db, owner, roundTrips } = await freshDatabase();
  await db.writeAtOnce(system('test'), (tx) => tx.insert(accounts).values(account));
  expect(roundTrips()).toBe(1);
  await expect(
    db.writeAtOnce(system('test'), (tx) =>
      Promise.all([tx.update(accounts).set({ signInVersion: 2 }), tx.execute(sql`select 1/0`)]),
    ),
  ).rejects.toThrow();
  expect(await owner('select sign_in_version from accounts')).toEqual([{ sign_in_version: 1 }]);
});

test('work that leaves at once cannot come back for more', async () => {
  const { db, owner } = await freshDatabase();
  await expect(
    db.writeAtOnce(system('test'), async (tx) => {
      await tx.select().from(accounts);
      await tx.insert(accounts).values(account);
    }),
  ).rejects.toThrow();
  expect(await owner('select * from accounts')).toEqual([]);
});
