import type { ReactNode } from 'react';
import { TextAreaField } from '../forms/field';
import { PersonName } from '../mentors/person-name';
import { Phrase, useWords } from '../words';

/** Gives a booking up, with a word to the mentor. */
export function CancelForm({
  action,
  csrf,
  mentorName,
  typed,
  error,
  children,
}: {
  action: string;
  csrf: string;
  /** As the page calls the mentor. */
  mentorName: string;
  typed?: unknown;
  error?: string | undefined;
  children?: ReactNode;
}) {
  const { t } = useWords();
  return (
    <form className="form" method="post" action={action} noValidate>
      <input type="hidden" name="csrf" value={csrf} />
      <TextAreaField
        name="reason"
        label={
          <Phrase
            text={t('visitor.booking.reason', { name: '{name}' })}
            parts={{ name: <PersonName>{mentorName}</PersonName> }}
          />
        }
        isOptional
        error={error}
        rows={3}
        maxLength={500}
        defaultValue={typeof typed === 'string' ? typed : undefined}
      />
      <p className="row">
        <button className="btn stop" data-busy={t('visitor.busy')}>
          {t('visitor.booking.cancelButton')}
        </button>{' '}
        {children}
      </p>
    </form>
  );
}
