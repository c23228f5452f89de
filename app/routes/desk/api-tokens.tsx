import { data, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { useActionData, useLoaderData, useOutletContext } from '@remix-run/react';
import { apiTokensOf, type ApiToken } from '~/data/accounts';
import { mentor } from '~/data/actor';
import type { Instant } from '~/domain/time/instant';
import { toWall } from '~/domain/time/zones';
import { apiTokenForm } from '~/forms/accounts';
import { clockTime, fullDate } from '~/format/dates';
import { conflict, invalid, type FormAnswer } from '~/http/answers';
import { parseForm } from '~/http/parse-form';
import { readPreferences } from '~/http/preferences';
import { requireSignIn } from '~/http/require-sign-in';
import { translator } from '~/locales/translator';
import { NewToken } from '~/ui/desk/new-token';
import { problemText } from '~/ui/desk/problem-texts';
import { TokenForm } from '~/ui/desk/token-form';
import { TokenList } from '~/ui/desk/token-list';
import type { PageHandle } from '~/ui/page-handle';
import { useWords } from '~/ui/words';
import { makeApiToken } from '~/usecases/accounts/api-tokens';
import { recogniseMentor } from '~/usecases/accounts/recognise-mentor';

export { actionHeaders as headers } from '~/http/answers';

/** Revoked ones are told for the record; the oldest fall off. */
const MOST_LISTED = 100;

export async function loader({ request, context: { app } }: LoaderFunctionArgs) {
  const me = await requireSignIn(request, app, recogniseMentor);
  const { locale } = readPreferences(request);
  const t = translator(locale);
  const on = (instant: Instant) => fullDate(toWall(me.zone, instant).date, locale);
  const at = (instant: Instant) =>
    t('desk.tokens.at', { date: on(instant), time: clockTime(instant, me.zone, locale) });
  const tokens = await app.db.read(mentor(me.id), (tx) => apiTokensOf(tx, me.id, MOST_LISTED));
  return {
    wasRevoked: new URL(request.url).searchParams.has('revoked'),
    tokens: tokens.map(({ id, name, scopes, createdAt, lastUsedAt, revokedAt }: ApiToken) => ({
      id,
      name,
      scopes,
      created: on(createdAt),
      used: lastUsedAt === null ? null : at(lastUsedAt),
      ended: revokedAt === null ? null : on(revokedAt),
    })),
  };
}

/** The token itself is in the answer to the form and nowhere else: no address, no cookie, no cache. */
export async function action({ request, context: { app } }: ActionFunctionArgs) {
  const me = await requireSignIn(request, app, recogniseMentor);
  const submission = await parseForm(request, app, apiTokenForm);
  if (submission.status !== 'success') return invalid(submission);
  const outcome = await makeApiToken(app, me.id, { ...submission.value, formToken: submission.formToken });
  switch (outcome.kind) {
    case 'made':
      return data({ token: outcome.token, name: submission.value.name }, { headers: { 'Cache-Control': 'no-store' } });
    case 'revoked':
      return conflict(submission, {}, { formErrors: ['token-revoked'] });
    case 'too-many':
      return conflict(submission, {}, { formErrors: ['too-many-tokens'] });
  }
}

export const handle = { title: (t) => `${t('desk.tokens.title')} · Slotwell` } satisfies PageHandle;

export default function ApiTokens() {
  const { t } = useWords();
  const csrf = useOutletContext<string>();
  const { tokens, wasRevoked } = useLoaderData<typeof loader>();
  const answer = useActionData<FormAnswer | { token: string; name: string }>();
  const made = answer && 'token' in answer ? answer : null;
  return (
    <div className="desk">
      <div className="desk-head">
        <h1>{t('desk.tokens.title')}</h1>
        <p className="quiet">
          {t('desk.tokens.intro')} <a href="/api">{t('desk.tokens.docs')}</a>
        </p>
        {wasRevoked && !answer && (
          <p className="state" role="status">
            {t('desk.tokens.revoked')}
          </p>
        )}
      </div>
      {made && <NewToken {...made} />}
      <TokenList tokens={tokens} />
      <TokenForm
        // After a token the form is empty again.
        key={made?.token}
        csrf={csrf}
        answer={answer && 'result' in answer ? answer.result : undefined}
        say={(error) => problemText(error, t)}
      />
    </div>
  );
}
