import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { Form, useLoaderData, useOutletContext } from '@remix-run/react';
import { findApiToken } from '~/data/accounts';
import { mentor } from '~/data/actor';
import { revocationForm } from '~/forms/accounts';
import { parseForm } from '~/http/parse-form';
import { refusalResponse } from '~/http/refusal';
import { requireSignIn } from '~/http/require-sign-in';
import { scopeTexts } from '~/ui/desk/scope-texts';
import type { PageHandle } from '~/ui/page-handle';
import { Phrase, useWords } from '~/ui/words';
import { revokeApiToken } from '~/usecases/accounts/api-tokens';
import { recogniseMentor } from '~/usecases/accounts/recognise-mentor';

const TOKENS = '/desk/api-tokens';
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** One of the mentor's own; Postgres takes nothing that is no id. */
async function loadToken({ request, params, context: { app } }: LoaderFunctionArgs) {
  const me = await requireSignIn(request, app, recogniseMentor);
  const id = params.token ?? '';
  const token = UUID.test(id) ? await app.db.read(mentor(me.id), (tx) => findApiToken(tx, me.id, id)) : null;
  if (token === null) throw refusalResponse('no-such-address');
  return { me, token };
}

export async function loader(args: LoaderFunctionArgs) {
  const { name, scopes, revokedAt } = (await loadToken(args)).token;
  return { name, scopes, isRevoked: revokedAt !== null };
}

export async function action(args: ActionFunctionArgs) {
  const { app } = args.context;
  const { me, token } = await loadToken(args);
  const submission = await parseForm(args.request, app, revocationForm);
  if (submission.status !== 'success') throw refusalResponse('bad-form');
  await revokeApiToken(app, me.id, token.id);
  return redirect(`${TOKENS}?revoked`, 303);
}

export const handle = { title: (t) => `${t('desk.tokens.revoke.title')} · Slotwell` } satisfies PageHandle;

export default function RevokeToken() {
  const { t } = useWords();
  const csrf = useOutletContext<string>();
  const { name, scopes, isRevoked } = useLoaderData<typeof loader>();
  return (
    <div className="desk">
      <div className="desk-head">
        <h1>
          <Phrase text={t('desk.tokens.revoke.heading', { name: '{name}' })} parts={{ name: <bdi>{name}</bdi> }} />
        </h1>
        <p className="fine">{scopeTexts(scopes, t)}</p>
      </div>
      {isRevoked ? (
        <>
          <p role="status">{t('desk.tokens.revoke.already')}</p>
          <p>
            <a href={TOKENS}>{t('desk.tokens.title')}</a>
          </p>
        </>
      ) : (
        <Form className="form" method="post">
          <input type="hidden" name="csrf" value={csrf} />
          <p>{t('desk.tokens.revoke.intro')}</p>
          <p className="row">
            <button className="btn stop">{t('desk.tokens.revoke.do')}</button>{' '}
            <a className="textbtn" href={TOKENS}>
              {t('desk.tokens.revoke.keep')}
            </a>
          </p>
        </Form>
      )}
    </div>
  );
}
