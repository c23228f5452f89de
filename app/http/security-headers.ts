/** Headers of every answer; what a route has set itself (say, a policy for mail shown in a frame) stays. */
export function withSecurityHeaders(
  response: Response,
  { nonce, isSecure }: { nonce: string; isSecure: boolean },
): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of [...headersOf(nonce), ...(isSecure ? OVER_HTTPS : [])]) {
    if (!headers.has(name)) headers.set(name, value);
  }
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

/** A nonce is good for one answer. */
function headersOf(nonce: string): readonly (readonly [string, string])[] {
  return [
    ['Content-Security-Policy', contentSecurityPolicy(nonce)],
    // Not `no-referrer`: with it Chromium sends `Origin: null` in our own forms (seen 2026-10).
    ['Referrer-Policy', 'same-origin'],
    ['X-Content-Type-Options', 'nosniff'],
    ['Cross-Origin-Opener-Policy', 'same-origin'],
    ['Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()'],
    // Pages differ by cookie. Not `no-store`, which would cost what was typed when one goes back.
    ['Cache-Control', 'private, no-cache'],
  ];
}

const OVER_HTTPS = [['Strict-Transport-Security', 'max-age=31536000']] as const;

function contentSecurityPolicy(nonce: string): string {
  return [
    `default-src 'self'`,
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    `style-src 'self'`,
    `img-src 'self' data:`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}
