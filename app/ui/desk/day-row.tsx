import { getInputProps, type FieldMetadata, type FormMetadata } from '@conform-to/react';
import { useWords } from '../words';
import { hoursAfter, Ranges, type ReadTime, type Say, type TypedRange } from './ranges';

/** A weekday as it is typed. */
export interface TypedDay {
  day?: string | undefined;
  on?: boolean | undefined;
  ranges?: TypedRange[] | undefined;
  copyTo?: string[] | undefined;
}

export interface DayRowProps {
  readonly field: FieldMetadata<TypedDay>;
  readonly lists: Pick<FormMetadata, 'insert' | 'remove'>;
  /** Its place in the form. */
  readonly position: number;
  /** Names of all days in the form's order. */
  readonly names: readonly string[];
  readonly say: Say;
  readonly readTime: ReadTime;
}

/** A weekday: on or off, its hours, a drawing of them, and what can be done with them. */
export function DayRow({ field, lists, position, names, say, readTime }: DayRowProps) {
  const { t } = useWords();
  const { on, ranges } = field.getFieldset();
  const day = names[position] ?? '';
  const typed = Array.isArray(ranges.value) ? ranges.value.map((one) => one ?? {}) : [];
  const hasErrors = !ranges.valid || !on.valid;
  const isShut = on.value !== 'on' && !hasErrors;
  const { key, ...box } = getInputProps(on, { type: 'checkbox' });
  return (
    <fieldset className={isShut ? 'dayrow off-day' : 'dayrow'}>
      <legend>
        <label>
          <input key={key} {...box} /> {day}
        </label>
      </legend>
      <input type="hidden" name={`${field.name}.day`} value={position} />
      <div className="ranges">
        {isShut && <p className="quiet">{t('desk.hours.closed')}</p>}
        {on.errors && (
          <p className="err" id={on.errorId}>
            {on.errors.map(say).join(' ')}
          </p>
        )}
        {ranges.errors && <p className="err">{ranges.errors.map(say).join(' ')}</p>}
        {/* Hours of a closed day travel unseen, so that they are kept. */}
        <div hidden={isShut}>
          <div className="ranges">
            <Ranges
              list={ranges}
              day={day}
              say={say}
              removeButton={(index) => lists.remove.getButtonProps({ name: ranges.name, index })}
            />
          </div>
        </div>
      </div>
      <div className="side">
        <Strip ranges={isShut ? [] : typed} readTime={readTime} />
        <div className="acts">
          <button
            className="textbtn"
            {...(isShut
              ? { name: 'intent', value: `open:${position}` }
              : lists.insert.getButtonProps({ name: ranges.name, defaultValue: hoursAfter(typed, readTime) }))}
          >
            {t('desk.hours.add')}
            <span className="vh"> {t('desk.hours.add.where', { day })}</span>
          </button>
          {!isShut && typed.length > 0 && <CopyHours name={`${field.name}.copyTo`} position={position} names={names} />}
        </div>
      </div>
    </fieldset>
  );
}

/** The day from midnight to midnight with its hours. */
function Strip({ ranges, readTime }: { ranges: readonly TypedRange[]; readTime: ReadTime }) {
  const drawn = ranges.flatMap(({ start, end }) => {
    const from = readTime(start ?? '');
    const until = readTime(end ?? '');
    return from === undefined || until === undefined || until <= from ? [] : [{ from, until }];
  });
  return (
    <svg className="strip" viewBox="0 0 1440 8" preserveAspectRatio="none" aria-hidden="true">
      {drawn.map(({ from, until }) => (
        <rect key={`${from}-${until}`} x={from} width={until - from} height="8" />
      ))}
    </svg>
  );
}

function CopyHours({ name, position, names }: { name: string; position: number; names: readonly string[] }) {
  const { t } = useWords();
  const day = names[position] ?? '';
  return (
    <details className="copy">
      <summary className="textbtn">
        {t('desk.hours.copy')}
        <span className="vh"> {t('desk.hours.copy.from', { day })}</span>
      </summary>
      <div>
        {names.map((other, i) =>
          i === position ? null : (
            <label key={other}>
              <input type="checkbox" name={name} value={i} /> {other}
            </label>
          ),
        )}
        <button className="btn plain" name="intent" value={`copy:${position}`}>
          {t('desk.hours.copy.do', { day })}
        </button>
      </div>
    </details>
  );
}
