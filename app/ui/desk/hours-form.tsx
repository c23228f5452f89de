import { getFormProps, getSelectProps, useForm, type FieldMetadata, type SubmissionResult } from '@conform-to/react';
import { Form, useNavigation } from '@remix-run/react';
import { useEffect, useRef, type ReactNode } from 'react';
import { ErrorSummary } from '../forms/error-summary';
import { useWords } from '../words';
import { DayRow, type TypedDay } from './day-row';
import { isBlank, TimesToChoose, useRangeName, type ReadTime, type Say } from './ranges';

/** The weekly hours as they are typed; days stand Monday first. */
export interface TypedHours {
  zone: string;
  duration?: string | undefined;
  pause?: string | undefined;
  days: TypedDay[];
}

export interface Choice {
  readonly value: string;
  readonly text: string;
}

export interface HoursFormProps {
  readonly saved: TypedHours;
  readonly answer: SubmissionResult<string[]> | undefined;
  readonly csrf: string;
  readonly zones: { readonly usual: readonly Choice[]; readonly all: readonly Choice[] };
  /** Minutes to choose from; null where the mentor has no session type yet. */
  readonly lengths: {
    readonly durations: readonly number[];
    readonly pauses: readonly number[];
    /** Which session type they are of, where the mentor has several. */
    readonly title: string | null;
  } | null;
  /** Names of the days in the form's order. */
  readonly dayNames: readonly string[];
  readonly readTime: ReadTime;
  readonly say: Say;
  /** What was done before this page was shown; may be empty. */
  readonly notice: string;
  /** A button has changed the form, and nobody has saved that. */
  readonly isUnsaved: boolean;
  /** What else stands on the page, and may post by the same form. */
  readonly children: ReactNode;
}

/** Zone, session length, pause and the hours of seven days: one form, each of whose buttons posts it. */
export function HoursForm(props: HoursFormProps) {
  const { saved, answer, csrf, zones, lengths, dayNames, readTime, say, notice, isUnsaved, children } = props;
  const { t } = useWords();
  const isSaving = useNavigation().state === 'submitting';
  const [form, fields] = useForm<TypedHours>({ id: 'hours', defaultValue: saved, lastResult: answer ?? null });
  const problems = useProblems(form, dayNames, say);
  const page = useRef<HTMLFormElement>(null);
  const hasProblems = problems.length > 0;
  useEffect(() => {
    if (answer?.status === 'error' && hasProblems) page.current?.querySelector<HTMLElement>('[role=alert]')?.focus();
  }, [answer, hasProblems]);

  return (
    <Form
      method="post"
      action="/desk/availability"
      {...getFormProps(form)}
      ref={page}
      className="desk"
      noValidate
      aria-labelledby="heading"
      preventScrollReset
    >
      <button className="vh" name="intent" value="save" tabIndex={-1} aria-hidden="true">
        {t('desk.hours.save')}
      </button>
      <input type="hidden" name="csrf" value={csrf} />
      <div className="desk-head">
        <h1 id="heading">{t('desk.hours.title')}</h1>
        <p className="quiet">{t('desk.hours.intro')}</p>
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
      <div className="two">
        <SelectField field={fields.zone} label={t('desk.hours.zone')} say={say}>
          <optgroup label={t('desk.hours.zone.usual')}>
            <Choices of={zones.usual} />
          </optgroup>
          <optgroup label={t('desk.hours.zone.all')}>
            <Choices of={zones.all} />
          </optgroup>
        </SelectField>
        {lengths && (
          <>
            <SelectField field={fields.duration} label={t('desk.hours.duration')} of={lengths.title} say={say}>
              <Choices
                of={lengths.durations.map((n) => ({ value: String(n), text: t('desk.hours.minutes', { n }) }))}
              />
            </SelectField>
            <SelectField field={fields.pause} label={t('desk.hours.pause')} of={lengths.title} say={say}>
              <Choices
                of={lengths.pauses.map((n) => ({
                  value: String(n),
                  text: n === 0 ? t('desk.hours.pause.none') : t('desk.hours.minutes', { n }),
                }))}
              />
            </SelectField>
          </>
        )}
      </div>
      <section aria-labelledby="h-week">
        <h2 id="h-week">{t('desk.hours.week')}</h2>
        <p className="fine">{t('desk.hours.hint')}</p>
        <TimesToChoose />
        <div className="week">
          {fields.days.getFieldList().map((day, position) => (
            <DayRow
              key={day.key}
              field={day}
              lists={form}
              position={position}
              names={dayNames}
              say={say}
              readTime={readTime}
            />
          ))}
        </div>
      </section>
      {children}
      <div className="savebar">
        <button className="btn" name="intent" value="save" aria-disabled={isSaving || undefined}>
          {isSaving ? t('desk.hours.saving') : t('desk.hours.save')}
        </button>
        <p className="fine">{isUnsaved ? t('desk.hours.unsaved.short') : t('desk.hours.kept')}</p>
      </div>
    </Form>
  );
}

const Choices = ({ of: choices }: { of: readonly Choice[] }) =>
  choices.map(({ value, text }) => (
    <option key={value} value={value}>
      {text}
    </option>
  ));

interface SelectFieldProps {
  readonly field: FieldMetadata<string | undefined>;
  readonly label: string;
  /** What it is about, where the label alone would not say it. */
  readonly of?: string | null;
  readonly say: Say;
  readonly children: ReactNode;
}

function SelectField({ field, label, of = null, say, children }: SelectFieldProps) {
  const { key, ...props } = getSelectProps(field);
  return (
    <div className="field">
      <label htmlFor={props.id}>
        {label}
        {of !== null && (
          <span>
            {' '}
            (<bdi>{of}</bdi>)
          </span>
        )}
      </label>
      {field.errors && (
        <p className="err" id={field.errorId}>
          {field.errors.map(say).join(' ')}
        </p>
      )}
      <select key={key} {...props}>
        {children}
      </select>
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
  names: readonly string[],
  say: Say,
) {
  const { t } = useWords();
  const rangeName = useRangeName();
  const typed = (form.value ?? {}) as Partial<TypedHours>;
  const labels: Record<string, string> = {
    zone: t('desk.hours.zone'),
    duration: t('desk.hours.duration'),
    pause: t('desk.hours.pause'),
  };
  const places = new Map<string, { target: string; text: string }>();
  for (const [name, errors] of Object.entries(form.allErrors)) {
    const [, d, r, bound] = /^days\[(\d)\](?:\.ranges(?:\[(\d+)\](?:\.(start|end))?)?)?/.exec(name) ?? [];
    const row = r === undefined ? undefined : `days[${d}].ranges[${r}]`;
    const place = row ?? (d === undefined ? name : `days[${d}]`);
    if (places.has(place)) continue;
    const control = row ? `${row}.${bound ?? 'end'}` : d === undefined ? name : `days[${d}].on`;
    const typedRange = typed.days?.[Number(d)]?.ranges?.[Number(r)];
    const range = row && !isBlank(typedRange) && rangeName(typedRange);
    const label = [d === undefined ? labels[name] : names[Number(d)], range].filter(Boolean).join(', ');
    const problem = errors.map(say).join(' ');
    places.set(place, {
      target: name === '' ? 'h-week' : `${form.id}-${control}`,
      text: !label ? problem : t('desk.problem.at', { place: label, problem }),
    });
  }
  return [...places.values()];
}
