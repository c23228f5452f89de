import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Form, useActionData, useLoaderData, useOutletContext } from '@remix-run/react';
import { mentor } from '~/data/actor';
import { findBookingById } from '~/data/bookings';
import { mayStillChange } from '~/domain/bookings/transitions';
import { toWall } from '~/domain/time/zones';
import { cancellationForm } from '~/forms/bookings';
import { clockRange, fullDate } from '~/format/dates';
import { conflict, invalid } from '~/http/answers';
import { parseForm } from '~/http/parse-form';
import { readPreferences } from '~/http/preferences';
import { refusalResponse } from '~/http/refusal';
import { requireSignIn } from '~/http/require-sign-in';
import { ErrorSummary } from '~/ui/forms/error-summary';
import { TextAreaField } from '~/ui/forms/field';
import { PersonName } from '~/ui/mentors/person-name';
import type { PageHandle } from '~/ui/page-handle';
import { Phrase, useWords } from '~/ui/words';
import { recogniseMentor } from '~/usecases/accounts/recognise-mentor';
import { cancelBooking } from '~/usecases/bookings/cancel-booking';

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The id in the address; Postgres takes nothing that is no id. */
function bookingIdOf(text: string | undefined): string {
  if (text === undefined || !UUID.test(text)) throw refusalResponse('no-such-address');
  return text;
}

export async function loader({ request, params, context: { app } }: LoaderFunctionArgs) {
  const me = await requireSignIn(request, app, recogniseMentor);
  const id = bookingIdOf(params.booking);
  const found = await app.db.read(mentor(me.id), (tx) => findBookingById(tx, id));
  if (found === null) throw refusalResponse('no-such-address');
  const { booking, type } = found;
  const { locale } = readPreferences(request);
  return {
    name: booking.name,
    title: type.title,
    date: fullDate(toWall(me.zone, booking.startsAt).date, locale),
    time: clockRange(booking.startsAt, booking.endsAt, me.zone, locale),
    state:
      booking.status === 'cancelled'
        ? ('already' as const)
        : mayStillChange(booking, 'cancel', app.clock())
          ? ('open' as const)
          : ('settled' as const),
  };
}

export async function action({ request, params, context: { app } }: ActionFunctionArgs) {
  const me = await requireSignIn(request, app, recogniseMentor);
  const bookingId = bookingIdOf(params.booking);
  const submission = await parseForm(request, app, cancellationForm);
  if (submission.status !== 'success') return invalid(submission);
  const outcome = await cancelBooking(app, { kind: 'mentor', mentorId: me.id, bookingId }, submission.value.reason);
  switch (outcome.kind) {
    case 'cancelled':
      return redirect('/desk/bookings?cancelled', 303);
    case 'settled':
      return conflict(submission, {});
    case 'not-found':
      throw refusalResponse('no-such-address');
  }
}

export const handle = { title: (t) => `${t('desk.cancel.title')} · Slotwell` } satisfies PageHandle;

export default function CancelBooking() {
  const { t } = useWords();
  const csrf = useOutletContext<string>();
  const { name, title, date, time, state } = useLoaderData<typeof loader>();
  const result = useActionData<typeof action>()?.result;
  const problem = result?.error?.reason ? t('desk.cancel.reason.problem') : undefined;
  const typed = result?.initialValue?.reason;
  const who = { name: <PersonName>{name}</PersonName> };
  return (
    <div className="desk">
      <div className="desk-head">
        <h1>
          <Phrase text={t('desk.cancel.heading', { name: '{name}' })} parts={who} />
        </h1>
        <p>
          {date}, <b>{time}</b> <span className="fine">· {title}</span>
        </p>
      </div>
      {problem && <ErrorSummary title={t('desk.cancel.alert')} problems={[{ target: 'reason', text: problem }]} />}
      {state === 'open' ? (
        <Form className="form" method="post" noValidate>
          <input type="hidden" name="csrf" value={csrf} />
          <p>
            <Phrase text={t('desk.cancel.intro', { name: '{name}' })} parts={who} />
          </p>
          <TextAreaField
            name="reason"
            label={t('desk.cancel.reason')}
            isOptional
            hint={t('desk.cancel.reason.hint')}
            error={problem}
            defaultValue={typeof typed === 'string' ? typed : undefined}
          />
          <p className="row">
            <button className="btn stop">{t('desk.cancel.do')}</button>{' '}
            <a className="textbtn" href="/desk/bookings">
              {t('desk.cancel.keep')}
            </a>
          </p>
        </Form>
      ) : (
        <>
          <p role="status">{t(state === 'already' ? 'desk.cancel.already' : 'desk.cancel.settled')}</p>
          <p>
            <a href="/desk/bookings">{t('desk.bookings.title')}</a>
          </p>
        </>
      )}
    </div>
  );
}
