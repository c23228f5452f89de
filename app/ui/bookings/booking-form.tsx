import { callName } from '~/format/names';
import type { Problem } from '../forms/error-summary';
import { TextAreaField, TextField } from '../forms/field';
import { priceWords, type OfferFacts } from '../mentors/offer';
import type { Person } from '../mentors/person';
import { PersonName } from '../mentors/person-name';
import { OtherTimes, type OtherTimesProps } from '../slots/other-times';
import { Phrase, useWords } from '../words';

export interface BookingFormProps {
  /** Written out with its query: some browsers leave that away where a form names no address. */
  readonly action: string;
  readonly csrf: string;
  readonly mentor: Person;
  readonly offer: OfferFacts;
  /** The start that is to be booked; free times to choose from when it is gone. */
  readonly start: { readonly text: string } | { readonly others: OtherTimesProps };
  readonly typed: Readonly<Record<string, unknown>>;
  readonly problems: readonly Problem[];
}

/** Who books: the last step. */
export function BookingForm({ action, csrf, mentor, offer, start, typed, problems }: BookingFormProps) {
  const { t, locale } = useWords();
  const name = <PersonName>{callName(mentor, locale)}</PersonName>;
  const value = (field: string) => {
    const text = typed[field];
    return typeof text === 'string' ? text : undefined;
  };
  const error = (field: string) => problems.find(({ target }) => target === field)?.text;
  return (
    <form className="form" method="post" action={action} noValidate aria-labelledby="h">
      <h1 id="h" className="step">
        <span className="num" aria-hidden="true">
          3
        </span>{' '}
        {t('visitor.book.title')}
      </h1>
      <input type="hidden" name="csrf" value={csrf} />
      {'text' in start ? <input type="hidden" name="start" value={start.text} /> : <OtherTimes {...start.others} />}
      <TextField
        name="name"
        label={t('visitor.book.name')}
        error={error('name')}
        autoComplete="name"
        dir="auto"
        required
        maxLength={100}
        defaultValue={value('name')}
      />
      <TextField
        name="email"
        label={t('visitor.book.email')}
        hint={t('visitor.book.emailHint')}
        error={error('email')}
        type="email"
        autoComplete="email"
        required
        maxLength={254}
        defaultValue={value('email')}
      />
      <TextField
        name="phone"
        label={t('visitor.book.phone')}
        isOptional
        hint={<Phrase text={t('visitor.book.phoneHint', { name: '{name}' })} parts={{ name }} />}
        error={error('phone')}
        type="tel"
        autoComplete="tel"
        defaultValue={value('phone')}
      />
      <TextAreaField
        name="message"
        label={t('visitor.book.message')}
        isOptional
        hint={<Phrase text={t('visitor.book.messageHint', { name: '{name}' })} parts={{ name }} />}
        error={error('message')}
        rows={5}
        maxLength={500}
        defaultValue={value('message')}
      />
      <div className="stack">
        <button className="btn" data-busy={t('visitor.busy')}>
          {offer.priceKind === 'free'
            ? t('visitor.book.confirm')
            : t('visitor.book.confirmPaid', { price: priceWords(offer, t, locale) })}
        </button>
        <p className="fine">
          <Phrase text={t('visitor.book.fine', { name: '{name}' })} parts={{ name }} />
        </p>
      </div>
    </form>
  );
}
