import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/cloudflare';
import { useActionData, useLoaderData } from '@remix-run/react';
import { callName } from '~/format/names';
import { cancellationForm } from '~/forms/bookings';
import { invalid } from '~/http/answers';
import { formToken } from '~/http/csrf';
import { parseForm } from '~/http/parse-form';
import { readPreferences } from '~/http/preferences';
import { refusalResponse } from '~/http/refusal';
import { CancelForm } from '~/ui/bookings/cancel-form';
import { useProblems } from '~/ui/bookings/problems';
import { ErrorSummary } from '~/ui/forms/error-summary';
import { Top } from '~/ui/frame/top';
import { pickPerson } from '~/ui/mentors/person';
import { PersonName } from '~/ui/mentors/person-name';
import type { PageHandle } from '~/ui/page-handle';
import { useMoments } from '~/ui/slots/moment';
import { Phrase, useWords } from '~/ui/words';
import { cancelBooking } from '~/usecases/bookings/cancel-booking';
import { findBooking } from '~/usecases/bookings/find-booking';
import { zoneOf } from '~/usecases/slots/situation';

export async function loader({ request, params, context: { app } }: LoaderFunctionArgs) {
  const token = params.token ?? '';
  const found = await findBooking(app, token);
  if (!found) throw refusalResponse('no-such-address');
  // Its own page says what has become of it.
  if (!found.mayCancel) return redirect(`/b/${token}`, 303);
  const { booking, mentor, type } = found;
  const { token: csrf, headers } = await formToken(app, request);
  return data(
    {
      csrf,
      href: `/b/${token}`,
      startsAt: booking.startsAt,
      minutes: type.durationMinutes,
      mentor: pickPerson(mentor),
      zone: readPreferences(request).zone ?? zoneOf(booking.timeZone),
    },
    { headers },
  );
}

export async function action({ request, params, context: { app } }: ActionFunctionArgs) {
  const submission = await parseForm(request, app, cancellationForm);
  if (submission.status !== 'success') return invalid(submission);
  const token = params.token ?? '';
  const outcome = await cancelBooking(app, { kind: 'booker', token }, submission.value.reason);
  switch (outcome.kind) {
    case 'cancelled':
    case 'settled':
      return redirect(`/b/${token}`, 303);
    case 'not-found':
      throw refusalResponse('no-such-address');
  }
}

export const meta: MetaFunction = () => [{ name: 'robots', content: 'noindex' }];

export const handle: PageHandle = { title: (t) => t('visitor.cancel.document') };

export default function Cancel() {
  const { t, locale } = useWords();
  const moments = useMoments();
  const { csrf, href, startsAt, minutes, mentor, zone } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const problems = useProblems(answer?.result.error ?? {}, ['reason']);
  return (
    <>
      <Top />
      <main id="main" className="wrap">
        <div className="narrow">
          {problems.length > 0 && <ErrorSummary title={t('visitor.problem.notCancelled')} problems={problems} />}
          <h1>{t('visitor.cancel.title')}</h1>
          <p className="lede">
            <Phrase
              text={t('visitor.cancel.lede', { time: moments.at(startsAt, zone), minutes, mentor: '{mentor}' })}
              parts={{ mentor: <PersonName>{callName(mentor, locale)}</PersonName> }}
            />
          </p>
          <CancelForm
            action={`${href}/cancel`}
            csrf={csrf}
            mentorName={callName(mentor, locale)}
            typed={answer?.result.initialValue?.reason}
            error={problems[0]?.text}
          >
            <a className="textbtn" href={href}>
              {t('visitor.cancel.keep')}
            </a>
          </CancelForm>
        </div>
      </main>
    </>
  );
}
