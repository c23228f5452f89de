import type { ReactNode } from 'react';
import { useWords } from '../words';
import { Marked } from './marked';

/** A parameter, or a field of a body or an answer. */
export interface FieldView {
  /** `hours[].startTime` */
  readonly name: string;
  /** 'text, date' */
  readonly type: string;
  readonly isRequired: boolean;
  readonly description: string;
}

export interface AnswerView {
  readonly status: string;
  readonly description: string;
  readonly fields: readonly FieldView[];
}

export interface OperationView {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  /** What a token has to be allowed; null where none is needed. */
  readonly scope: string | null;
  readonly parameters: readonly FieldView[];
  readonly body: readonly FieldView[];
  readonly answers: readonly AnswerView[];
  readonly refusals: readonly string[];
  /** As it is typed into a terminal. */
  readonly example: string;
}

/** One thing that programs can do, whole. What the description says is in English, whatever the page's language. */
export function Operation({ operation }: { operation: OperationView }) {
  const { t } = useWords();
  const { id, method, path, summary, description, scope, parameters, body, answers, refusals, example } = operation;
  return (
    <section className="panel op" aria-labelledby={id}>
      <h2 id={id} lang="en">
        {summary}
      </h2>
      <p className="call">
        <b>{method}</b> <code>{path}</code>
      </p>
      <p lang="en">
        <Marked text={description} />
      </p>
      <p className="fine">
        {scope === null ? (
          t('visitor.api.noToken')
        ) : (
          <>
            {t('visitor.api.scope')} <code>{scope}</code>
          </>
        )}
      </p>
      <Part title={t('visitor.api.parameters')}>{parameters.length > 0 && <Fields fields={parameters} />}</Part>
      <Part title={t('visitor.api.body')}>{body.length > 0 && <Fields fields={body} />}</Part>
      {answers.map(({ status, description: said, fields }) => (
        <Part key={status} title={t('visitor.api.answer', { status })}>
          <p lang="en">{said}</p>
          {fields.length > 0 && <Fields fields={fields} areAnswered />}
        </Part>
      ))}
      <Part title={t('visitor.api.refusals')}>
        <p className="refusals">
          {refusals.map((name) => (
            <a key={name} href={`#${name}`}>
              {name}
            </a>
          ))}
        </p>
      </Part>
      <Part title={t('visitor.api.example')}>
        <pre tabIndex={0} aria-label={t('visitor.api.exampleOf', { what: summary })}>
          <code>{example}</code>
        </pre>
      </Part>
    </section>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  if (children === false) return null;
  return (
    <div className="piece">
      <h3>{title}</h3>
      {children}
    </div>
  );
}

function Fields({ fields, areAnswered = false }: { fields: readonly FieldView[]; areAnswered?: boolean }) {
  const { t } = useWords();
  return (
    <dl>
      {fields.map(({ name, type, isRequired, description }) => (
        <div key={name}>
          <dt>
            <code>{name}</code>{' '}
            <span className="fine">
              <span lang="en">{type}</span>
              {!areAnswered && ` · ${t(isRequired ? 'visitor.api.required' : 'visitor.api.optional')}`}
            </span>
          </dt>
          {description !== '' && (
            <dd lang="en">
              <Marked text={description} />
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}
