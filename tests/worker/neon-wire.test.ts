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
      const fails = new URL(request.url).pathname === '/fails';
      try {
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

test('a transaction runs inside workerd over a socket of its own, and nothing is left of a failed one', async () => {
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
