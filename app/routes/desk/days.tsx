import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { useActionData, useLoaderData, useOutletContext } from '@remix-run/react';
import { parseTimeOfDay } from '~/domain/availability/hours';
import { toWall } from '~/domain/time/zones';
import { specialDaysForm } from '~/forms/availability';
import { invalid } from '~/http/answers';
import { parseForm } from '~/http/parse-form';
import { requireSignIn } from '~/http/require-sign-in';
import { problemText } from '~/ui/desk/problem-texts';
import { SpecialDaysForm } from '~/ui/desk/special-days-form';
import type { PageHandle } from '~/ui/page-handle';
import { useWords } from '~/ui/words';
import { recogniseMentor } from '~/usecases/accounts/recognise-mentor';
import { saveSpecialDays } from '~/usecases/availability/change-special-days';

export async function loader({ request, context: { app } }: LoaderFunctionArgs) {
  const me = await requireSignIn(request, app, recogniseMentor);
  return { today: toWall(me.zone, app.clock()).date, hasSavedHours: new URL(request.url).searchParams.has('saved') };
}

export async function action({ request, context: { app } }: ActionFunctionArgs) {
  const me = await requireSignIn(request, app, recogniseMentor);
  const submission = await parseForm(request, app, specialDaysForm);
  if (submission.status !== 'success') return invalid(submission);
  const { reason, ...days } = submission.value;
  const outcome = await saveSpecialDays(app, { mentorId: me.id, zone: me.zone }, { ...days, reason: reason || null });
  switch (outcome.kind) {
    case 'saved':
      return redirect(`/desk/availability?days=${days.from}:${days.until}#h-days`, 303);
    case 'past':
    case 'too-far':
      return invalid(submission, { fieldErrors: { until: [outcome.kind] } });
    case 'overlaps':
      return invalid(submission, { fieldErrors: { ranges: ['overlaps'] } });
  }
}

export const handle = { title: (t) => `${t('desk.days.title')} · Slotwell` } satisfies PageHandle;

export default function SpecialDays() {
  const { t } = useWords();
  const csrf = useOutletContext<string>();
  const { today, hasSavedHours } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  return (
    <SpecialDaysForm
      today={today}
      answer={answer?.result}
      csrf={csrf}
      readTime={parseTimeOfDay}
      say={(error) => (error === 'missing' ? t('desk.problem.missing.day') : problemText(error, t))}
      notice={hasSavedHours && !answer ? t('desk.hours.saved') : ''}
    />
  );
}
