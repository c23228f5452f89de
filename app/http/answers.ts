import { data, type HeadersFunction } from '@remix-run/cloudflare';
import type { Submission, SubmissionResult } from '@conform-to/react';

type Reply = Parameters<Submission<unknown>['reply']>[0];
/** Any submission: what was posted is in it, whatever its schema. */
interface Replying {
  readonly status: 'success' | 'error' | undefined;
  reply(options?: Reply): SubmissionResult<string[]>;
}

/** Action data of every form: `result` is Conform's `lastResult`. */
export interface FormAnswer {
  readonly result: SubmissionResult<string[]>;
}

/** The form again with its errors and all that was typed: 400; 200 when only a list button was pressed. */
export function invalid(submission: Replying, reply?: Reply) {
  const result = submission.reply(reply);
  return data<FormAnswer>({ result }, submission.status === undefined && reply === undefined ? 200 : 400);
}

/** 409: what was asked for is no longer to be had. `more` stands beside `result`: say, the nearest free times. */
export function conflict<More extends object>(submission: Replying, more: More, reply?: Reply) {
  return data<FormAnswer & More>({ ...more, result: submission.reply(reply) }, 409);
}

/** 429: too often. The route has to export `actionHeaders` as its `headers`, or Retry-After is lost. */
export function tooMany(submission: Replying, retryAfterSeconds: number, reply?: Reply) {
  return data<FormAnswer & { readonly retryAfterSeconds: number }>(
    { retryAfterSeconds, result: submission.reply(reply) },
    { status: 429, headers: { 'Retry-After': String(Math.max(1, Math.ceil(retryAfterSeconds))) } },
  );
}

/**
 * `export { actionHeaders as headers } from '~/http/answers'` in a route whose action answers by
 * `tooMany` or whose loader sets headers: of itself Remix lets nothing but cookies leave.
 */
export const actionHeaders: HeadersFunction = ({ actionHeaders: ofAction, loaderHeaders, parentHeaders }) => {
  const headers = new Headers();
  for (const source of [parentHeaders, loaderHeaders, ofAction]) {
    for (const [name, value] of source) {
      // Cookies leave of themselves, and would leave twice.
      if (name !== 'set-cookie') headers.set(name, value);
    }
  }
  return headers;
};
