import type { LoaderFunctionArgs } from '@remix-run/cloudflare';
import { bookingEventWords } from '~/format/booking-event';
import { calendarFile } from '~/format/icalendar';
import { nameIn } from '~/format/names';
import { readPreferences } from '~/http/preferences';
import { refusalResponse } from '~/http/refusal';
import { findBooking } from '~/usecases/bookings/find-booking';

/** The booking as a file for any calendar; opened again after a move or a cancellation, it changes the same entry. */
export async function loader({ request, params, context: { app } }: LoaderFunctionArgs) {
  const token = params.token ?? '';
  const found = await findBooking(app, token);
  if (!found) return refusalResponse('no-such-address');
  const { booking, mentor, type } = found;
  const { locale } = readPreferences(request);
  const link = `${app.config.siteUrl}/b/${token}`;
  const file = calendarFile({
    uid: booking.icalUid,
    sequence: booking.icalSequence,
    startsAt: booking.startsAt,
    endsAt: booking.endsAt,
    now: booking.updatedAt,
    organizer: { name: nameIn(mentor, locale), address: app.config.emailFrom },
    url: link,
    isCancelled: booking.status === 'cancelled',
    ...bookingEventWords(
      { mentor, sessionTitle: type.title, location: { kind: type.locationKind, detail: type.locationDetail }, link },
      locale,
    ),
  });
  return new Response(file, {
    headers: {
      'Content-Type': 'text/calendar; charset=utf-8; method=PUBLISH',
      'Content-Disposition': 'attachment; filename="slotwell.ics"',
      'Cache-Control': 'private, no-store',
    },
  });
}
