import type { ActionFunctionArgs } from '@remix-run/cloudflare';
import type { z } from 'zod';
import { cancellationBody, type bookingCancelled } from '~/forms/api/bookings';
import { isId } from '~/forms/api/fields';
import { refuse } from '~/http/api-refusals';
import { readBody } from '~/http/api-request';
import { requireToken } from '~/http/bearer';
import { recogniseToken } from '~/usecases/accounts/recognise-token';
import { cancelBooking } from '~/usecases/bookings/cancel-booking';

/** What the door lets through. */
export const handle = { methods: ['DELETE'] };

export async function action({ request, params, context: { app } }: ActionFunctionArgs) {
  const caller = await requireToken(request, app, 'bookings:write', recogniseToken);
  if (caller instanceof Response) return caller;
  const body = await readBody(request, cancellationBody, { isOptional: true });
  if (body instanceof Response) return body;
  const { booking: bookingId = '' } = params;
  // Postgres takes nothing that is no id.
  if (!isId(bookingId)) return refuse('no-such-booking');
  const outcome = await cancelBooking(app, { kind: 'mentor', mentorId: caller.mentorId, bookingId }, body.reason);
  switch (outcome.kind) {
    case 'cancelled':
      return Response.json({ id: bookingId.toLowerCase(), status: 'cancelled' } satisfies z.input<
        typeof bookingCancelled
      >);
    case 'settled':
      return refuse('booking-begun');
    case 'not-found':
      return refuse('no-such-booking');
  }
}
