import {
  data,
  redirect,
  type ActionFunctionArgs,
  type LoaderFunctionArgs,
  type MetaFunction,
} from '@remix-run/cloudflare';
import { useActionData, useLoaderData, useLocation } from '@remix-run/react';
import { signInForm } from '~/forms/accounts';
import { invalid, tooMany } from '~/http/answers';
import { askedCodeCookie } from '~/http/code-cookie';
import { formToken } from '~/http/csrf';
import { parseForm } from '~/http/parse-form';
import { readPreferences } from '~/http/preferences';
import { deskAddress } from '~/http/require-sign-in';
import { readSignIn } from '~/http/sign-in-cookie';
import { ErrorSummary } from '~/ui/forms/error-summary';
import { TextField } from '~/ui/forms/field';
import { Top } from '~/ui/frame/top';
import type { PageHandle } from '~/ui/page-handle';
import { useWords } from '~/ui/words';
import { recogniseMentor } from '~/usecases/accounts/recognise-mentor';
import { requestSignInCode } from '~/usecases/accounts/request-sign-in-code';

export { actionHeaders as headers } from '~/http/answers';

const nextOf = (request: Request) => deskAddress(new URL(request.url).searchParams.get('next'));

export async function loader({ request, context: { app } }: LoaderFunctionArgs) {
  const signIn = await readSignIn(request, app);
  if (signIn !== null && (await recogniseMentor(app, signIn)) !== null) throw redirect(nextOf(request), 303);
  const { token, headers } = await formToken(app, request);
  return data({ csrf: token }, { headers });
}

export async function action({ request, context: { app, clientAddress } }: ActionFunctionArgs) {
  const submission = await parseForm(request, app, signInForm);
  if (submission.status !== 'success') return invalid(submission);
  const { email } = submission.value;
  const outcome = await requestSignInCode(app, { email, clientAddress, locale: readPreferences(request).locale });
  switch (outcome.kind) {
    case 'limited':
      return tooMany(submission, outcome.retryAfterSeconds, { formErrors: ['limited'] });
    case 'accepted':
      return redirect('/sign-in/code', {
        status: 303,
        headers: { 'Set-Cookie': await askedCodeCookie(app, { email, next: nextOf(request) }) },
      });
  }
}

export const handle = { title: (t) => `${t('accounts.title')} · Slotwell` } satisfies PageHandle;

export const meta: MetaFunction = () => [{ name: 'robots', content: 'noindex' }];

export default function SignIn() {
  const { t } = useWords();
  const { csrf } = useLoaderData<typeof loader>();
  const { pathname, search } = useLocation();
  const answer = useActionData<typeof action>();
  const minutes =
    answer && 'retryAfterSeconds' in answer ? Math.ceil(Number(answer.retryAfterSeconds) / 60) : undefined;
  const typed = answer?.result.initialValue?.email;
  const isWrong = answer?.result.error?.email !== undefined;
  return (
    <>
      <Top />
      <main id="main" className="wrap">
        <div className="narrow">
          <h1>{t('accounts.heading')}</h1>
          <p className="quiet">{t('accounts.intro')}</p>
          {answer && (
            <ErrorSummary
              title={t('accounts.alert')}
              problems={isWrong ? [{ target: 'email', text: t('accounts.email.problem') }] : []}
            >
              {minutes !== undefined && <p>{t('accounts.limited', { n: minutes })}</p>}
            </ErrorSummary>
          )}
          <form className="form" method="post" action={pathname + search} noValidate>
            <input type="hidden" name="csrf" value={csrf} />
            <TextField
              name="email"
              label={t('accounts.email')}
              hint={t('accounts.email.hint')}
              error={isWrong ? t('accounts.email.problem') : undefined}
              type="email"
              autoComplete="username"
              required
              defaultValue={typeof typed === 'string' ? typed : undefined}
            />
            <p className="row">
              <button className="btn">{t('accounts.send')}</button>
            </p>
          </form>
          <div className="panel stack">
            <p className="fine">{t('accounts.booker')}</p>
          </div>
        </div>
      </main>
    </>
  );
}
