import type { DayCell, PartOfDay } from '~/domain/slots/month-grid';
import type { Slot } from '~/domain/slots/slots';
import type { Instant } from '~/domain/time/instant';
import { monthOf, type LocalDate, type YearMonth } from '~/domain/time/local-date';
import { toWall, type ZoneId } from '~/domain/time/zones';
import { longDate, monthWord } from '~/format/dates';
import { callName, type PersonName as Named } from '~/format/names';
import { PersonName } from '../mentors/person-name';
import { Phrase, useWords } from '../words';
import { useMoments } from './moment';
import { MonthGrid } from './month-grid';
import { Times } from './times';
import { ZoneNote } from './zone-note';

export interface PickerProps {
  readonly mentor: Named;
  readonly mentorZone: ZoneId;
  /** The zone of the page; the mentor's as long as the reader's is unknown. */
  readonly zone: ZoneId;
  readonly isReadersZone: boolean;
  readonly month: YearMonth;
  readonly previous: YearMonth | null;
  readonly next: YearMonth | null;
  readonly days: readonly DayCell[];
  readonly chosen: { readonly date: LocalDate; readonly slots: readonly Slot[] } | null;
  /** First free start from now on, told where the month has none; null when there is none at all. */
  readonly nextFree: Instant | null;
  /** The reader's own booking, when another time is looked for. */
  readonly own?: Instant;
  readonly partOfDay: (minute: number) => PartOfDay;
  readonly hrefOfDay: (date: LocalDate) => string;
  readonly hrefOfMonth: (month: YearMonth) => string;
  readonly hrefOfStart: (start: Instant) => string;
}

/** Choose a date, then a time: the month, and the times of the chosen day. */
export function Picker(props: PickerProps) {
  const { mentor, mentorZone, zone, isReadersZone, days, chosen } = props;
  const { t, locale } = useWords();
  const hasFree = days.some(({ free }) => free > 0);
  return (
    <div className="choose">
      {!hasFree && <NothingFree {...props} />}
      <section id="date" aria-labelledby="h-date">
        <h2 id="h-date" className="step">
          <span className="num" aria-hidden="true">
            1
          </span>{' '}
          {t('visitor.month.date')}
        </h2>
        <MonthGrid {...props} chosen={chosen?.date ?? null} />
      </section>
      {chosen && hasFree && (
        <section id="times" aria-labelledby="h-time">
          <h2 id="h-time" className="step">
            <span className="num" aria-hidden="true">
              2
            </span>{' '}
            {t('visitor.month.time')}
          </h2>
          <p className="day">{longDate(chosen.date, locale)}</p>
          {chosen.slots[0] ? (
            <>
              <ZoneNote
                name={callName(mentor, locale)}
                zone={zone}
                mentorZone={mentorZone}
                isReadersZone={isReadersZone}
                at={chosen.slots[0].start}
              />
              <Times {...props} slots={chosen.slots} hrefOf={props.hrefOfStart} />
              {!chosen.slots.some(({ state }) => state === 'free') && (
                <p className="fine none">{t('visitor.times.noOther')}</p>
              )}
            </>
          ) : (
            <p className="quiet">{t('visitor.times.empty')}</p>
          )}
        </section>
      )}
    </div>
  );
}

/** The month has nothing free: when the next free time is, or that there is none. */
function NothingFree({ mentor, mentorZone, zone, month, days, nextFree, hrefOfDay }: PickerProps) {
  const { t, locale } = useWords();
  const moments = useMoments();
  const name = <PersonName>{callName(mentor, locale)}</PersonName>;
  const others = <a href="/">{t('visitor.month.others')}</a>;
  const inWords = monthWord(month, locale);
  if (nextFree === null)
    return (
      <section aria-labelledby="h-none" className="stack">
        <h2 id="h-none">{t('visitor.month.none')}</h2>
        <p>
          <Phrase text={t('visitor.month.noneWhy', { name: '{name}', others: '{others}' })} parts={{ name, others }} />
        </p>
      </section>
    );
  const isFull = days.some(({ state }) => state === 'full');
  const date = toWall(zone, nextFree).date;
  const time = <b>{moments.at(nextFree, zone)}</b>;
  return (
    <section aria-labelledby="h-none" className="stack">
      <h2 id="h-none">{t(isFull ? 'visitor.month.full' : 'visitor.month.closed', { month: inWords })}</h2>
      <p>
        <Phrase
          text={t(isFull ? 'visitor.month.fullWhy' : 'visitor.month.closedWhy', { name: '{name}' })}
          parts={{ name }}
        />{' '}
        <Phrase
          text={
            zone === mentorZone
              ? t('visitor.month.nextOne', { time: '{time}' })
              : t('visitor.month.nextOneThere', { time: '{time}', there: moments.there(nextFree, mentorZone, zone) })
          }
          parts={{ time }}
        />
      </p>
      <a className="btn" href={hrefOfDay(date)}>
        {t('visitor.month.see', { day: longDate(date, locale) })}
      </a>
      {isFull && monthOf(date) > month && (
        <p className="fine">
          <Phrase text={t('visitor.month.later', { others: '{others}' })} parts={{ others }} />
        </p>
      )}
    </section>
  );
}
