/**
 * An error of the API (RFC 9457). `type` names the refusal and leads to its explanation, `title` says the kind,
 * `detail` what to do; `more` are members of this very refusal.
 */
export function problem(
  status: number,
  title: string,
  {
    type = 'about:blank',
    detail,
    more,
    headers,
  }: { type?: string; detail?: string; more?: Readonly<Record<string, unknown>>; headers?: HeadersInit } = {},
): Response {
  const answer = new Response(JSON.stringify({ type, title, status, detail, ...more }), { status, headers });
  answer.headers.set('Content-Type', 'application/problem+json');
  return answer;
}
