import type { LoaderFunctionArgs } from '@remix-run/cloudflare';
import { isDatabaseAway, isDatabaseUnmigrated } from '~/http/faults';
import { checkReadiness, type Readiness } from '~/usecases/operations/check-readiness';

/**
 * Readiness, for monitors and for whoever deploys: 503 while the database is away or older than this version. A late
 * queue is told and stays 200: pages are served all the same.
 */
export async function loader({ context: { app } }: LoaderFunctionArgs) {
  const parts = await partsOf(() => checkReadiness(app));
  const isReady = parts.database === 'ok' && parts.migrations !== 'pending';
  return Response.json(
    { status: isReady ? 'ready' : 'not ready', version: app.config.version, ...parts },
    { status: isReady ? 200 : 503, headers: { 'Cache-Control': 'no-store' } },
  );
}

type Parts = { readonly database: 'ok' | 'away' } & Partial<Readiness>;

async function partsOf(ask: () => Promise<Readiness>): Promise<Parts> {
  try {
    return { database: 'ok', ...(await ask()) };
  } catch (error) {
    if (isDatabaseUnmigrated(error)) return { database: 'ok', migrations: 'pending' };
    if (isDatabaseAway(error)) return { database: 'away' };
    throw error;
  }
}
