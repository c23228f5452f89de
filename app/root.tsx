import { data, type LinksFunction, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/cloudflare';
import {
  isRouteErrorResponse,
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  useLocation,
  useMatches,
  useRouteError,
  useRouteLoaderData,
} from '@remix-run/react';
import { useContext, type ReactNode } from 'react';
import { UNSAFE_DataRouterStateContext as RouterState } from 'react-router';
import { readPreferences, rememberPreferences } from './http/preferences';
import { REFUSALS, type Refusal } from './http/refusal';
import { translator, type Locale } from './locales/translator';
import { AnswerContext } from './ui/answer';
import { Foot } from './ui/frame/foot';
import { Lost } from './ui/frame/lost';
import { Top } from './ui/frame/top';
import type { PageHandle } from './ui/page-handle';
import desk from './ui/styles/desk.css?url&no-inline';
import stylesheet from './ui/styles/slotwell.css?url&no-inline';
import visitorScript from './ui/visitor.js?url&no-inline';
import { addressIn, WordsProvider } from './ui/words';

export function loader({ request, context: { app } }: LoaderFunctionArgs) {
  const { locale } = readPreferences(request);
  return data({ locale }, { headers: rememberPreferences(request, app) });
}

export const links: LinksFunction = () => [{ rel: 'icon', href: '/favicon.svg', type: 'image/svg+xml' }];

export const meta: MetaFunction = () => [{ name: 'color-scheme', content: 'light dark' }];

/**
 * Whoever rests on a link to the next step finds it loaded (Speculation Rules; other browsers pass over it). Not where
 * the address changes what is remembered of the visitor: nobody has chosen that yet.
 */
const NEXT_STEPS = JSON.stringify({
  prefetch: [
    {
      where: {
        and: [
          { href_matches: '/m/*' },
          { not: { href_matches: '/*\\?*tz=*' } },
          { not: { href_matches: '/*\\?*lang=*' } },
        ],
      },
      eagerness: 'moderate',
    },
  ],
});

/** Which way each language is written. */
const DIRECTIONS = { en: 'ltr', ko: 'ltr' } as const satisfies Record<Locale, 'ltr' | 'rtl'>;

export function Layout({ children }: { children: ReactNode }) {
  const { nonce } = useContext(AnswerContext);
  const locale = useLocale();
  const isHydrated = useMatches().some(({ handle }) => (handle as PageHandle | undefined)?.hydrate === true);
  const title = useTitle(locale);
  return (
    <html lang={locale} dir={DIRECTIONS[locale]}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        {title !== null && <title>{title}</title>}
        <Meta />
        <Links />
        <link rel="stylesheet" href={stylesheet} />
        {isHydrated ? (
          <link rel="stylesheet" href={desk} />
        ) : (
          <>
            <script src={visitorScript} nonce={nonce} defer />
            <script type="speculationrules" nonce={nonce} dangerouslySetInnerHTML={{ __html: NEXT_STEPS }} />
          </>
        )}
      </head>
      <body>
        <WordsProvider locale={locale}>{children}</WordsProvider>
        {isHydrated && (
          <>
            <ScrollRestoration nonce={nonce} />
            <Scripts nonce={nonce} />
          </>
        )}
      </body>
    </html>
  );
}

export default function Root() {
  return <Outlet />;
}

/** Stands for every page that could not be shown; what Remix never saw is answered by the door. */
export function ErrorBoundary() {
  const locale = useLocale();
  const location = useLocation();
  const { reason, status } = refusalOf(useRouteError());
  const t = translator(locale);
  return (
    <>
      <Top />
      <main id="main" className="wrap">
        <Lost
          title={t(`door.${reason}.title`)}
          text={t(`door.${reason}.text`)}
          status={status}
          canReopen={REOPENED.includes(reason)}
        >
          {reason === 'no-such-address' && <p>{t('visitor.lost.next')}</p>}
        </Lost>
      </main>
      <Foot hrefIn={(other) => addressIn(location, other)} />
    </>
  );
}

function useLocale(): Locale {
  const { locale } = useContext(AnswerContext);
  return useRouteLoaderData<typeof loader>('root')?.locale ?? locale;
}

/** What was refused for the moment, or for how it was sent. */
const REOPENED: readonly Refusal[] = ['stale-form', 'bad-form', 'fault', 'away'];

/** The innermost title; marked when a form comes back with errors, since the title is what is read out first. */
function useTitle(locale: Locale): string | null {
  const t = translator(locale);
  const error = useRouteError();
  const matches = useMatches();
  const isProblem = hasProblem(useContext(RouterState)?.actionData);
  if (error !== undefined && error !== null) return `${t(`door.${refusalOf(error).reason}.title`)} · Slotwell`;
  const page = [...matches].reverse().find(({ handle }) => (handle as PageHandle | undefined)?.title !== undefined);
  const title = (page?.handle as PageHandle | undefined)?.title?.(t, page?.data, locale) ?? null;
  return title !== null && isProblem ? t('visitor.problem.prefix', { title }) : title;
}

/** `meta` is not told what an action answered, so the router's own state is asked. */
function hasProblem(answers: object | null | undefined): boolean {
  return Object.values(answers ?? {}).some(
    (answer: { result?: { status?: string } } | null | undefined) => answer?.result?.status === 'error',
  );
}

/** A thrown refusal says its name; what Remix itself answers is known by its status. */
function refusalOf(error: unknown): { reason: Refusal; status: number } {
  if (!isRouteErrorResponse(error)) return { reason: 'fault', status: 500 };
  const named = Object.keys(REFUSALS).find((name): name is Refusal => name === error.data);
  if (named) return { reason: named, status: error.status };
  const fitting = { 404: 'no-such-address', 405: 'bad-method', 503: 'away' } as const;
  return { reason: fitting[error.status as keyof typeof fitting] ?? 'bad-address', status: error.status };
}
