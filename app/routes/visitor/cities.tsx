import type { LoaderFunctionArgs } from '@remix-run/cloudflare';
import { useLoaderData } from '@remix-run/react';
import { clockTime, weekdayName } from '~/format/dates';
import { citiesByArea } from '~/format/zones';
import { toWall, type ZoneId } from '~/domain/time/zones';
import { toMinute } from '~/domain/time/instant';
import { readPreferences } from '~/http/preferences';
import { Top } from '~/ui/frame/top';
import type { PageHandle } from '~/ui/page-handle';
import { useWords } from '~/ui/words';

export function loader({ request, context: { app } }: LoaderFunctionArgs) {
  const url = new URL(request.url);
  return {
    now: toMinute(app.clock()),
    zone: readPreferences(request).zone,
    back: wayBack(url.searchParams.get('back'), url.origin),
  };
}

/** The page that was left, on this site; home when there is none. What begins with two slashes would name another site. */
function wayBack(asked: string | null, origin: string): string {
  const url = URL.canParse(asked ?? '', origin) ? new URL(asked ?? '', origin) : null;
  return url?.origin === origin && !url.pathname.startsWith('//') ? url.pathname + url.search : '/';
}

export const handle: PageHandle = { isForEveryone: true, title: (t) => t('visitor.cities.document') };

export default function Cities() {
  const { t, locale } = useWords();
  const { now, zone, back } = useLoaderData<typeof loader>();
  const areas = citiesByArea(locale);
  const today = zone && toWall(zone, now).date;
  const timeIn = (there: ZoneId) => {
    const { date } = toWall(there, now);
    const day = today === null || date === today ? '' : ` ${weekdayName(date, locale)}`;
    return clockTime(now, there, locale) + day;
  };
  // Any base will do: what is wanted is the same address with another query.
  const address = new URL(back, 'http://site.invalid');
  return (
    <>
      <Top />
      <main id="main" className="wrap cities">
        <h1>{t('visitor.cities.title')}</h1>
        <p className="lede">{t('visitor.cities.lede')}</p>
        <nav aria-label={t('visitor.cities.jump')}>
          <ul className="row" role="list">
            {areas.map(({ area }) => (
              <li key={area}>
                <a className="textbtn" href={`#${area}`}>
                  {t(`visitor.cities.area.${area}`)}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        {areas.map(({ area, cities }) => (
          <section key={area} className="panel" aria-labelledby={area}>
            <h2 id={area}>{t(`visitor.cities.area.${area}`)}</h2>
            <ul role="list">
              {cities.map((city) => {
                address.searchParams.set('tz', city.zone);
                return (
                  <li key={city.zone}>
                    <a
                      href={address.pathname + address.search}
                      rel="nofollow"
                      aria-current={city.zone === zone ? 'true' : undefined}
                    >
                      {city.name} <small>{timeIn(city.zone)}</small>
                    </a>
                  </li>
                );
              })}
            </ul>
          </section>
        ))}
      </main>
    </>
  );
}
