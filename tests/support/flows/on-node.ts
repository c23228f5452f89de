import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequestListener } from '@remix-run/node-fetch-server';
import { onTestFinished } from 'vitest';
import { schedulingOf } from '~/compose';
import { schedulerCalls } from '~/services/jobs/scheduler.node';
import type { Message } from '~/services/mail/mail';
import type { TestDatabase } from '../database';
import { SITE } from '../scene';
import { newBrowser, serve } from '../server';
import { atLeast, everythingEnqueued, FLOW_MENTOR, type FlowSite, type Letter } from './flow';

/** One machine: the built request handler, the local scheduler calling it by HTTP, mail in the outbox. */
export async function flowSiteOnNode(database: TestDatabase): Promise<FlowSite> {
  const site = await serve({ ...FLOW_MENTOR, slug: 'min-ji', now: new Date().toISOString(), database });
  const server = createServer(createRequestListener((request) => site.fetch(request), { protocol: 'http:' }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const scheduling = schedulingOf(site.app);
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let browsers = 0;
  return {
    origin: SITE,
    mentor: site.mentor,
    now: site.app.clock,
    browser() {
      browsers += 1;
      const address = `10.0.0.${browsers}`;
      return newBrowser((request) => site.fetch(request, address));
    },
    fetch: (path, init) => site.fetch(new Request(SITE + path, init)),
    addMentor: (wish) => site.addMentor({ slug: crypto.randomUUID(), ...wish }),
    owner: database.owner,
    async letters(to, count) {
      await site.settled();
      return atLeast(
        count,
        site.sent.map(letterOf).filter((letter) => letter.to === to),
      );
    },
    async deliver(until = site.app.clock()) {
      await site.settled();
      // Its sweep would make good for what was not.
      await everythingEnqueued(database);
      await schedulerCalls({ ...scheduling, baseUrl, clock: () => until }).runDue();
    },
    async sweep() {
      await site.settled();
      const path = '/api/jobs/sweep';
      const headers = { 'Content-Type': 'application/json', ...(await scheduling.sign(path, '{}')) };
      await site.fetch(new Request(SITE + path, { method: 'POST', headers, body: '{}' }));
    },
  };
}

const letterOf = ({ to, replyTo, subject, text, html, invitation }: Message): Letter => ({
  to: to.address,
  replyTo: replyTo?.address,
  subject,
  text,
  html,
  invitation,
});
