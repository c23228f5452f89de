import type { LoaderFunctionArgs } from '@remix-run/cloudflare';
import { useLoaderData } from '@remix-run/react';
import { mentor } from '~/data/actor';
import { weeklyRangesOf } from '~/data/availability';
import { agendaOf, hasBookings, type AgendaView } from '~/data/bookings';
import { mayStillChange } from '~/domain/bookings/transitions';
import { MINUTE, type Instant } from '~/domain/time/instant';
import { addDays, dayOfWeek } from '~/domain/time/local-date';
import { startOfDate, toWall } from '~/domain/time/zones';
import { longDate } from '~/format/dates';
import { readPreferences } from '~/http/preferences';
import { requireSignIn } from '~/http/require-sign-in';
import { translator } from '~/locales/translator';
import { Agenda } from '~/ui/desk/agenda';
import { agendaDays } from '~/ui/desk/agenda-days';
import type { PageHandle } from '~/ui/page-handle';
import { Phrase, useWords } from '~/ui/words';
import { recogniseMentor } from '~/usecases/accounts/recognise-mentor';
import { countFreeTimes } from '~/usecases/slots/count-free-times';

const VIEWS = ['upcoming', 'past', 'cancelled'] as const satisfies AgendaView[];
const PAGE_ROWS = 30;

export async function loader({ request, context: { app } }: LoaderFunctionArgs) {
  const me = await requireSignIn(request, app, recogniseMentor);
  const { locale } = readPreferences(request);
  const { searchParams } = new URL(request.url);
  const view = VIEWS.find((one) => one === searchParams.get('show')) ?? 'upcoming';
  const page = Number(/^[1-9]\d{0,3}$/.exec(searchParams.get('page') ?? '')?.[0] ?? 1);
  const now = app.clock();
  const today = toWall(me.zone, now).date;
  const skip = (page - 1) * PAGE_ROWS;
  const [found, isKnown, ranges] = await app.db.read(mentor(me.id), (tx) =>
    Promise.all([
      agendaOf(tx, me.id, { view, since: startOfDate(me.zone, today), skip, rows: PAGE_ROWS }),
      hasBookings(tx, me.id),
      weeklyRangesOf(tx, me.id),
    ]),
  );
  const rows = found
    .slice(0, PAGE_ROWS)
    .map((row) => ({ ...row, canCancel: mayStillChange(row.booking, 'cancel', now) }));
  const reader = { zone: me.zone, now, t: translator(locale), locale };
  const days = (own: typeof rows, isToday = false) => agendaDays(own, reader, isToday);
  // What began yesterday and ends today belongs to today.
  const dateOf = ({ booking }: (typeof rows)[number]) => toWall(me.zone, booking.startsAt).date;
  const weekEnd = addDays(today, (7 - dayOfWeek(today)) % 7);
  const isUpcoming = view === 'upcoming';
  const ofToday = isUpcoming ? rows.filter((row) => dateOf(row) <= today) : [];
  const next = ofToday.find(({ booking }) => booking.startsAt > now)?.booking.startsAt;
  return {
    view,
    page,
    hasMore: found.length > PAGE_ROWS,
    wasCancelled: searchParams.has('cancelled'),
    address: `/m/${me.slug}`,
    isEmpty: !isKnown,
    freeThisWeek: isKnown ? 0 : await countFreeTimes(app, me.slug, 7),
    hoursAWeek: Math.round(
      ranges.reduce((sum, { start, end, isActive }) => sum + (isActive ? end - start : 0), 0) / 60,
    ),
    todayName: longDate(today, locale),
    next: next === undefined ? null : untilThen(next - now),
    todayCount: ofToday.length,
    today: days(ofToday, true),
    thisWeek: isUpcoming ? days(rows.filter((row) => dateOf(row) > today && dateOf(row) <= weekEnd)) : [],
    later: isUpcoming ? days(rows.filter((row) => dateOf(row) > weekEnd)) : [],
    list: isUpcoming ? [] : days(rows),
  };
}

/** In minutes up to an hour and a half, then in whole hours. */
function untilThen(span: Instant): { unit: 'minutes' | 'hours'; n: number } {
  const minutes = Math.ceil(span / MINUTE);
  return minutes <= 90 ? { unit: 'minutes', n: minutes } : { unit: 'hours', n: Math.round(minutes / 60) };
}

export const handle = { title: (t) => `${t('desk.bookings.title')} · Slotwell` } satisfies PageHandle;

export default function Bookings() {
  const { t } = useWords();
  const { view, isEmpty, wasCancelled, todayName } = useLoaderData<typeof loader>();
  return (
    <div className="desk">
      <div className="desk-head">
        <h1>
          {view === 'upcoming' ? t('desk.bookings.today', { date: todayName }) : t(`desk.bookings.${view}.heading`)}
        </h1>
        {view === 'upcoming' && <p className="quiet">{isEmpty ? t('desk.bookings.empty.intro') : <Ahead />}</p>}
        {wasCancelled && (
          <p className="state" role="status">
            {t('desk.bookings.was-cancelled')}
          </p>
        )}
      </div>
      {isEmpty && view === 'upcoming' ? (
        <Empty />
      ) : (
        <>
          {view === 'upcoming' ? <Upcoming /> : <Listed />}
          <Pages />
        </>
      )}
    </div>
  );
}

/** 'Two sessions. The next begins in 55 minutes.' */
function Ahead() {
  const { t } = useWords();
  const { todayCount, next } = useLoaderData<typeof loader>();
  if (todayCount === 0) return t('desk.bookings.none-today');
  const when =
    next && t(next.unit === 'minutes' ? 'desk.bookings.in-minutes' : 'desk.bookings.in-hours', { n: next.n });
  return [t('desk.bookings.count', { n: todayCount }), when && t('desk.bookings.next-in', { when })]
    .filter(Boolean)
    .join(' ');
}

function Upcoming() {
  const { t } = useWords();
  const { today, thisWeek, later } = useLoaderData<typeof loader>();
  return (
    <>
      {today.length > 0 && (
        <section aria-label={t('desk.bookings.today-list')}>
          <Agenda days={today} />
        </section>
      )}
      {thisWeek.length > 0 && (
        <section aria-labelledby="h-week">
          <h2 id="h-week">{t('desk.bookings.this-week')}</h2>
          <Agenda days={thisWeek} />
        </section>
      )}
      {later.length > 0 && (
        <section aria-labelledby="h-later">
          <h2 id="h-later">{t('desk.bookings.later')}</h2>
          <Agenda days={later} />
        </section>
      )}
      {today.length + thisWeek.length + later.length === 0 && (
        <p className="quiet">{t('desk.bookings.upcoming.none')}</p>
      )}
    </>
  );
}

function Listed() {
  const { t } = useWords();
  const { view, list, page } = useLoaderData<typeof loader>();
  if (list.length > 0)
    return (
      <section aria-label={t(`desk.bookings.${view}`)}>
        <Agenda days={list} level="h2" />
      </section>
    );
  const nothing = view === 'past' ? 'desk.bookings.past.none' : 'desk.bookings.cancelled.none';
  return <p className="quiet">{t(page > 1 ? 'desk.bookings.page.none' : nothing)}</p>;
}

const addressOf = (view: AgendaView, page = 1): string => {
  const asked = new URLSearchParams();
  if (view !== 'upcoming') asked.set('show', view);
  if (page > 1) asked.set('page', String(page));
  return asked.size > 0 ? `/desk/bookings?${asked}` : '/desk/bookings';
};

function Pages() {
  const { t } = useWords();
  const { view, page, hasMore } = useLoaderData<typeof loader>();
  return (
    <nav className="row" aria-label={t('desk.bookings.views')}>
      {page > 1 && (
        <a className="btn plain" href={addressOf(view, page - 1)}>
          {t('desk.bookings.newer')}
        </a>
      )}
      {hasMore && (
        <a className="btn plain" href={addressOf(view, page + 1)}>
          {t('desk.bookings.more')}
        </a>
      )}
      {VIEWS.filter((one) => one !== view).map((one) => (
        <a key={one} className="textbtn" href={addressOf(one)}>
          {t(`desk.bookings.${one}`)}
        </a>
      ))}
    </nav>
  );
}

function Empty() {
  const { t } = useWords();
  const { address, hoursAWeek, freeThisWeek } = useLoaderData<typeof loader>();
  return (
    <div className="empty">
      <h2>{t('desk.bookings.empty.heading')}</h2>
      <p>
        {hoursAWeek > 0
          ? [
              t('desk.bookings.empty.hours', { n: hoursAWeek }),
              t('desk.bookings.empty.free', { n: freeThisWeek }),
              t('desk.bookings.empty.send'),
            ].join(' ')
          : t('desk.bookings.empty.no-hours')}
      </p>
      <p className="row">
        <a className="btn" href={address}>
          {t('desk.bookings.empty.page')}
        </a>{' '}
        <a className="btn plain" href="/desk/availability">
          {t('desk.bookings.empty.change')}
        </a>
      </p>
      <p className="fine">
        <Phrase
          text={t('desk.bookings.empty.address', { address: '{address}' })}
          parts={{ address: <b>{address}</b> }}
        />
      </p>
    </div>
  );
}
