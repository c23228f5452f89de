import { randomUUID } from 'node:crypto';
import { inject, onTestFinished, vi } from 'vitest';
import { BODY_LIMIT } from '~/http/door';
import { once, opened } from '../database';
import { startNeonService } from '../neon-service';
import { startQstashService } from '../qstash-service';
import { mailboxOf, startResendService, type ReceivedMail } from '../resend-service';
import { scene } from '../scene';
import { newBrowser } from '../server';
import { startUpstashService } from '../upstash-service';
import { bindingsOf, startWorkerd, type BundledWorker } from '../workerd';
import { atLeast, everythingEnqueued, FLOW_MENTOR, type FlowSite, type Letter } from './flow';

const ORIGIN = 'https://slotwell.example';

/** The edge: the built Worker in workerd, before everything that it needs, played by protocol. */
export type Edge = Awaited<ReturnType<typeof openEdge>>;

/** Starts the Worker once for many flows; each gets a database and services of its own behind the same addresses. */
export async function openEdge(worker: BundledWorker) {
  const postgres = inject('postgresUrl');
  const name = `edge_${randomUUID().replaceAll('-', '')}`;
  const neon = await startNeonService(postgres);
  const start = async () => ({
    resend: await startResendService(),
    qstash: await startQstashService(),
    upstash: await startUpstashService(),
  });
  type Playing = Awaited<ReturnType<typeof start>>;
  const stop = ({ resend, qstash, upstash }: Playing) => Promise.all([resend.close(), qstash.close(), upstash.close()]);
  let playing = await start();
  const output: string[] = [];
  const workerd = startWorkerd({
    worker,
    // Asked anew for each call.
    services: {
      neon,
      get resend() {
        return playing.resend;
      },
      get qstash() {
        return playing.qstash;
      },
      get upstash() {
        return playing.upstash;
      },
    },
    bindings: {
      SITE_URL: ORIGIN,
      SESSION_SECRET: 'a-secret-of-tests-that-is-long-enough-0123456789',
      DATABASE_URL: neon.connectionString(name),
      ...bindingsOf({ neon, ...playing }),
    },
    onOutput: (text) => output.push(text),
  });
  await workerd.ready;
  /** Counts kept in the isolate outlive a flow: nobody comes from the same address twice. */
  let visitors = 0;
  let flows = 0;

  const fetch = async (request: Request, address: string): Promise<Response> => {
    const headers = { ...Object.fromEntries(request.headers), 'CF-Connecting-IP': address };
    const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
    const sent = hasBody ? await request.arrayBuffer() : undefined;
    const dispatch = () =>
      workerd.dispatchFetch(request.url, {
        method: request.method,
        headers,
        redirect: 'manual',
        ...(sent === undefined ? {} : { body: sent }),
      });
    // workerd closes a connection whose body the Worker did not want, and whoever is still sending then loses the
    // answer (1.20260426). Nothing has happened by then, so it may be asked again.
    const isUnwanted = (sent?.byteLength ?? 0) > BODY_LIMIT;
    const answer = isUnwanted ? await vi.waitFor(dispatch, WAIT) : await dispatch();
    const body = [204, 304].includes(answer.status) ? null : await answer.arrayBuffer();
    return new Response(body, { status: answer.status, headers: [...answer.headers] });
  };

  return {
    workerd,
    /** What the Worker and its runtime have printed. */
    output,
    neon,
    /** The services of the flow that runs. */
    playing: () => playing,
    fetch,

    /** To be called in a test: what it gives is gone when that ends. */
    async site(): Promise<FlowSite> {
      flows += 1;
      playing = await start();
      await once(postgres, `create database ${name} template slotwell_template strategy file_copy`);
      const database = opened(postgres.replace('/postgres?', `/${name}?`), () =>
        once(postgres, `drop database ${name} with (force)`),
      );
      const { resend, qstash } = playing;
      const afterwards = () => vi.waitFor(() => everythingEnqueued(database), WAIT);
      onTestFinished(async () => {
        // What would still be going on afterwards shall not meet the next flow.
        await afterwards();
        await stop(playing);
      });
      const wish = { ...FLOW_MENTOR, slug: `min-ji-${flows}`, now: new Date().toISOString(), database };
      const { mentor, addMentor } = await scene(wish);
      return {
        origin: ORIGIN,
        mentor,
        now: Date.now,
        browser() {
          visitors += 1;
          const address = `10.0.${visitors >> 8}.${visitors & 255}`;
          return newBrowser((request) => fetch(request, address), ORIGIN);
        },
        fetch: (path, init) => fetch(new Request(ORIGIN + path, init), '203.0.113.1'),
        addMentor: (one) => addMentor({ slug: randomUUID(), ...one }),
        owner: database.owner,
        letters: (to, count) =>
          vi.waitFor(
            () =>
              atLeast(
                count,
                resend.mails.map(letterOf).filter((letter) => letter.to === to),
              ),
            WAIT,
          ),
        // QStash is told whole seconds.
        async deliver(until = Date.now() + 1_000) {
          await afterwards();
          await qstash.deliverDue(until, (request) => fetch(request, '203.0.113.2'));
        },
        async sweep() {
          await (await workerd.getWorker()).scheduled({ cron: '*/5 * * * *' });
        },
      };
    },

    async close() {
      await workerd.dispose();
      await Promise.all([stop(playing), neon.close()]);
    },
  };
}

/** What goes on after an answer is known by what it leaves. */
const WAIT = { timeout: 10_000, interval: 10 };

function letterOf({ to, replyTo, subject, text, html, attachments }: ReceivedMail): Letter {
  const invitation = attachments.find(({ contentType }) => contentType.startsWith('text/calendar'));
  return {
    to: mailboxOf(to[0] ?? '')?.address ?? '',
    replyTo: mailboxOf(replyTo[0] ?? '')?.address,
    subject,
    text,
    html,
    invitation: invitation && {
      method: /method=(\w+)/.exec(invitation.contentType)?.[1] ?? '',
      content: invitation.content.toString('utf8'),
    },
  };
}
