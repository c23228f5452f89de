import type { AppLoadContext, EntryContext } from '@remix-run/cloudflare';
import { isRouteErrorResponse, RemixServer } from '@remix-run/react';
import { renderToReadableStream } from 'react-dom/server.browser';
import type { App } from './context';
import type { Site } from './http/door';
import type { Meter } from './http/meter';
import { pageMemo } from './http/page-memo';
import { readPreferences } from './http/preferences';
import { REFUSALS } from './http/refusal';
import { routeTable, type BuiltRoutes } from './http/route-table';
import { AnswerContext } from './ui/answer';
import type { PageHandle } from './ui/page-handle';
import { refusalPage } from './ui/refusal-page';
import stylesheet from './ui/styles/slotwell.css?url&no-inline';

// What the two entries need of the application: they import nothing else of it, so that no module exists twice.
// So does Remix: what handles requests at the edge shares the router with the pages.
export { createRequestHandler } from '@remix-run/cloudflare';
export { compose, schedulingOf } from './compose';
export { EDGE_NEEDS, parseEnvironment } from './config';
export { through } from './http/door';
export { isDatabaseUnmigrated } from './http/faults';
export { measuredWire } from './data/measured-wire';
export { openMeter } from './http/meter';
export { scheduledRun } from './http/scheduled-run';
export { prepareMachine } from './usecases/accounts/prepare-machine';
export { runJob } from './usecases/jobs/run-job';

/** What the door has to know of the house; `routes` are the build's. */
export const siteOf = (app: App, { routes, meter }: { routes: BuiltRoutes; meter: Meter }): Site => ({
  origin: app.config.siteUrl,
  refusalPage: (refusal, request) =>
    refusalPage(refusal, { status: REFUSALS[refusal], locale: readPreferences(request).locale, stylesheet }),
  routes: routeTable(routes),
  meter,
  log(line) {
    if (line.level === 'error') console.error(JSON.stringify(line));
    else console.log(JSON.stringify(line));
  },
});

const publicPages = pageMemo();

/** Renders a page whole before the first byte leaves: an error in it becomes an error page, not half a page. */
export default async function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  entry: EntryContext,
  context: AppLoadContext,
): Promise<Response> {
  const { locale } = readPreferences(request);
  headers.set('Content-Type', 'text/html; charset=utf-8');
  const render = async (nonce: string) => {
    const page = (
      <AnswerContext.Provider value={{ nonce, locale }}>
        <RemixServer context={entry} url={request.url} nonce={nonce} />
      </AnswerContext.Provider>
    );
    const body = await renderToReadableStream(page, { nonce, signal: request.signal, onError: context.report });
    await body.allReady;
    return body;
  };
  if (status !== 200 || !isForEveryone(entry)) return new Response(await render(context.nonce), { status, headers });

  const { loaderData } = entry.staticHandlerContext;
  const { pathname, search } = new URL(request.url);
  const page = await publicPages.pageOf([pathname, search, locale, loaderData], context.nonce, async (nonce) =>
    new Response(await render(nonce)).text(),
  );
  headers.append('Server-Timing', `page;desc="${page.isKept ? 'kept' : 'rendered'}"`);
  return new Response(page.html, { status, headers });
}

/** Whether the page shows the same to everybody who has the same data before them. */
function isForEveryone({ staticHandlerContext: { matches, actionData, errors } }: EntryContext): boolean {
  const handle = matches.at(-1)?.route.handle as PageHandle | undefined;
  return handle?.isForEveryone === true && actionData === null && errors === null;
}

/** Hands what a loader, action or page threw to the door, which reports it once. */
export function handleError(error: unknown, { request, context }: { request: Request; context: AppLoadContext }): void {
  if (request.signal.aborted || isRouteErrorResponse(error)) return;
  context.report(error);
}
