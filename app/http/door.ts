import { randomToken } from '~/crypto/random-token';
import { describeFault, isDatabaseAway } from './faults';
import type { Meter } from './meter';
import { API_REFUSALS } from './api-refusals';
import { problem } from './problem';
import { REFUSALS, type Refusal } from './refusal';
import { serverTiming, tenths, type LogLine, type Notes } from './request-log';
import type { RouteTable } from './route-table';
import { withSecurityHeaders } from './security-headers';

/** The house that the door belongs to. */
export interface Site {
  /** Scheme, host and port, as in SITE_URL: where forms may come from. */
  readonly origin: string;
  /** The whole HTML page that tells a person of a refusal, in the request's language. */
  refusalPage(refusal: Refusal, request: Request): string;
  /** What there is, and which methods each takes. */
  readonly routes: RouteTable;
  readonly meter: Meter;
  /** The name that whoever stands in front has given to the request, where nobody else can; else one is made. */
  findRequestId?(request: Request): string | null;
  /** Hears of each request once, and of each error once. */
  log(line: LogLine): void;
}

/** What the door gives to a request that it lets through; spread it into the load context. */
export interface Passage {
  /** For the `script`s of this answer; stands in its Content-Security-Policy. */
  readonly nonce: string;
  /**
   * To be called by `handleError` of entry.server with what a loader, action or page threw (not with
   * route error responses, nor when the request was aborted). Remix hides errors from its pages; by
   * this the door knows that the database was away and answers 503 in place of 500.
   */
  readonly report: (error: unknown) => void;
  /** Adds to the log line of this request. */
  readonly note: (notes: Notes) => void;
}

/** For the log alone, as nginx has it: the caller went before the answer. */
const CALLER_GONE = 499;

/** Largest body taken, in bytes: the longest form of ours is some 30 kB. */
export const BODY_LIMIT = 1_000_000;

/**
 * Stands before Remix in both homes and answers what Remix would turn into a 500 or a surprise.
 * What it lets through has a known method, a decodable canonical path, a body in memory within the
 * limit, and, when it may change something, comes from our own pages (or is signed: see `isSigned`).
 *
 * An entry calls it with its handler:
 * `through(request, site, (r, passage) => handle(r, { app, clientAddress, ...passage }))`
 */
export async function through(
  request: Request,
  site: Site,
  next: (request: Request, passage: Passage) => Promise<Response>,
): Promise<Response> {
  const id = site.findRequestId?.(request) ?? randomToken(12);
  const nonce = randomToken(16);
  const path = findPath(new URL(request.url));
  const route = path && site.routes(path.name);
  const pattern = route === undefined ? '*' : route.pattern + (path?.isData ? '.data' : '');
  let noted: Notes = {};
  const faults: unknown[] = [];
  const entry: Entry = {
    path,
    methods: [...(route?.methods ?? []), 'OPTIONS'],
    isAway: () => faults.some(isDatabaseAway),
    passage: {
      nonce,
      report(error) {
        // An error of a page is heard of twice: from React, and from Remix.
        if (faults.includes(error)) return;
        faults.push(error);
        const about = { route: pattern, method: nameOfMethod(request), ...describeFault(error) };
        site.log({ time: new Date().toISOString(), level: 'error', id, ...about });
      },
      note(notes) {
        noted = { ...noted, ...notes };
      },
    },
  };
  const { result, costs, ms } = await site.meter.measure(() => answer(request, site, entry, next));
  const response = withSecurityHeaders(result, { nonce, isSecure: site.origin.startsWith('https:') });
  response.headers.set('X-Request-Id', id);
  // Nobody hears the 500 that Remix answers to whoever has gone: it is no fault of ours.
  const status = request.signal.aborted && response.status >= 500 ? CALLER_GONE : response.status;
  response.headers.append('Server-Timing', serverTiming(ms, costs));
  site.log({
    time: new Date().toISOString(),
    level: status < 500 ? 'info' : 'warn',
    id,
    route: pattern,
    method: nameOfMethod(request),
    status,
    ms: tenths(ms),
    trips: costs.roundTrips,
    ...noted,
  });
  return response;
}

/** What is known of a request as it comes in. */
interface Entry {
  readonly path: Path | undefined;
  /** What may be asked of this address. */
  readonly methods: readonly string[];
  readonly passage: Passage;
  /** Whether one of the errors heard of was that the database cannot serve. */
  readonly isAway: () => boolean;
}

async function answer(
  request: Request,
  site: Site,
  { path, methods, passage, isAway }: Entry,
  next: (request: Request, passage: Passage) => Promise<Response>,
): Promise<Response> {
  const refuse = (refusal: Refusal) => refusalAnswer(refusal, { request, site, methods });
  const url = new URL(request.url);

  if (path === undefined || url.searchParams.has('_data')) return refuse('bad-address');
  // Single fetch would reach endpoints of machines as well, past whoever guards their path.
  if (path.isData && isOfMachines(path.name)) return refuse('no-such-address');
  if (!methods.includes(request.method)) return refuse('bad-method');
  // Nothing of ours is for other sites' scripts: the answer to a preflight grants nothing.
  if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: { Allow: methods.join(', ') } });
  const canonical = url.pathname.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
  if (canonical !== url.pathname)
    return new Response(null, { status: 308, headers: { Location: canonical + url.search } });

  let body: Uint8Array<ArrayBuffer> | undefined;
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    if (!isSigned(path.name, request.headers) && !isFromOurPages(request.headers, site.origin))
      return refuse('foreign-origin');
    if (!isKnownContent(path.name, request.headers)) return refuse('bad-content-type');
    try {
      body = await readWhole(request);
    } catch {
      // Whoever was sending it has gone.
      return refuse('bad-form');
    }
    if (body === undefined) return refuse('too-large');
    if (body.length > 0 && !request.headers.has('content-type')) return refuse('bad-content-type');
  }

  let response: Response;
  try {
    response = await next(clean(request, body), passage);
  } catch (error) {
    if (request.signal.aborted) return refuse('away');
    passage.report(error);
    return refuse(isDatabaseAway(error) ? 'away' : 'fault');
  }
  return finish(response, { request, isData: path.isData, isAway: isAway(), methods, refuse });
}

/** What is wrong in Remix's own answers. */
function finish(
  response: Response,
  {
    request,
    isData,
    isAway,
    methods,
    refuse,
  }: {
    request: Request;
    isData: boolean;
    isAway: boolean;
    methods: readonly string[];
    refuse: (refusal: Refusal) => Response;
  },
): Response {
  if (response.status === 500) {
    // The client of single fetch can read nothing but its own format.
    if (isData) return new Response(response.body, { status: isAway ? 503 : 500, headers: response.headers });
    if (isAway) return refuse('away');
    // Remix's last resort, where no page could be rendered.
    if (response.headers.get('content-type')?.startsWith('text/plain')) return refuse('fault');
  }
  const headers = new Headers(response.headers);
  if (response.status === 405 && !headers.has('Allow'))
    headers.set('Allow', methods.filter((method) => method !== request.method).join(', '));
  if (request.method !== 'HEAD') return new Response(response.body, { ...statusOf(response), headers });
  void response.body?.cancel();
  return new Response(null, { ...statusOf(response), headers });
}

const statusOf = ({ status, statusText }: Response) => ({ status, statusText });

interface Path {
  /** Decoded, lower case (Remix matches both so), without single fetch's `.data`. */
  readonly name: string;
  readonly isData: boolean;
}

/** A method may be any word; a log takes those of the registry. */
const nameOfMethod = ({ method }: Request) =>
  ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].includes(method) ? method : 'other';

/** Undefined when it cannot be decoded or hides a NUL, which Postgres does not take. */
function findPath(url: URL): Path | undefined {
  if (/%00/.test(url.pathname + url.search)) return undefined;
  try {
    const decoded = decodeURIComponent(url.pathname).toLowerCase();
    const name = decoded.replace(/\.data$/, '');
    return { name, isData: name !== decoded };
  } catch {
    return undefined;
  }
}

/** Endpoints that no page of ours fetches. */
const isOfMachines = (name: string) => name.startsWith('/api/') || /^\/health(\/|$)/.test(name);

/** Callers that prove themselves by a signature or a bearer token, which no browser adds by itself. */
function isSigned(name: string, headers: Headers): boolean {
  return (
    name.startsWith('/api/jobs/') ||
    name.startsWith('/api/webhooks/') ||
    (name.startsWith('/api/') && /^bearer ./i.test(headers.get('authorization') ?? ''))
  );
}

/**
 * Browsers say where a post comes from; programs without either header hold no cookies of others
 * (and forms need their token all the same).
 */
function isFromOurPages(headers: Headers, ownOrigin: string): boolean {
  const fetchSite = headers.get('sec-fetch-site');
  if (fetchSite === 'same-origin') return true;
  const origin = headers.get('origin');
  // 'none': typed or reloaded by the person. Old browsers send no Sec-Fetch-Site at all.
  return (fetchSite === null || fetchSite === 'none') && (origin === null || origin === ownOrigin);
}

function isKnownContent(name: string, headers: Headers): boolean {
  const encoding = headers.get('content-encoding');
  if (encoding !== null && encoding !== 'identity') return false;
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  // Without a type there may be no body either; that is known once it is read.
  if (type === undefined) return true;
  if (name.startsWith('/api/')) return type === 'application/json' && isUtf8(headers);
  return type === 'application/x-www-form-urlencoded' || type === 'multipart/form-data';
}

/** Of JSON there is no other (RFC 8259, section 8.1). */
function isUtf8(headers: Headers): boolean {
  const charset = /;\s*charset="?([^";\s]*)/i.exec(headers.get('content-type') ?? '')?.[1];
  return charset === undefined || charset.toLowerCase() === 'utf-8';
}

/** The body, or undefined as soon as it is known to be over the limit; what is left is not read. */
async function readWhole(request: Request): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (request.body === null) return new Uint8Array();
  const reader = request.body.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  const chunks: Uint8Array[] = [];
  let size = Number(request.headers.get('content-length') ?? 0) > BODY_LIMIT ? Infinity : 0;
  while (size <= BODY_LIMIT) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    size += value.length;
  }
  if (size > BODY_LIMIT) {
    // Neither closed nor awaited: the caller has to get the answer while still sending.
    void reader.cancel();
    return undefined;
  }
  const body = new Uint8Array(size);
  chunks.reduce((at, chunk) => {
    body.set(chunk, at);
    return at + chunk.length;
  }, 0);
  return body;
}

/**
 * The request for Remix: HEAD asks as GET does (the answer's body is dropped later); without the two
 * headers by which Remix compares origins in its own way, throwing at what it cannot parse.
 */
function clean(request: Request, body: Uint8Array<ArrayBuffer> | undefined): Request {
  const headers = new Headers(request.headers);
  headers.delete('origin');
  headers.delete('x-forwarded-host');
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  return new Request(request.url, { method, headers, body, signal: request.signal });
}

function refusalAnswer(
  refusal: Refusal,
  { request, site, methods }: { request: Request; site: Site; methods: readonly string[] },
): Response {
  const status = REFUSALS[refusal];
  const headers: Record<string, string> = {
    ...(refusal === 'bad-method' ? { Allow: methods.join(', ') } : {}),
    ...(refusal === 'away' ? { 'Retry-After': '10' } : {}),
  };
  if (new URL(request.url).pathname.startsWith('/api/')) {
    const { title, advice } = wordsFor(refusal);
    return problem(status, title, { type: `/api#${refusal}`, detail: advice, headers });
  }
  if (request.method === 'HEAD') return new Response(null, { status, headers });
  return new Response(site.refusalPage(refusal, request), {
    status,
    headers: { ...headers, 'Content-Type': 'text/html; charset=utf-8' },
  });
}

/** What programs read; people read `refusalPage`. */
const wordsFor = (refusal: Refusal): { readonly title: string; readonly advice?: string } =>
  refusal === 'bad-form' || refusal === 'stale-form' ? OF_FORMS[refusal] : API_REFUSALS[refusal];

/** What no program that follows the API's page is told. */
const OF_FORMS = {
  'bad-form': { title: 'The form cannot be read' },
  'stale-form': { title: 'The form has no valid token' },
} as const;
