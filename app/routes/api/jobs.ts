import type { ActionFunctionArgs } from '@remix-run/cloudflare';
import { z } from 'zod';
import { problem } from '~/http/problem';
import { runJob, type JobCall } from '~/usecases/jobs/run-job';

const jobCall: z.ZodType<JobCall> = z.discriminatedUnion('name', [
  z.object({ name: z.literal('notification'), id: z.uuid() }),
  z.object({ name: z.literal('sweep') }),
]);

/** Delayed callbacks. Any answer but 2xx means: call again. */
export async function action({ request, params, context: { app, note } }: ActionFunctionArgs) {
  const body = await request.text();
  // Before anything is read or looked up: an unsigned caller learns and causes nothing.
  if (!(await app.jobs.verify(request, body))) return problem(401, 'This call is not signed by this site');
  const call = jobCall.safeParse({ ...findFields(body), name: params.job });
  if (!call.success) return problem(404, 'There is no such job with this body');
  note({ job: call.data.name });
  const outcome = await runJob(app, call.data);
  note({ outcome: outcome.kind });
  switch (outcome.kind) {
    case 'done':
      return new Response(null, { status: 204 });
    case 'too-early':
      return problem(503, 'Not yet', { headers: { 'Retry-After': String(outcome.retryAfterSeconds) } });
  }
}

function findFields(body: string): object | undefined {
  try {
    const fields: unknown = JSON.parse(body);
    return typeof fields === 'object' && fields !== null ? fields : undefined;
  } catch {
    return undefined;
  }
}
