import type { SubmissionResult } from '@conform-to/react';
import { Form, useNavigation } from '@remix-run/react';
import { ErrorSummary } from '../forms/error-summary';
import { TextField } from '../forms/field';
import { useWords } from '../words';
import { SCOPE_KEYS, SCOPES } from './scope-texts';

/** Asks for a token: its name, and what it may do. */
export function TokenForm({
  csrf,
  answer,
  say,
}: {
  csrf: string;
  /** What was posted, with what is wrong in it. */
  answer: SubmissionResult<string[]> | undefined;
  /** The words of a problem. */
  say: (error: string) => string;
}) {
  const { t } = useWords();
  const isSent = useNavigation().formAction === '/desk/api-tokens';
  /** Of a field, or of what is in its list (`scopes[0]`). */
  const errorOf = (name: string): string | undefined => {
    const places = Object.entries(answer?.error ?? {});
    const error = places.find(([place]) => place.replace(/\[\d+\]$/, '') === name)?.[1]?.[0];
    return error === undefined ? undefined : say(error);
  };
  const [whole, name, scopes] = [errorOf(''), errorOf('name'), errorOf('scopes')];
  const typed = answer?.initialValue;
  const ticked = [typed?.scopes ?? []].flat();
  const problems = [
    ...(name === undefined ? [] : [{ target: 'name', text: name }]),
    ...(scopes === undefined ? [] : [{ target: `scope-${SCOPES[0]}`, text: scopes }]),
  ];
  return (
    <section aria-labelledby="h-new">
      <h2 id="h-new">{t('desk.tokens.new')}</h2>
      {(whole !== undefined || problems.length > 0) && (
        <ErrorSummary title={t('desk.tokens.alert')} problems={problems}>
          {whole !== undefined && <p>{whole}</p>}
        </ErrorSummary>
      )}
      <Form className="form" method="post" action="/desk/api-tokens" noValidate>
        <input type="hidden" name="csrf" value={csrf} />
        <TextField
          name="name"
          label={t('desk.tokens.name')}
          hint={t('desk.tokens.name.hint')}
          error={name}
          maxLength={60}
          autoComplete="off"
          defaultValue={typeof typed?.name === 'string' ? typed.name : undefined}
        />
        <fieldset
          className="field boxes"
          aria-invalid={scopes !== undefined || undefined}
          aria-describedby={scopes === undefined ? undefined : 'scopes-e'}
        >
          <legend>{t('desk.tokens.scopes')}</legend>
          {scopes !== undefined && (
            <p className="err" id="scopes-e">
              {scopes}
            </p>
          )}
          {SCOPES.map((scope) => (
            <label key={scope} htmlFor={`scope-${scope}`}>
              <input
                type="checkbox"
                id={`scope-${scope}`}
                name="scopes"
                value={scope}
                defaultChecked={ticked.includes(scope)}
              />
              <span>
                {t(SCOPE_KEYS[scope])} <code className="fine">{scope}</code>
              </span>
            </label>
          ))}
        </fieldset>
        <p className="row">
          <button className="btn" disabled={isSent}>
            {t(isSent ? 'desk.tokens.making' : 'desk.tokens.make')}
          </button>
        </p>
      </Form>
    </section>
  );
}
