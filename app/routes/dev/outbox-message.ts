import type { LoaderFunctionArgs } from '@remix-run/cloudflare';
import type { Message } from '~/services/mail/mail';
import { isFromThisMachine } from '~/http/loopback';
import { refusalResponse } from '~/http/refusal';

/** One part of a message as its reader's program gets it: `?part=html`, `text` or `invitation`. */
export function loader({ request, params, context: { app, clientAddress } }: LoaderFunctionArgs) {
  if (app.outbox === null || !isFromThisMachine(request, clientAddress)) return refusalResponse('no-such-address');
  const entry = app.outbox.entries().find(({ id }) => id === params.message);
  const part = new URL(request.url).searchParams.get('part');
  return (entry && partOf(entry.message, part)) ?? refusalResponse('no-such-address');
}

function partOf({ html, text, invitation }: Message, part: string | null): Response | undefined {
  switch (part) {
    case 'html':
      return new Response(html.replace('<head>', '<head><base target="_blank">'), {
        headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': MAIL_POLICY },
      });
    case 'text':
      return new Response(text, { headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
    case 'invitation':
      return (
        invitation &&
        new Response(invitation.content, {
          headers: {
            'Content-Type': `text/calendar; charset=utf-8; method=${invitation.method}`,
            'Content-Disposition': 'attachment; filename="invite.ics"',
          },
        })
      );
    default:
      return undefined;
  }
}

/** Mail may bring its own style and nothing else: no script, no picture, no form, no origin. */
const MAIL_POLICY = [
  `default-src 'none'`,
  `style-src 'unsafe-inline'`,
  `base-uri 'none'`,
  `form-action 'none'`,
  `frame-ancestors 'self'`,
  'sandbox allow-popups allow-popups-to-escape-sandbox',
].join('; ');
