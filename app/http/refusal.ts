/** Why a request was answered before or instead of its page. */
export const REFUSALS = {
  'bad-address': 400,
  'bad-form': 400,
  'foreign-origin': 403,
  'stale-form': 403,
  'no-such-address': 404,
  'bad-method': 405,
  'too-large': 413,
  'bad-content-type': 415,
  fault: 500,
  away: 503,
} as const;

export type Refusal = keyof typeof REFUSALS;

/**
 * A refusal to be thrown in a loader or action. Remix gives it to the ErrorBoundary as an error
 * response whose `data` is the refusal's name.
 */
export function refusalResponse(refusal: Refusal): Response {
  return new Response(refusal, { status: REFUSALS[refusal], headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
}
