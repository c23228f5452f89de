import { expect, inject, onTestFinished, test } from 'vitest';
import { freshDatabase } from '../support/database';
import { startNeonService } from '../support/neon-service';
import { bundleSource, startWorkerd } from '../support/workerd';

const source = `
  import { env, waitUntil } from 'cloudflare:workers';
  import { openNeonWire } from '~/data/neon-wire.worker';
  import { isDatabaseAway } from '~/http/faults';

  let trips = 0;
  const wire = openNeonWire(env.DATABASE_URL, { waitUntil, onRoundTrip: () => (trips += 1) });
  const key = (name) => ({ sql: 'insert into rate_limit_counters values ($1, now(), 1, now()) returning key', params: [name] });

  export default {
    async fetch(request) {
      trips = 0;
      const { pathname } = new URL(request.url);
      const fails = pathname === '/fails';
      try {
        if (pathname === '/reads') return Response.json(await wire.batch([{ sql: 'select 1', params: [] }], 'read only'));
        if (pathname === '/writes') return Response.json(await wire.batch([key('c')], 'read write'));
        const answers = await wire.transaction(async (send) => {
          const first = await send([key('a'), { sql: 'select $1::int + 1, $2::timestamptz', params: [1, '2026-06-11T10:00:00+09:00'] }]);
          const [second] = await send([key(fails ? 'a' : 'b')]);
          return [...first, second];
        });
        return Response.json({ rows: answers.map(({ rows }) => rows), trips });
      } catch (error) {
        const { code, constraint } = error;
        return Response.json({ code, constraint, trips, isAway: isDatabaseAway(error), told: String(error) });
      }
    },
  };
`;

/** The wire in workerd, before a database of its own. */
async function wired() {
  const database = await freshDatabase();
  const neon = await startNeonService(inject('postgresUrl'));
  const worker = await bundleSource(source);
  const workerd = startWorkerd({
    worker,
    services: { neon },
    bindings: { DATABASE_URL: neon.connectionString(new URL(database.url).pathname.slice(1)) },
  });
  onTestFinished(async () => {
    await workerd.dispose();
    await neon.close();
    worker.remove();
  });
  const ask = async (path: string) => (await workerd.dispatchFetch(`http://slotwell.example${path}`)).json();
  return { database, neon, ask };
}

test('a transaction runs inside workerd over a socket of its own, and nothing is left of a failed one', async () => {
  const { database, neon, ask } = await wired();

  expect(await ask('/fails')).toMatchObject({
    code: '23505',
    constraint: 'rate_limit_counters_pk',
    trips: 2,
    isAway: false,
  });
  expect(await database.owner('select key from rate_limit_counters')).toEqual([]);
  expect(await ask('/')).toEqual({ rows: [[['a']], [[2, '2026-06-11 01:00:00+00']], [['b']]], trips: 3 });
  expect(await database.owner('select key from rate_limit_counters order by key')).toEqual([
    { key: 'a' },
    { key: 'b' },
  ]);
  expect(neon.uses).toMatchObject({ sockets: 2, batches: 0 });

  neon.isAway = true;
  expect(await ask('/')).toMatchObject({ isAway: true });
});

test('inside workerd, too, what can have had no effect is asked once more, and nothing else', async () => {
  const { database, neon, ask } = await wired();
  neon.faults.sockets.push('refused');
  expect(await ask('/')).toMatchObject({ trips: 3 });
  expect(neon.uses).toMatchObject({ knocks: 2, sockets: 1 });
  for (const fault of ['unavailable', 'shutdown', 'cut'] as const) {
    neon.faults.batches.push(fault);
    expect(await ask('/reads'), fault).toEqual([{ rows: [[1]] }]);
  }
  expect(neon.uses.batches).toBe(6);
  neon.faults.batches.push('cut');
  expect(await ask('/writes')).toMatchObject({ isAway: true });
  expect(neon.uses.batches).toBe(7);
  expect(await database.owner(`select key from rate_limit_counters where key = 'c'`)).toHaveLength(1);
});
