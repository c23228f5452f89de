import { data, type LoaderFunctionArgs, type MetaFunction, type SerializeFrom } from '@remix-run/cloudflare';
import { useLoaderData } from '@remix-run/react';
import { bookingEventWords } from '~/format/booking-event';
import { googleCalendarLink, outlookCalendarLink } from '~/format/calendar-links';
import { formToken } from '~/http/csrf';
import { readPreferences } from '~/http/preferences';
import { refusalResponse } from '~/http/refusal';
import { Booked, Cancelled, Past, Standing } from '~/ui/bookings/booking-views';
import { Ticket } from '~/ui/bookings/ticket';
import { Top } from '~/ui/frame/top';
import { pickOffer } from '~/ui/mentors/offer';
import { pickPerson } from '~/ui/mentors/person';
import type { PageHandle } from '~/ui/page-handle';
import { findBooking } from '~/usecases/bookings/find-booking';
import { zoneOf } from '~/usecases/slots/situation';

export async function loader({ request, params, context: { app } }: LoaderFunctionArgs) {
  const token = params.token ?? '';
  const found = await findBooking(app, token);
  if (!found) throw refusalResponse('no-such-address');
  const { booking, mentor, type, mayMove, mayCancel } = found;
  const { zone, locale } = readPreferences(request);
  const { token: csrf, headers } = await formToken(app, request);
  const href = `/b/${token}`;
  const event = {
    startsAt: booking.startsAt,
    endsAt: booking.endsAt,
    ...bookingEventWords(
      {
        mentor,
        sessionTitle: type.title,
        location: { kind: type.locationKind, detail: type.locationDetail },
        link: app.config.siteUrl + href,
      },
      locale,
    ),
  };
  const { startsAt, endsAt, status, name, email, cancelledBy, cancellationReason } = booking;
  return data(
    {
      ...{ startsAt, endsAt, status, name, email, cancelledBy, cancellationReason, mayMove, mayCancel, csrf, href },
      // What has just been done, said once more on this address; whoever opens it later sees the booking as it is.
      news: new URL(request.url).searchParams.get('new'),
      mentor: pickPerson(mentor),
      offer: pickOffer(type),
      againHref: `/m/${mentor.slug}/${type.slug}`,
      zone: zone ?? zoneOf(booking.timeZone),
      isReadersZone: zone !== null || booking.timeZone !== mentor.timeZone,
      mentorZone: zoneOf(mentor.timeZone),
      now: app.clock(),
      calendars: { file: `${href}/invite.ics`, google: googleCalendarLink(event), outlook: outlookCalendarLink(event) },
    },
    { headers },
  );
}

export const meta: MetaFunction = () => [{ name: 'robots', content: 'noindex' }];

export const handle: PageHandle<SerializeFrom<typeof loader>> = {
  title: (t, booking) => t(`visitor.${viewOf(booking)}.document`),
};

/** Which of its faces the booking shows. */
function viewOf({
  status,
  startsAt,
  now,
  news,
}: SerializeFrom<typeof loader>): 'cancelled' | 'done' | 'moved' | 'booking' {
  if (status === 'cancelled') return 'cancelled';
  if (startsAt <= now) return 'booking';
  return news === 'booked' ? 'done' : news === 'moved' ? 'moved' : 'booking';
}

export default function Booking() {
  const booking = useLoaderData<typeof loader>();
  const view = viewOf(booking);
  const facts = {
    ...booking,
    ticket: <Ticket {...booking} state={view === 'cancelled' ? 'cancelled' : undefined} />,
  };
  return (
    <>
      <Top />
      <main id="main" className="wrap done-grid">
        {view === 'cancelled' ? (
          <Cancelled {...facts} />
        ) : booking.startsAt <= booking.now ? (
          <Past {...facts} />
        ) : view === 'done' ? (
          <Booked {...facts} />
        ) : (
          <Standing {...facts} isJustMoved={view === 'moved'} />
        )}
      </main>
    </>
  );
}
