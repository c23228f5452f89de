/**
 * A machine in a process of its own, to be killed: application, job endpoint and scheduler over the database of
 * DATABASE, with a clock that stands at NOW and a mail service that posts to PROVIDER.
 */
import { compose, schedulingOf } from '~/compose';
import { openPgWire } from '~/data/pg-wire.node';
import { startScheduler } from '~/services/jobs/scheduler.node';
import { loopback } from './loopback';

const { DATABASE = '', PROVIDER = '', NOW = '', ...variables } = process.env;
const clock = () => Number(NOW);
const fail = (error: unknown) => {
  console.error(error);
  process.exit(1);
};

const app = compose(variables, {
  wire: openPgWire(DATABASE),
  clock,
  waitUntil: (work) => void work.catch(fail),
  scheduler: { onEnqueued: () => undefined },
  mail: {
    async send({ idempotencyKey }) {
      const answer = await fetch(PROVIDER, { method: 'POST', body: idempotencyKey });
      if (!answer.ok) throw new Error(`answer ${answer.status}`);
      return { providerId: idempotencyKey };
    },
  },
});

void loopback(app).then(({ baseUrl }) => startScheduler({ ...schedulingOf(app), baseUrl, report: fail }), fail);
