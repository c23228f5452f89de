import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type SerializeFrom,
} from '@remix-run/cloudflare';
import { useActionData, useLoaderData } from '@remix-run/react';
import { MINUTE, type Instant } from '~/domain/time/instant';
import { toWall } from '~/domain/time/zones';
import { bookingForm, startField, startText } from '~/forms/bookings';
import { conflict, invalid, tooMany, type FormAnswer } from '~/http/answers';
import { formToken, requestKeyOf } from '~/http/csrf';
import { parseForm } from '~/http/parse-form';
import { readPreferences } from '~/http/preferences';
import { refusalResponse } from '~/http/refusal';
import { BookingForm } from '~/ui/bookings/booking-form';
import { LimitReached } from '~/ui/bookings/limit-reached';
import { useProblems } from '~/ui/bookings/problems';
import { Ticket } from '~/ui/bookings/ticket';
import { ErrorSummary } from '~/ui/forms/error-summary';
import { Top } from '~/ui/frame/top';
import { pickOffer } from '~/ui/mentors/offer';
import { pickPerson } from '~/ui/mentors/person';
import type { PageHandle } from '~/ui/page-handle';
import { LastSteps } from '~/ui/slots/booking-steps';
import { useGone } from '~/ui/slots/other-times';
import { useWords } from '~/ui/words';
import { bookSlot } from '~/usecases/bookings/book-slot';
import { quoteSlot } from '~/usecases/slots/quote-slot';
import { zoneOf } from '~/usecases/slots/situation';

export { actionHeaders as headers } from '~/http/answers';

export async function loader({ request, params, context: { app } }: LoaderFunctionArgs) {
  const address = { mentor: params.mentor ?? '', type: params.type ?? '' };
  const start = startField.safeParse(new URL(request.url).searchParams.get('start'));
  if (!start.success) return redirect(`/m/${address.mentor}/${address.type}`, 303);
  const quote = await quoteSlot(app, address, start.data);
  if (quote.kind === 'not-found') throw refusalResponse('no-such-address');
  const { zone } = readPreferences(request);
  const { token, headers } = await formToken(app, request);
  const mentorZone = zoneOf(quote.mentor.timeZone);
  return data(
    {
      csrf: token,
      mentor: pickPerson(quote.mentor),
      offer: pickOffer(quote.type),
      month: `/m/${quote.mentor.slug}/${quote.type.slug}`,
      start: start.data,
      isFree: quote.kind === 'free',
      nearest: quote.nearest,
      now: app.clock(),
      zone: zone ?? mentorZone,
      isReadersZone: zone !== null,
      mentorZone,
    },
    { status: quote.kind === 'free' ? 200 : 409, headers },
  );
}

export async function action({ request, params, context: { app, clientAddress } }: ActionFunctionArgs) {
  const submission = await parseForm(request, app, bookingForm);
  if (submission.status !== 'success') return invalid(submission);
  const { zone, locale } = readPreferences(request);
  const { mentor = '', type = '' } = params;
  const { start } = submission.value;
  const outcome = await bookSlot(app, {
    ...submission.value,
    mentor: { slug: mentor },
    type: { slug: type },
    timeZone: zone,
    locale,
    requestKey: await requestKeyOf(submission.formToken, mentor, type, startText(start)),
    clientAddress,
  });
  switch (outcome.kind) {
    case 'booked':
      return redirect(`/b/${outcome.token}?new=booked`, 303);
    case 'taken':
      return conflict(submission, { nearest: outcome.nearest, gone: start }, { fieldErrors: { start: ['taken'] } });
    case 'limited':
      return tooMany(submission, outcome.retryAfterSeconds, { formErrors: [outcome.limit] });
    case 'not-found':
      throw refusalResponse('no-such-address');
  }
}

/** What the action answers when nothing was booked: with `gone` the start was lost, with `retryAfterSeconds` it was too often. */
interface Refused extends FormAnswer {
  readonly gone?: Instant;
  readonly nearest?: readonly Instant[];
  readonly retryAfterSeconds?: number;
}

export const handle: PageHandle<SerializeFrom<typeof loader>> = { title: (t) => t('visitor.book.document') };

export default function Book() {
  const { t } = useWords();
  const page = useLoaderData<typeof loader>();
  const answer = useActionData<Refused>();
  const { mentor, offer, month, zone, mentorZone, now } = page;
  const typed: Readonly<Record<string, unknown>> = answer?.result.initialValue ?? {};
  const isLost = answer?.gone !== undefined;
  const gone = answer?.gone ?? (page.isFree ? null : page.start);
  const sayGone = useGone(zone);
  const problems = [
    ...(gone === null ? [] : [{ target: 'start', text: sayGone(gone, { now, isLost }) }]),
    ...useProblems(answer?.result.error ?? {}, gone === null ? ['start', ...FIELDS] : FIELDS),
  ];
  const start = gone ?? page.start;
  const back = `${month}?date=${toWall(zone, start).date}`;
  return (
    <>
      <Top />
      <main id="main" className="wrap book">
        <div className="flow form-page">
          <LastSteps
            start={start}
            isGone={gone !== null}
            zone={zone}
            back={back}
            last={{ label: t('visitor.step.you'), value: t('visitor.step.last') }}
          />
          {answer?.retryAfterSeconds !== undefined ? (
            <LimitReached
              limit={answer.result.error?.['']?.[0]}
              until={now + answer.retryAfterSeconds * 1000}
              now={now}
              zone={zone}
              mentor={mentor}
            />
          ) : (
            problems.length > 0 && (
              <ErrorSummary title={t('visitor.problem.count', { n: problems.length })} problems={problems}>
                {answer && <p className="fine">{t('visitor.problem.kept')}</p>}
              </ErrorSummary>
            )
          )}
          <Ticket
            {...page}
            startsAt={start}
            endsAt={start + offer.durationMinutes * MINUTE}
            state={gone === null ? undefined : 'taken'}
          />
          <BookingForm
            action={`${month}/book?start=${startText(page.start)}`}
            csrf={page.csrf}
            mentor={mentor}
            offer={offer}
            start={
              gone === null
                ? { text: startText(start) }
                : {
                    others: {
                      gone,
                      starts: answer?.nearest ?? page.nearest,
                      valueOf: startText,
                      chosen: typed.start,
                      zone,
                      mentorZone,
                      href: back,
                    },
                  }
            }
            typed={typed}
            problems={problems}
          />
        </div>
      </main>
    </>
  );
}

const FIELDS = ['name', 'email', 'phone', 'message'];
