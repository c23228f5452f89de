import {
  getFormProps,
  getInputProps,
  useForm,
  type FieldMetadata,
  type FormMetadata,
  type SubmissionResult,
} from '@conform-to/react';
import { Form } from '@remix-run/react';
import { useEffect, useRef, type ReactNode } from 'react';
import type { LocalDate } from '~/domain/time/local-date';
import { ErrorSummary } from '../forms/error-summary';
import { useWords } from '../words';
import {
  hoursAfter,
  isBlank,
  Ranges,
  TimesToChoose,
  useRangeName,
  type ReadTime,
  type Say,
  type TypedRange,
} from './ranges';

/** Special days as they are typed. */
export interface TypedSpecialDays {
  from: string;
  until?: string | undefined;
  kind: string;
  ranges?: TypedRange[] | undefined;
  reason?: string | undefined;
}

export interface SpecialDaysFormProps {
  /** In the mentor's zone. */
  readonly today: LocalDate;
  readonly answer: SubmissionResult<string[]> | undefined;
  readonly csrf: string;
  readonly readTime: ReadTime;
  readonly say: Say;
  /** What was done before this page was shown; may be empty. */
  readonly notice: string;
}

/** Closes days, or gives them hours of their own. */
export function SpecialDaysForm({ today, answer, csrf, readTime, say, notice }: SpecialDaysFormProps) {
  const { t } = useWords();
  const [form, fields] = useForm<TypedSpecialDays>({
    id: 'days',
    defaultValue: { from: today, kind: 'closed', ranges: [{ start: '', end: '' }] },
    lastResult: answer ?? null,
  });
  const { kind } = fields;
  const ranges: FieldMetadata<TypedRange[] | undefined> = fields.ranges;
  const lists: Pick<FormMetadata, 'insert' | 'remove'> = form;
  const typed = Array.isArray(ranges.value) ? ranges.value.map((one) => one ?? {}) : [];
  const problems = useProblems(form, say);
  const page = useRef<HTMLDivElement>(null);
  const hasProblems = problems.length > 0;
  useEffect(() => {
    if (answer?.status === 'error' && hasProblems) page.current?.querySelector<HTMLElement>('[role=alert]')?.focus();
  }, [answer, hasProblems]);
  const choice = (value: 'closed' | 'hours', id: string) => (
    <label>
      <input
        type="radio"
        key={kind.key}
        id={id}
        name={kind.name}
        value={value}
        defaultChecked={kind.initialValue === value}
      />{' '}
      {t(`desk.days.kind.${value}`)}
    </label>
  );
  return (
    <div className="desk" ref={page}>
      <div className="desk-head">
        <p>
          <a href="/desk/availability">{t('desk.days.back')}</a>
        </p>
        <h1>{t('desk.days.title')}</h1>
        <p className="quiet">{t('desk.days.intro')}</p>
      </div>
      {problems.length > 0 ? (
        <ErrorSummary title={t('desk.hours.not-saved', { n: problems.length })} problems={problems} />
      ) : (
        notice !== '' && (
          <p className="state" role="status">
            {notice}
          </p>
        )
      )}
      <Form
        method="post"
        action="/desk/availability/days"
        {...getFormProps(form)}
        className="form"
        noValidate
        preventScrollReset
      >
        <button className="vh" tabIndex={-1} aria-hidden="true">
          {t('desk.days.save')}
        </button>
        <input type="hidden" name="csrf" value={csrf} />
        <Field field={fields.from} label={t('desk.days.from')} type="date" say={say} />
        <Field
          field={fields.until}
          label={
            <>
              {t('desk.days.until')} <span>{t('desk.days.optional')}</span>
            </>
          }
          hint={t('desk.days.until.hint')}
          type="date"
          say={say}
        />
        <fieldset className="field" aria-describedby={kind.errors ? kind.errorId : undefined}>
          <legend>{t('desk.days.kind')}</legend>
          {kind.errors && (
            <p className="err" id={kind.errorId}>
              {kind.errors.map(say).join(' ')}
            </p>
          )}
          <div className="pick">
            {choice('closed', 'days-kind-closed')}
            {choice('hours', kind.id)}
          </div>
        </fieldset>
        <fieldset className="field">
          <legend>{t('desk.days.hours')}</legend>
          <p className="hint">{t('desk.days.hours.hint')}</p>
          <TimesToChoose />
          {ranges.errors && <p className="err">{ranges.errors.map(say).join(' ')}</p>}
          <div className="ranges">
            <Ranges
              list={ranges}
              day={t('desk.days.hours')}
              say={say}
              removeButton={(index) => lists.remove.getButtonProps({ name: ranges.name, index })}
            />
          </div>
          <p>
            <button
              className="textbtn"
              {...lists.insert.getButtonProps({ name: ranges.name, defaultValue: hoursAfter(typed, readTime) })}
            >
              {t('desk.hours.add')}
            </button>
          </p>
        </fieldset>
        <Field
          field={fields.reason}
          label={
            <>
              {t('desk.days.reason')} <span>{t('desk.days.optional')}</span>
            </>
          }
          hint={t('desk.days.reason.hint')}
          type="text"
          say={say}
        />
        <p className="row">
          <button className="btn">{t('desk.days.save')}</button>
        </p>
      </Form>
    </div>
  );
}

interface FieldProps {
  readonly field: FieldMetadata<string | undefined>;
  readonly label: ReactNode;
  readonly hint?: string;
  readonly type: 'date' | 'text';
  readonly say: Say;
}

function Field({ field, label, hint, type, say }: FieldProps) {
  const { key, ...props } = getInputProps(field, {
    type,
    ...(hint === undefined ? {} : { ariaDescribedBy: field.descriptionId }),
  });
  return (
    <div className="field">
      <label htmlFor={props.id}>{label}</label>
      {hint !== undefined && (
        <p className="hint" id={field.descriptionId}>
          {hint}
        </p>
      )}
      {field.errors && (
        <p className="err" id={field.errorId}>
          {field.errors.map(say).join(' ')}
        </p>
      )}
      <input key={key} {...props} dir={type === 'text' ? 'auto' : undefined} autoComplete="off" />
    </div>
  );
}

/** Each place that needs a change once, with a link to a control that mends it. */
function useProblems(
  form: {
    readonly id: string;
    readonly allErrors: Readonly<Record<string, readonly string[]>>;
    readonly value: unknown;
  },
  say: Say,
) {
  const { t } = useWords();
  const rangeName = useRangeName();
  const typed = (form.value ?? {}) as Partial<TypedSpecialDays>;
  const labels: Record<string, string> = {
    from: t('desk.days.from'),
    until: t('desk.days.until'),
    kind: t('desk.days.kind'),
    ranges: t('desk.days.hours'),
    reason: t('desk.days.reason'),
  };
  const places = new Map<string, { target: string; text: string }>();
  for (const [name, errors] of Object.entries(form.allErrors)) {
    const [, index, bound] = /^ranges\[(\d+)\](?:\.(start|end))?$/.exec(name) ?? [];
    const place = index === undefined ? name : `ranges[${index}]`;
    if (places.has(place)) continue;
    const control = index === undefined ? (name === 'ranges' ? 'kind' : name) : `${place}.${bound ?? 'end'}`;
    const range = typed.ranges?.[Number(index)];
    const label = index === undefined ? labels[name] : isBlank(range) ? undefined : rangeName(range);
    const problem = errors.map(say).join(' ');
    places.set(place, {
      target: `${form.id}-${control}`,
      text: label === undefined ? problem : t('desk.problem.at', { place: label, problem }),
    });
  }
  return [...places.values()];
}
