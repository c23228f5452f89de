/** An error of the API (RFC 9457). `title` says the kind, `detail` what to do; both are shown to programmers. */
export function problem(
  status: number,
  title: string,
  { detail, headers }: { detail?: string; headers?: HeadersInit } = {},
): Response {
  const answer = new Response(JSON.stringify({ type: 'about:blank', title, status, detail }), { status, headers });
  answer.headers.set('Content-Type', 'application/problem+json');
  return answer;
}
