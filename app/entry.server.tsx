import type { AppLoadContext, EntryContext } from '@remix-run/cloudflare';
import { isRouteErrorResponse, RemixServer } from '@remix-run/react';
import { renderToReadableStream } from 'react-dom/server.browser';
import type { App } from './context';
import type { Site } from './http/door';
import { readPreferences } from './http/preferences';
import { REFUSALS } from './http/refusal';
import { AnswerContext } from './ui/answer';
import { refusalPage } from './ui/refusal-page';
import stylesheet from './ui/styles/slotwell.css?url&no-inline';

// What the two entries need of the application: they import nothing else of it, so that no module exists twice.
export { compose, schedulingOf } from './compose';
export { parseEnvironment } from './config';
export { through } from './http/door';
export { isDatabaseUnmigrated } from './http/faults';
export { prepareMachine } from './usecases/accounts/prepare-machine';

/** What the door has to know of the house. */
export const siteOf = (app: App): Site => ({
  origin: app.config.siteUrl,
  refusalPage: (refusal, request) =>
    refusalPage(refusal, { status: REFUSALS[refusal], locale: readPreferences(request).locale, stylesheet }),
  log: (line) => console.error(JSON.stringify(line)),
});

/** Renders a page whole before the first byte leaves: an error in it becomes an error page, not half a page. */
export default async function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  entry: EntryContext,
  context: AppLoadContext,
): Promise<Response> {
  const page = (
    <AnswerContext.Provider value={{ nonce: context.nonce, locale: readPreferences(request).locale }}>
      <RemixServer context={entry} url={request.url} nonce={context.nonce} />
    </AnswerContext.Provider>
  );
  const body = await renderToReadableStream(page, {
    nonce: context.nonce,
    signal: request.signal,
    onError: context.report,
  });
  await body.allReady;
  headers.set('Content-Type', 'text/html; charset=utf-8');
  return new Response(body, { status, headers });
}

/** Hands what a loader, action or page threw to the door, which reports it once. */
export function handleError(error: unknown, { request, context }: { request: Request; context: AppLoadContext }): void {
  if (request.signal.aborted || isRouteErrorResponse(error)) return;
  context.report(error);
}
