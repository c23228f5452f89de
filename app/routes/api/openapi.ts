import type { LoaderFunctionArgs } from '@remix-run/cloudflare';
import { openApiDocument } from '~/forms/api/openapi';
import { API_REFUSALS } from '~/http/api-refusals';

/** The API for programs that write programs. */
export function loader({ context: { app } }: LoaderFunctionArgs) {
  const { siteUrl: origin, version } = app.config;
  return Response.json(openApiDocument({ origin, version, refusals: API_REFUSALS }), {
    headers: { 'Cache-Control': 'public, max-age=300' },
  });
}
