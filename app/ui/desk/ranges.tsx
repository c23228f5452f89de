import { getInputProps, type FieldMetadata } from '@conform-to/react';
import type { ButtonHTMLAttributes } from 'react';
import { useWords } from '../words';

/** Hours as they are typed. */
export interface TypedRange {
  start?: string | undefined;
  end?: string | undefined;
}

/** Reads a typed time as minutes of the day. */
export type ReadTime = (text: string) => number | undefined;

/** Words for the code that a form's error is. */
export type Say = (error: string) => string;

export interface RangesProps {
  readonly list: FieldMetadata<TypedRange[] | undefined>;
  /** Which day they are of, for those who hear the page. */
  readonly day: string;
  readonly say: Say;
  readonly removeButton: (index: number) => ButtonHTMLAttributes<HTMLButtonElement>;
}

/** Rows of two times, each to be removed. What was typed stays as it was typed. */
export function Ranges({ list, day, say, removeButton }: RangesProps) {
  const { t } = useWords();
  const name = useRangeName();
  return list.getFieldList().map((row, index) => {
    const { start, end } = row.getFieldset();
    const errors = [...new Set([row.errors, start.errors, end.errors].flatMap((some) => some ?? []))];
    const concerns = (own: string[] | undefined) => (row.errors ?? own) !== undefined;
    return (
      <Row key={row.key}>
        {errors.length > 0 && (
          <p className="err" id={row.errorId}>
            {errors.map(say).join(' ')}
          </p>
        )}
        <div className="range">
          <TimeInput
            field={start}
            label={t('desk.hours.from', { day })}
            errorId={concerns(start.errors) ? row.errorId : undefined}
          />
          <span aria-hidden="true">–</span>
          <TimeInput
            field={end}
            label={t('desk.hours.until', { day })}
            errorId={concerns(end.errors) ? row.errorId : undefined}
          />
          <button className="textbtn" {...removeButton(index)}>
            {t('desk.hours.remove')}
            <span className="vh"> {t('desk.hours.remove.which', { range: name(row.value), day })}</span>
          </button>
        </div>
      </Row>
    );
  });
}

const Row = ({ children }: { children: React.ReactNode }) => <>{children}</>;

interface TimeInputProps {
  readonly field: FieldMetadata<string | undefined>;
  readonly label: string;
  readonly errorId: string | undefined;
}

function TimeInput({ field, label, errorId }: TimeInputProps) {
  const { key, ...props } = getInputProps(field, { type: 'text', ariaAttributes: false });
  return (
    <input
      key={key}
      {...props}
      inputMode="numeric"
      list="times"
      autoComplete="off"
      aria-label={label}
      aria-invalid={errorId !== undefined || undefined}
      aria-describedby={errorId}
    />
  );
}

/** Half hours to choose from with a mouse; stands once beside the form. */
export const TimesToChoose = () => (
  <datalist id="times">
    {Array.from({ length: 33 }, (_, i) => {
      const half = i + 16;
      const time = `${String(Math.floor(half / 2)).padStart(2, '0')}:${half % 2 === 0 ? '00' : '30'}`;
      return <option key={time}>{time}</option>;
    })}
  </datalist>
);

/** How messages call a row: '22:00 to 19:00', as typed. */
export function useRangeName(): (range: { start?: unknown; end?: unknown } | undefined) => string {
  const { t } = useWords();
  const shown = (typed: unknown) =>
    typeof typed === 'string' && typed.trim() !== '' ? typed.trim() : t('desk.hours.range.blank');
  return (range) => t('desk.hours.range', { start: shown(range?.start), end: shown(range?.end) });
}

/** A row in which nothing is typed has no name that would help to find it. */
export const isBlank = (range: TypedRange | undefined): boolean =>
  [range?.start, range?.end].every((typed) => (typed ?? '').trim() === '');

/** Hours that would follow the ones that are there; nothing when the day has no room behind them. */
export function hoursAfter(typed: readonly TypedRange[], readTime: ReadTime): { start: string; end: string } {
  if (typed.length === 0) return { start: '09:00', end: '17:00' };
  const last = Math.max(...typed.map(({ end }) => readTime(end ?? '') ?? 0));
  const start = Math.ceil(last / 60) + 1;
  if (last === 0 || start > 22) return { start: '', end: '' };
  const hour = (number: number) => `${String(number).padStart(2, '0')}:00`;
  return { start: hour(start), end: hour(Math.min(start + 2, 24)) };
}
