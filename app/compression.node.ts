import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { constants, createBrotliCompress, createGzip } from 'node:zlib';

const WORTH_IT = /^(text\/|application\/(json|problem\+json|javascript|manifest\+json|xml)|image\/svg)/;

/**
 * Compresses what a route answers (files of the build come compressed already). Answers to pages of other sites stay
 * as they are: their length would tell about the secrets that they hold (BREACH).
 */
export function compressed(request: Request, response: Response): Response {
  const { headers, body, status, statusText } = response;
  if (body === null || headers.has('content-encoding') || !WORTH_IT.test(headers.get('content-type') ?? ''))
    return response;
  const varied = new Headers(headers);
  varied.append('Vary', 'Accept-Encoding');
  const coding = codingFor(request.headers.get('accept-encoding') ?? '');
  if (coding === undefined || request.headers.get('sec-fetch-site') === 'cross-site')
    return new Response(body, { status, statusText, headers: varied });
  varied.set('Content-Encoding', coding);
  varied.delete('Content-Length');
  const etag = varied.get('etag');
  if (etag?.startsWith('"')) varied.set('ETag', `W/${etag}`);
  // Pages are rendered whole before they leave; what is streamed has to arrive piece by piece.
  const isWhole = varied.get('content-type')?.startsWith('text/html') ?? false;
  const encoder =
    coding === 'br'
      ? createBrotliCompress({
          flush: isWhole ? constants.BROTLI_OPERATION_PROCESS : constants.BROTLI_OPERATION_FLUSH,
          params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT },
        })
      : createGzip({ flush: isWhole ? constants.Z_NO_FLUSH : constants.Z_SYNC_FLUSH });
  const source = Readable.fromWeb(body as NodeReadableStream);
  source.once('error', (error) => encoder.destroy(error));
  encoder.once('close', () => source.destroy());
  return new Response(Readable.toWeb(source.pipe(encoder)) as ReadableStream, { status, statusText, headers: varied });
}

function codingFor(accepted: string): 'br' | 'gzip' | undefined {
  const refused = (name: string) => new RegExp(`\\b${name}\\s*;\\s*q=0(\\.0*)?\\s*(,|$)`).test(accepted);
  return (['br', 'gzip'] as const).find((name) => new RegExp(`\\b${name}\\b`).test(accepted) && !refused(name));
}
