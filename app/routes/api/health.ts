import type { LoaderFunctionArgs } from '@remix-run/cloudflare';

/** Liveness: the process answers. Whether the database does is not asked, or a slow one would get it killed. */
export function loader({ context: { app } }: LoaderFunctionArgs) {
  return Response.json({ status: 'ok', version: app.config.version }, { headers: { 'Cache-Control': 'no-store' } });
}
