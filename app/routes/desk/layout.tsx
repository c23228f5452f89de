import { data, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Outlet, useLoaderData, useLocation } from '@remix-run/react';
import { nameIn } from '~/format/names';
import { zoneNow } from '~/format/zones';
import { formToken } from '~/http/csrf';
import { readPreferences } from '~/http/preferences';
import { requireSignIn } from '~/http/require-sign-in';
import { DeskBar } from '~/ui/desk/desk-bar';
import { LanguageLinks } from '~/ui/frame/language-links';
import type { PageHandle } from '~/ui/page-handle';
import { addressIn, useWords } from '~/ui/words';
import { recogniseMentor } from '~/usecases/accounts/recognise-mentor';

/** The desk works without script, and better with it. */
export const handle = { hydrate: true } satisfies PageHandle;

export async function loader({ request, context: { app } }: LoaderFunctionArgs) {
  const me = await requireSignIn(request, app, recogniseMentor);
  const { locale } = readPreferences(request);
  const { token, headers } = await formToken(app, request);
  return data(
    { name: nameIn(me, locale), page: `/m/${me.slug}`, place: zoneNow(me.zone, app.clock(), locale), csrf: token },
    { headers },
  );
}

export default function DeskLayout() {
  const { t } = useWords();
  const location = useLocation();
  const desk = useLoaderData<typeof loader>();
  const tabs = (['bookings', 'availability', 'api-tokens'] as const).map((page) => ({
    href: `/desk/${page}`,
    text: t(`desk.nav.${page}`),
    isCurrent: location.pathname.startsWith(`/desk/${page}`),
  }));
  return (
    <>
      <DeskBar {...desk} tabs={tabs} />
      <main id="main" className="wrap">
        <Outlet context={desk.csrf} />
      </main>
      <footer className="foot wrap">
        <LanguageLinks hrefIn={(locale) => addressIn(location, locale)} />
      </footer>
    </>
  );
}
