import type { AppLoadContext, EntryContext } from '@remix-run/cloudflare';
import { isRouteErrorResponse, RemixServer } from '@remix-run/react';
import { renderToReadableStream } from 'react-dom/server.browser';
import { isDatabaseAway } from './data/errors';

// What the two entries need of the application: they import nothing else of it, so that no module exists twice.
export { compose } from './compose';
export { through } from './http/door';
export { prepareMachine } from './usecases/accounts/prepare-machine';

/** Renders a page whole before the first byte leaves: an error in it becomes an error page, not half a page. */
export default async function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  entry: EntryContext,
  context: AppLoadContext,
): Promise<Response> {
  let outcome = status;
  const body = await renderToReadableStream(
    <RemixServer context={entry} url={request.url} nonce={context.nonce} abortDelay={10_000} />,
    {
      nonce: context.nonce,
      signal: request.signal,
      onError() {
        outcome = 500;
      },
    },
  );
  await body.allReady;
  headers.set('Content-Type', 'text/html; charset=utf-8');
  return new Response(body, { status: outcome, headers });
}

/** Reports what went wrong once, by name and place: never a message, an address or anything that somebody typed. */
export function handleError(error: unknown, { request }: { request: Request }): void {
  if (request.signal.aborted || isRouteErrorResponse(error)) return;
  const name = error instanceof Error ? error.name : typeof error;
  const at = error instanceof Error ? (error.stack?.split('\n').find((line) => /^\s+at /.test(line)) ?? '').trim() : '';
  console.error(JSON.stringify({ level: 'error', event: isDatabaseAway(error) ? 'database-away' : 'fault', name, at }));
}
