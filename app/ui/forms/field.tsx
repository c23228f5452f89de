import type { InputHTMLAttributes, ReactNode, TextareaHTMLAttributes } from 'react';
import { useWords } from '../words';

interface FieldProps {
  /** Also the control's id, which the error summary links to. */
  readonly name: string;
  readonly label: ReactNode;
  readonly isOptional?: boolean;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
}

const describedBy = ({ name, hint, error }: FieldProps): string | undefined =>
  [error !== undefined && `${name}-e`, hint !== undefined && `${name}-h`].filter(Boolean).join(' ') || undefined;

/** Label, hint, error, control, in that order. */
function Frame({ name, label, isOptional = false, hint, error, children }: FieldProps & { children: ReactNode }) {
  const { t } = useWords();
  return (
    <div className="field">
      <label htmlFor={name}>
        {label}
        {isOptional && (
          <>
            {' '}
            <span>{t('visitor.field.optional')}</span>
          </>
        )}
      </label>
      {hint !== undefined && (
        <p className="hint" id={`${name}-h`}>
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p className="err" id={`${name}-e`}>
          {error}
        </p>
      )}
      {children}
    </div>
  );
}

type Own = keyof FieldProps | 'id';

/** A line of text with its label, hint and error. */
export function TextField(props: FieldProps & Omit<InputHTMLAttributes<HTMLInputElement>, Own>) {
  const { name, label, isOptional, hint, error, ...control } = props;
  const frame = { name, label, isOptional, hint, error };
  return (
    <Frame {...frame}>
      <input
        id={name}
        name={name}
        aria-describedby={describedBy(frame)}
        aria-invalid={error !== undefined || undefined}
        {...control}
      />
    </Frame>
  );
}

/** Several lines of text with their label, hint and error. */
export function TextAreaField(props: FieldProps & Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, Own>) {
  const { name, label, isOptional, hint, error, ...control } = props;
  const frame = { name, label, isOptional, hint, error };
  return (
    <Frame {...frame}>
      <textarea
        id={name}
        name={name}
        dir="auto"
        aria-describedby={describedBy(frame)}
        aria-invalid={error !== undefined || undefined}
        {...control}
      />
    </Frame>
  );
}
