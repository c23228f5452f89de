import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
  type SerializeFrom,
} from '@remix-run/cloudflare';
import { useActionData, useLoaderData } from '@remix-run/react';
import { partOfDay } from '~/domain/slots/month-grid';
import { MINUTE, type Instant } from '~/domain/time/instant';
import { findLocalDate, findYearMonth } from '~/domain/time/local-date';
import { toWall } from '~/domain/time/zones';
import { callName, nameIn } from '~/format/names';
import { rescheduleForm, startField, startText } from '~/forms/bookings';
import { conflict, invalid, tooMany, type FormAnswer } from '~/http/answers';
import { formToken } from '~/http/csrf';
import { parseForm } from '~/http/parse-form';
import { readPreferences } from '~/http/preferences';
import { refusalResponse } from '~/http/refusal';
import { MoveForm } from '~/ui/bookings/move-form';
import { useProblems } from '~/ui/bookings/problems';
import { Ticket } from '~/ui/bookings/ticket';
import { ErrorSummary } from '~/ui/forms/error-summary';
import { Top } from '~/ui/frame/top';
import { ZoneChoice } from '~/ui/frame/zone-choice';
import { pickOffer } from '~/ui/mentors/offer';
import { pickPerson } from '~/ui/mentors/person';
import { Who } from '~/ui/mentors/who';
import type { PageHandle } from '~/ui/page-handle';
import { useMoments } from '~/ui/slots/moment';
import { useGone } from '~/ui/slots/other-times';
import { ChoosingSteps, LastSteps } from '~/ui/slots/booking-steps';
import { Picker } from '~/ui/slots/picker';
import { useWords } from '~/ui/words';
import { rescheduleBooking } from '~/usecases/bookings/reschedule-booking';
import { browseMonthToMove } from '~/usecases/slots/browse-month';

export { actionHeaders as headers } from '~/http/answers';

export async function loader({ request, params, context: { app } }: LoaderFunctionArgs) {
  const token = params.token ?? '';
  const { searchParams } = new URL(request.url);
  const start = startField.safeParse(searchParams.get('start')).data ?? null;
  const preferred = readPreferences(request).zone;
  const found = await browseMonthToMove(app, token, {
    zone: preferred,
    month: findYearMonth(searchParams.get('month') ?? ''),
    date: findLocalDate(searchParams.get('date') ?? ''),
  });
  if (found.kind === 'not-found') throw refusalResponse('no-such-address');
  // Its own page says what has become of it, or that this is the time it has.
  if (found.kind === 'settled' || found.booking.startsAt === start) return redirect(`/b/${token}`, 303);
  const { mentor, type, booking, ...month } = found;
  const { token: csrf, headers } = await formToken(app, request);
  return data(
    {
      ...month,
      csrf,
      href: `/b/${token}`,
      /** The new time that waits for a yes. */
      start,
      startsAt: booking.startsAt,
      isReadersZone: preferred !== null || booking.timeZone !== mentor.timeZone,
      mentor: pickPerson(mentor),
      offer: pickOffer(type),
    },
    { headers },
  );
}

export async function action({ request, params, context: { app } }: ActionFunctionArgs) {
  const submission = await parseForm(request, app, rescheduleForm);
  if (submission.status !== 'success') return invalid(submission);
  const token = params.token ?? '';
  const outcome = await rescheduleBooking(app, token, submission.value.start);
  switch (outcome.kind) {
    case 'moved':
      return redirect(`/b/${token}?new=moved`, 303);
    case 'unchanged':
    case 'settled':
      return redirect(`/b/${token}`, 303);
    case 'taken':
      return conflict(
        submission,
        { nearest: outcome.nearest, gone: submission.value.start },
        { fieldErrors: { start: ['taken'] } },
      );
    case 'limited':
      return tooMany(submission, outcome.retryAfterSeconds);
    case 'not-found':
      throw refusalResponse('no-such-address');
  }
}

/** What the action answers when nothing was moved: with `gone` the start was lost. */
interface Refused extends FormAnswer {
  readonly gone?: Instant;
  readonly nearest?: readonly Instant[];
  /** Moved too often. */
  readonly retryAfterSeconds?: number;
}

export const meta: MetaFunction = () => [{ name: 'robots', content: 'noindex' }];

export const handle: PageHandle<SerializeFrom<typeof loader>> = {
  title: (t, { mentor, start }, locale) =>
    start === null ? t('visitor.move.document', { name: nameIn(mentor, locale) }) : t('visitor.move.confirmDocument'),
};

export default function Reschedule() {
  const page = useLoaderData<typeof loader>();
  return page.start === null ? <ChooseNewTime {...page} /> : <ConfirmNewTime {...page} start={page.start} />;
}

type Loaded = SerializeFrom<typeof loader>;

/** First and second step: the same month and times as for booking. */
function ChooseNewTime(page: Loaded) {
  const { t, locale } = useWords();
  const moments = useMoments();
  const { mentor, offer, zone, mentorZone, now, month, chosen, days, href, startsAt } = page;
  const hasFree = days.some(({ free }) => free > 0);
  return (
    <>
      <Top>
        <ZoneChoice
          now={now}
          zone={page.isReadersZone ? zone : null}
          owner={{ name: callName(mentor, locale), zone: mentorZone }}
          keep={{ month }}
          back={`${href}/reschedule?month=${month}`}
        />
      </Top>
      <main id="main" className="wrap book">
        <div className="flow">
          <Who mentor={mentor} offer={offer} lead={t('visitor.move.with', { minutes: offer.durationMinutes })}>
            <p className="quiet">{t('visitor.move.now', { time: moments.at(startsAt, zone) })}</p>
            <p className="fine">
              <a href={href}>{t('visitor.move.keep')}</a>
            </p>
          </Who>
          <ChoosingSteps
            date={hasFree && chosen ? chosen.date : null}
            last={{ label: t('visitor.step.confirm'), value: t('visitor.step.thenConfirm') }}
          />
          <Picker
            {...page}
            own={startsAt}
            partOfDay={partOfDay}
            hrefOfDay={(date) => `?date=${date}#times`}
            hrefOfMonth={(other) => `?month=${other}`}
            hrefOfStart={(start) => `?start=${startText(start)}`}
          />
        </div>
      </main>
    </>
  );
}

/** Last step: the old time stands until this form is sent, and after it too when the new one is lost. */
function ConfirmNewTime({ start: asked, ...page }: Omit<Loaded, 'start'> & { start: number }) {
  const { t } = useWords();
  const moments = useMoments();
  const answer = useActionData<Refused>();
  const { offer, zone, mentorZone, now, href, csrf, startsAt } = page;
  const gone = answer?.gone;
  const sayGone = useGone(zone);
  const mended = useProblems(answer?.result.error ?? {}, ['start']);
  const problems = gone === undefined ? mended : [{ target: 'start', text: sayGone(gone, { now, isLost: true }) }];
  const wait = answer?.retryAfterSeconds;
  const start = gone ?? asked;
  const back = `?date=${toWall(zone, start).date}`;
  return (
    <>
      <Top />
      <main id="main" className="wrap book">
        <div className="flow form-page">
          <LastSteps
            start={start}
            isGone={gone !== undefined}
            zone={zone}
            back={back}
            last={{ label: t('visitor.step.confirm'), value: t('visitor.step.last') }}
          />
          {problems.length > 0 && <ErrorSummary title={t('visitor.problem.notMoved')} problems={problems} />}
          {wait !== undefined && (
            <ErrorSummary title={t('visitor.problem.notMoved')}>
              <p>{t('visitor.limit.moves', { time: moments.at(now + wait * 1000 + MINUTE, zone) })}</p>
            </ErrorSummary>
          )}
          <Ticket
            {...page}
            startsAt={start}
            endsAt={start + offer.durationMinutes * MINUTE}
            state={gone === undefined ? undefined : 'taken'}
          />
          <MoveForm
            action={`${href}/reschedule?start=${startText(asked)}`}
            csrf={csrf}
            zone={zone}
            startsAt={startsAt}
            keepHref={href}
            start={
              gone === undefined
                ? { text: startText(start) }
                : {
                    others: {
                      gone,
                      starts: answer?.nearest ?? [],
                      valueOf: startText,
                      chosen: undefined,
                      zone,
                      mentorZone,
                      href: back,
                    },
                  }
            }
          />
        </div>
      </main>
    </>
  );
}
