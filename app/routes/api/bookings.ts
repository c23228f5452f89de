import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/cloudflare';
import type { z } from 'zod';
import { findBase64url, toBase64url } from '~/crypto/base64url';
import { randomToken } from '~/crypto/random-token';
import { mentor } from '~/data/actor';
import { bookingsOf, type BookingPlace } from '~/data/bookings';
import { addDays, type LocalDate } from '~/domain/time/local-date';
import type { Instant } from '~/domain/time/instant';
import { startOfDate, type ZoneId } from '~/domain/time/zones';
import { bookingBody, bookingsQuery, type bookingMade, type bookingsPage } from '~/forms/api/bookings';
import { isId, type Bound } from '~/forms/api/fields';
import { instantText, timeTexts } from '~/format/wall-time';
import { refuse, refuseTooMany } from '~/http/api-refusals';
import { hashOfRequest, readBody, readQuery, readRequestName, refuseFields } from '~/http/api-request';
import { requireToken } from '~/http/bearer';
import { readPreferences } from '~/http/preferences';
import { recogniseToken } from '~/usecases/accounts/recognise-token';
import { bookSlot } from '~/usecases/bookings/book-slot';

export async function loader({ request, context: { app } }: LoaderFunctionArgs) {
  const caller = await requireToken(request, app, 'bookings:read', recogniseToken);
  if (caller instanceof Response) return caller;
  const query = readQuery(request, bookingsQuery);
  if (query instanceof Response) return query;
  const { limit, status, timezone: zone = caller.zone } = query;
  const after = query.cursor === undefined ? undefined : findPlace(query.cursor);
  if (after === null)
    return refuseFields([{ field: 'cursor', detail: 'Send the cursor of the page before, unchanged.' }]);
  const { mentorId } = caller;
  const filter = { from: startOf(query.from, zone), until: endOf(query.to, zone), status, after };
  // One more says that there is another page.
  const found = await app.db.read(mentor(mentorId), (tx) => bookingsOf(tx, mentorId, filter, limit + 1));
  const rows = found.slice(0, limit);
  const last = rows.at(-1)?.booking;
  const { wall } = timeTexts(zone, rows[0]?.booking.startsAt ?? 0, last?.endsAt ?? 0);
  return Response.json(
    {
      timezone: zone,
      bookings: rows.map(({ booking, title }) => ({
        id: booking.id,
        status: booking.status,
        start: instantText(booking.startsAt),
        end: instantText(booking.endsAt),
        localStart: wall(booking.startsAt),
        localEnd: wall(booking.endsAt),
        sessionTypeId: booking.sessionTypeId,
        sessionType: title,
        name: booking.name,
        email: booking.email,
        phone: booking.phone,
        message: booking.message,
        answers: { ...booking.answers },
        guests: booking.guests,
        timezone: booking.timeZone,
        createdAt: instantText(booking.createdAt),
        updatedAt: instantText(booking.updatedAt),
        cancelledAt: booking.cancelledAt === null ? null : instantText(booking.cancelledAt),
        cancelledBy: booking.cancelledBy,
        cancellationReason: booking.cancellationReason,
      })),
      next: found.length > limit && last ? cursorOf(last) : null,
    } satisfies z.input<typeof bookingsPage>,
    { headers: { 'Cache-Control': 'no-store' } },
  );
}

const startOf = (bound: Bound | undefined, zone: ZoneId): Instant | undefined =>
  bound && ('date' in bound ? startOfDate(zone, bound.date) : bound.instant);

const endOf = (bound: Bound | undefined, zone: ZoneId): Instant | undefined =>
  bound && ('date' in bound ? startOfDate(zone, addDays(bound.date, 1)) : bound.instant);

const cursorOf = ({ startsAt, id }: BookingPlace): string => toBase64url(new TextEncoder().encode(`${startsAt} ${id}`));

function findPlace(cursor: string): BookingPlace | null {
  const bytes = findBase64url(cursor);
  const [startsAt = '', id = ''] = bytes === undefined ? [] : new TextDecoder().decode(bytes).split(' ');
  return /^\d{1,14}$/.test(startsAt) && isId(id) ? { startsAt: Number(startsAt), id } : null;
}

export async function action({ request, context: { app, clientAddress } }: ActionFunctionArgs) {
  const body = await readBody(request, bookingBody);
  if (body instanceof Response) return body;
  const key = await readRequestName(request, { caller: clientAddress, endpoint: 'bookings' });
  if (key instanceof Response) return key;
  const { mentorId, sessionTypeId = 'first', date, startTime, start, timezone: zone = null } = body;
  const outcome = await bookSlot(app, {
    mentor: mentorId,
    type: sessionTypeId,
    start: start ?? wallTimeOf(date, startTime, zone),
    name: body.name,
    email: body.email,
    phone: body.phone,
    message: body.message,
    timeZone: zone,
    locale: readPreferences(request).locale,
    requestKey: key ?? randomToken(),
    requestHash: key === undefined ? undefined : await hashOfRequest(body),
    clientAddress,
  });
  switch (outcome.kind) {
    case 'booked': {
      const link = `${app.config.siteUrl}/b/${outcome.token}`;
      return Response.json(
        {
          id: outcome.id,
          status: 'confirmed',
          start: instantText(outcome.startsAt),
          end: instantText(outcome.endsAt),
          link,
        } satisfies z.input<typeof bookingMade>,
        { status: 201, headers: { Location: link, 'Cache-Control': 'no-store' } },
      );
    }
    case 'taken':
      return refuse('slot-taken', { more: { nearest: outcome.nearest.map(instantText) } });
    case 'twice':
    case 'never':
      return refuse(`time-${outcome.kind}`, { errors: [{ field: 'startTime', detail: 'Send `start` instead.' }] });
    case 'name-used':
      return refuse('key-used');
    case 'limited':
      return refuseTooMany('too-many-bookings', outcome.retryAfterSeconds, LIMIT_TEXTS[outcome.limit]);
    case 'not-found':
      return refuse('no-such-mentor');
  }
}

const LIMIT_TEXTS = {
  attempts: 'There were too many attempts from this network address.',
  email: 'There were too many bookings by this email address within a day.',
  mentor: 'There were too many bookings with this mentor within a day.',
};

/** The schema takes `start`, or both of the others. */
function wallTimeOf(date: LocalDate | undefined, minute: number | undefined, zone: ZoneId | null) {
  if (date === undefined || minute === undefined) throw new Error('a booking without a start passed the schema');
  return { date, minute, zone };
}
