import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/cloudflare';
import { useActionData, useLoaderData, useLocation } from '@remix-run/react';
import { Authenticator } from 'remix-auth';
import { signInCodeForm } from '~/forms/accounts';
import { invalid, tooMany } from '~/http/answers';
import { forgetAskedCode, readAskedCode } from '~/http/code-cookie';
import { formToken } from '~/http/csrf';
import { FormStrategy } from '~/http/form-strategy';
import { deskAddress } from '~/http/require-sign-in';
import { signInCookie } from '~/http/sign-in-cookie';
import { ErrorSummary } from '~/ui/forms/error-summary';
import { TextField } from '~/ui/forms/field';
import { Top } from '~/ui/frame/top';
import type { PageHandle } from '~/ui/page-handle';
import { Phrase, useWords } from '~/ui/words';
import { signInWithCode } from '~/usecases/accounts/sign-in-with-code';

export { actionHeaders as headers } from '~/http/answers';

export async function loader({ request, context: { app } }: LoaderFunctionArgs) {
  const asked = await readAskedCode(request, app);
  if (asked === null) throw redirect('/sign-in', 303);
  const { token, headers } = await formToken(app, request);
  return data({ csrf: token, email: asked.email }, { headers });
}

export async function action({ request, context: { app, clientAddress } }: ActionFunctionArgs) {
  const asked = await readAskedCode(request, app);
  if (asked === null) return redirect('/sign-in', 303);
  const byCode = new FormStrategy(app, signInCodeForm, async (submission) => {
    if (submission.status !== 'success') return { kind: 'invalid', submission } as const;
    const { code } = submission.value;
    return { ...(await signInWithCode(app, { email: asked.email, code, clientAddress })), submission };
  });
  const outcome = await new Authenticator<Awaited<ReturnType<typeof byCode.authenticate>>>()
    .use(byCode)
    .authenticate('form', request);
  switch (outcome.kind) {
    case 'invalid':
      return invalid(outcome.submission);
    case 'wrong':
      return invalid(outcome.submission, { fieldErrors: { code: ['wrong'] }, hideFields: ['code'] });
    case 'limited':
      return tooMany(outcome.submission, outcome.retryAfterSeconds, { formErrors: ['limited'], hideFields: ['code'] });
    case 'signed-in': {
      const { accountId, mentorId, signInVersion } = outcome;
      const headers = new Headers({ 'Set-Cookie': await signInCookie(app, { accountId, mentorId, signInVersion }) });
      headers.append('Set-Cookie', await forgetAskedCode(app));
      return redirect(deskAddress(asked.next), { status: 303, headers });
    }
  }
}

export const handle = { title: (t) => `${t('accounts.code.title')} · Slotwell` } satisfies PageHandle;

export const meta: MetaFunction = () => [{ name: 'robots', content: 'noindex' }];

export default function SignInCode() {
  const { t } = useWords();
  const { csrf, email } = useLoaderData<typeof loader>();
  const { pathname, search } = useLocation();
  const answer = useActionData<typeof action>();
  const minutes =
    answer && 'retryAfterSeconds' in answer ? Math.ceil(Number(answer.retryAfterSeconds) / 60) : undefined;
  const error = answer?.result.error?.code?.[0];
  const problem = error && t(error === 'wrong' ? 'accounts.code.wrong' : 'accounts.code.problem');
  return (
    <>
      <Top />
      <main id="main" className="wrap">
        <div className="narrow">
          <h1>{t('accounts.code.heading')}</h1>
          <p className="quiet">
            <Phrase text={t('accounts.code.sent', { email: '{email}' })} parts={{ email: <bdi>{email}</bdi> }} />
          </p>
          {answer && (
            <ErrorSummary title={t('accounts.alert')} problems={problem ? [{ target: 'code', text: problem }] : []}>
              {minutes !== undefined && <p>{t('accounts.limited', { n: minutes })}</p>}
            </ErrorSummary>
          )}
          <form className="form" method="post" action={pathname + search} noValidate>
            <input type="hidden" name="csrf" value={csrf} />
            <TextField
              name="code"
              label={t('accounts.code')}
              hint={t('accounts.code.hint')}
              error={problem}
              inputMode="numeric"
              autoComplete="one-time-code"
              required
            />
            <p className="row">
              <button className="btn">{t('accounts.code.enter')}</button>
            </p>
          </form>
          <div className="panel stack">
            <p>
              <a href="/sign-in">{t('accounts.code.again')}</a>
            </p>
          </div>
        </div>
      </main>
    </>
  );
}
