import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequestHandler } from '@remix-run/node';
import type { ServerBuild } from '@remix-run/node';
import type { Wire } from '../../app/data/database';
import type { LogLine } from '../../app/http/request-log';
import type { TestDatabase } from './database';
import { scene, SITE, type Scene, type MentorWish } from './scene';

type Build = ServerBuild & { entry: { module: typeof import('../../app/entry.server') } };

export interface Visit {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Where it redirects to, as path; null when it does not. */
  readonly location: string | null;
}

/** A browser without script: keeps cookies, follows nothing by itself, posts forms as they stand in the page. */
export interface Browser {
  get(path: string, headers?: Record<string, string>): Promise<Visit>;
  /** Posts the form of the page last seen whose action is `path` (or the page's own), changed by `fields`. */
  post(path: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<Visit>;
  readonly cookies: Map<string, string>;
}

export interface Served extends Scene {
  /** A new browser; `address` is what limits count by. */
  browser(address?: string): Browser;
  /** The real request handler behind the real door. */
  fetch(request: Request, clientAddress?: string): Promise<Response>;
  /** What was logged; of faults the test's own output tells, too. */
  readonly lines: readonly LogLine[];
}

/** Not a literal in the import: what is built is no part of what is type-checked. */
const SERVER_BUILD = new URL('../../build/server/index.js', import.meta.url).href;
let loading: Promise<Build> | undefined;
const loadBuild = (): Promise<Build> => (loading ??= import(SERVER_BUILD));

/** The built application over a fresh database with one mentor (or behind a `wire` of the test's own). `npm run build` comes first. */
export async function serve(
  wish: MentorWish & { now?: string; variables?: Record<string, string>; wire?: Wire; database?: TestDatabase } = {},
): Promise<Served> {
  const build = await loadBuild();
  const { compose, measuredWire, openMeter, siteOf, through } = build.entry.module;
  const meter = openMeter(new AsyncLocalStorage());
  const stage = await scene({
    ...wish,
    composer: (variables, platform) =>
      compose(variables, { ...platform, wire: measuredWire(wish.wire ?? platform.wire, meter.depart) }),
  });
  const handle = createRequestHandler(build, 'production');
  const lines: LogLine[] = [];
  const site = {
    ...siteOf(stage.app, { routes: build.routes, meter }),
    log(line: LogLine) {
      lines.push(line);
      if (line.level === 'error') console.error(JSON.stringify(line));
    },
  };
  const fetch = (request: Request, clientAddress = '203.0.113.1') =>
    through(request, site, (admitted, passage) => handle(admitted, { app: stage.app, clientAddress, ...passage }));
  return { ...stage, fetch, lines, browser: (address) => newBrowser((request) => fetch(request, address)) };
}

/** A browser of the site at `origin`, which `fetch` leads to; it follows nothing by itself. */
export function newBrowser(fetch: (request: Request) => Promise<Response>, origin = SITE): Browser {
  const cookies = new Map<string, string>();
  let page = '';
  const visit = async (path: string, init: RequestInit): Promise<Visit> => {
    const headers = new Headers(init.headers);
    if (cookies.size > 0) headers.set('Cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await fetch(new Request(new URL(path, origin), { ...init, headers }));
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      if (/Max-Age=0|Expires=Thu, 01 Jan 1970/i.test(line)) cookies.delete(pair.slice(0, at));
      else cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const text = await response.text();
    const location = response.headers.get('Location');
    if (!location) page = text;
    return {
      status: response.status,
      headers: response.headers,
      text,
      location: location && location.replace(origin, ''),
    };
  };
  return {
    cookies,
    get: (path, headers = {}) => visit(path, { headers }),
    post: (path, fields, headers = {}) =>
      visit(path, {
        method: 'POST',
        headers: { 'Sec-Fetch-Site': 'same-origin', ...headers },
        body: new URLSearchParams({ ...hiddenFields(page, path), ...fields }),
      }),
  };
}

/** Hidden fields of the page's form with this action: the token among them. */
function hiddenFields(page: string, path: string): Record<string, string> {
  const forms = page.match(/<form[\s\S]*?<\/form>/g) ?? [];
  const form =
    forms.find((one) => unescape(/^<form[^>]*\saction="([^"]*)"/.exec(one)?.[1] ?? '') === path) ??
    forms.find((one) => /^<form[^>]*method="post"/i.test(one));
  const fields: Record<string, string> = {};
  for (const [input] of (form ?? '').matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
    const name = /\sname="([^"]*)"/.exec(input)?.[1];
    if (name) fields[unescape(name)] = unescape(/\svalue="([^"]*)"/.exec(input)?.[1] ?? '');
  }
  return fields;
}

const unescape = (html: string) =>
  html
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
