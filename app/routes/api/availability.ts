import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/cloudflare';
import type { z } from 'zod';
import { sha256Hex } from '~/crypto/hashes';
import type { HoursRange } from '~/domain/availability/hours';
import {
  availabilityQuery,
  hoursBody,
  MOST_SLOTS,
  type availabilityAnswer,
  type hoursAnswer,
} from '~/forms/api/availability';
import type { Bound } from '~/forms/api/fields';
import { timeOfDay } from '~/format/dates';
import { timeTexts } from '~/format/wall-time';
import { refuse, refuseTooMany } from '~/http/api-refusals';
import { hashOfRequest, readBody, readQuery, readRequestName, refuseFields } from '~/http/api-request';
import { hasToken, requireToken } from '~/http/bearer';
import { recogniseToken } from '~/usecases/accounts/recognise-token';
import { saveHours } from '~/usecases/availability/save-hours';
import { listSlots, type Span } from '~/usecases/slots/list-slots';

/** Seconds for which free times may be kept: whoever books is told the truth all the same. */
const FRESH_SECONDS = 5;

export async function loader({ request, context: { app, clientAddress } }: LoaderFunctionArgs) {
  const query = readQuery(request, availabilityQuery);
  if (query instanceof Response) return query;
  const isProgram = hasToken(request);
  const caller = isProgram ? await requireToken(request, app, null, recogniseToken) : null;
  if (caller instanceof Response) return caller;
  const { mentorId, sessionTypeId = 'first', timezone = null } = query;
  const found = await listSlots(app, {
    mentor: mentorId,
    type: sessionTypeId,
    span: spanOf(query.from, query.to),
    zone: timezone,
    atMost: MOST_SLOTS,
    clientAddress: isProgram ? null : clientAddress,
  });
  switch (found.kind) {
    case 'found': {
      const { window, zone, slots, next } = found;
      const { instant, wall } = timeTexts(zone, window.start, window.end);
      return cached(request, {
        mentorId: found.mentorId,
        sessionTypeId: found.typeId,
        timezone: zone,
        durationMinutes: found.durationMinutes,
        from: instant(window.start),
        to: instant(window.end),
        slots: slots.map(({ start, end }) => ({
          start: instant(start),
          end: instant(end),
          localStart: wall(start),
          localEnd: wall(end),
        })),
        next: next === null ? null : instant(next),
      });
    }
    case 'no-such-date':
      return refuseFields([
        { field: found.bound === 'first' ? 'from' : 'to', detail: 'The zone skipped this date: send another one.' },
      ]);
    case 'limited':
      return refuseTooMany('too-many-requests', found.retryAfterSeconds);
    case 'not-found':
      return refuse('no-such-mentor');
  }
}

/** The schema takes two of one kind only. */
function spanOf(from: Bound, to: Bound): Span {
  if ('date' in from && 'date' in to) return { first: from.date, last: to.date };
  if ('instant' in from && 'instant' in to) return { start: from.instant, end: to.instant };
  throw new Error('a date and an instant passed the schema together');
}

/** The answer with a strong validator (RFC 9110 section 8.8.3), or 304 where the caller has it. */
async function cached(request: Request, answer: z.input<typeof availabilityAnswer>): Promise<Response> {
  const body = JSON.stringify(answer);
  const etag = `"${(await sha256Hex(body)).slice(0, 32)}"`;
  const headers = { ETag: etag, 'Cache-Control': `public, max-age=${FRESH_SECONDS}` };
  const known = request.headers.get('if-none-match');
  // The comparison is weak (section 13.1.2): what came through a compressing proxy has W/ before it.
  const isKnown =
    known !== null && (known.trim() === '*' || known.split(',').some((one) => one.trim().replace(/^W\//, '') === etag));
  if (isKnown) return new Response(null, { status: 304, headers });
  return new Response(body, { headers: { ...headers, 'Content-Type': 'application/json' } });
}

export async function action({ request, context: { app } }: ActionFunctionArgs) {
  const caller = await requireToken(request, app, 'availability:write', recogniseToken);
  if (caller instanceof Response) return caller;
  const { mentorId, tokenId } = caller;
  const body = await readBody(request, hoursBody);
  if (body instanceof Response) return body;
  const key = await readRequestName(request, { caller: tokenId, endpoint: 'availability' });
  if (key instanceof Response) return key;
  const { hours, timezone: zone = caller.zone } = body;
  const week = Array.from({ length: 7 }, (_, day) => {
    const ofDay = hours.filter(({ dayOfWeek }) => dayOfWeek === day);
    return {
      isOn: ofDay[0]?.isActive ?? false,
      ranges: ofDay.map(({ startTime, endTime }): HoursRange => ({ start: startTime, end: endTime })),
    };
  });
  const named = key === undefined ? undefined : { key, requestHash: await hashOfRequest(body) };
  const outcome = await saveHours(app, mentorId, { zone, week }, named);
  switch (outcome.kind) {
    case 'saved':
      return Response.json({
        timezone: outcome.zone,
        hours: outcome.ranges.map(({ dayOfWeek, start, end, isActive }) => ({
          dayOfWeek,
          startTime: timeOfDay(start),
          endTime: timeOfDay(end),
          isActive,
        })),
      } satisfies z.input<typeof hoursAnswer>);
    case 'overlaps':
      return refuseFields([{ field: 'hours', detail: 'Send ranges of one day that do not overlap.' }]);
    case 'name-used':
      return refuse('key-used');
  }
}
