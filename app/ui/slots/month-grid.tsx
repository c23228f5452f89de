import type { DayCell } from '~/domain/slots/month-grid';
import { addMonths, monthOf, type LocalDate, type YearMonth } from '~/domain/time/local-date';
import type { ZoneId } from '~/domain/time/zones';
import { dayNumber, daysIntoWeek, monthName, monthWord, weekdayName, weekOf } from '~/format/dates';
import { cityOf } from '~/format/zones';
import { BackIcon, OnIcon } from '../icons';
import { useWords } from '../words';

export interface MonthGridProps {
  readonly month: YearMonth;
  readonly days: readonly DayCell[];
  readonly zone: ZoneId;
  /** The day whose times are shown beside. */
  readonly chosen: LocalDate | null;
  /** Months that can hold something bookable. */
  readonly previous: YearMonth | null;
  readonly next: YearMonth | null;
  readonly hrefOfDay: (date: LocalDate) => string;
  readonly hrefOfMonth: (month: YearMonth) => string;
}

/**
 * The month as a table. Only days with free time are links, in the order of the calendar; every state is told by a
 * word, a strike or a border too, never by colour alone.
 */
export function MonthGrid({ month, days, zone, chosen, previous, next, hrefOfDay, hrefOfMonth }: MonthGridProps) {
  const { t, locale } = useWords();
  const blanks = days[0] ? daysIntoWeek(days[0].date, locale) : 0;
  const rows = inWeeks(days, blanks);
  const hasOpen = days.some(({ state }) => state === 'open' || state === 'few');
  return (
    <>
      <div className="months">
        {previous ? (
          <a href={hrefOfMonth(previous)} rel="prev">
            <BackIcon />
            {monthWord(previous, locale)}
          </a>
        ) : (
          <span>
            <BackIcon />
            {monthWord(addMonths(month, -1), locale)}
          </span>
        )}
        <h3>{monthName(month, locale)}</h3>
        {next ? (
          <a href={hrefOfMonth(next)} rel="next">
            {monthWord(next, locale)}
            <OnIcon />
          </a>
        ) : (
          <span>
            {monthWord(addMonths(month, 1), locale)}
            <OnIcon />
          </span>
        )}
      </div>
      <table className="cal">
        <caption className="vh">
          {t('visitor.month.caption', { month: monthName(month, locale), city: cityOf(zone, locale) })}
        </caption>
        <thead>
          <tr>
            {weekOf(locale).map(({ day, name, short }) => (
              <th key={day} scope="col">
                <abbr title={name}>{short}</abbr>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => {
            const lead = i === 0 ? blanks : 0;
            const rest = 7 - lead - row.length;
            return (
              <tr key={row[0]?.date}>
                {lead > 0 && <td colSpan={lead} />}
                {row.map((cell) => (
                  <Day key={cell.date} cell={cell} isChosen={cell.date === chosen} href={hrefOfDay(cell.date)} />
                ))}
                {rest > 0 && i === rows.length - 1 && (
                  <RestOfMonth cells={rest} next={next} hrefOfMonth={hrefOfMonth} />
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
      {hasOpen && (
        <p className="key">
          <span className="pips m e" aria-hidden="true" /> {t('visitor.month.key')}
        </p>
      )}
    </>
  );
}

function Day({ cell, isChosen, href }: { cell: DayCell; isChosen: boolean; href: string }) {
  const { t, locale } = useWords();
  const number = <span className="n">{dayNumber(cell.date)}</span>;
  if (cell.state !== 'open' && cell.state !== 'few') {
    const note = cell.state === 'full' ? t('visitor.day.full') : cell.isToday ? t('visitor.day.today') : null;
    return (
      <td className={classes(cell.state === 'full' && 'full', cell.isToday && 'today')}>
        <span aria-current={cell.isToday ? 'date' : undefined}>
          {number}
          {note !== null && (
            <>
              {' '}
              <span className="note">{note}</span>
            </>
          )}
        </span>
      </td>
    );
  }
  const few = t('visitor.day.left', { n: cell.free });
  const free = t('visitor.day.free', { n: cell.free });
  const today = t('visitor.day.today');
  const note = cell.state === 'few' ? few : cell.isToday ? today : free;
  const parts = (['morning', 'afternoon', 'evening'] as const).filter((part) => cell[part]);
  // Begins with what is seen, so that it can be spoken to as it is read.
  const label = [
    dayNumber(cell.date),
    note,
    ...(note === today ? [free] : cell.isToday ? [today] : []),
    weekdayName(cell.date, locale),
    monthWord(monthOf(cell.date), locale),
    ...parts.map((part) => t(`visitor.part.${part}`)),
  ].join(', ');
  return (
    <td className={classes('open', cell.state === 'few' && 'few', isChosen && 'sel', cell.isToday && 'today')}>
      <a href={href} aria-label={label} aria-current={isChosen ? 'true' : undefined}>
        {number} <span className={note === free ? 'note vh' : 'note'}>{note}</span>{' '}
        <span className={classes('pips', ...parts.map((part) => part.slice(0, 1)))} />
      </a>
    </td>
  );
}

/** The empty end of the last week leads on. */
function RestOfMonth({
  cells,
  next,
  hrefOfMonth,
}: {
  cells: number;
  next: YearMonth | null;
  hrefOfMonth: (month: YearMonth) => string;
}) {
  const { locale } = useWords();
  if (next === null) return <td colSpan={cells} />;
  return (
    <td className="on" colSpan={cells}>
      <a href={hrefOfMonth(next)}>
        {/* One cell is too narrow for a month's name on a phone. */}
        <span className={cells === 1 ? 'vh' : undefined}>{monthWord(next, locale)}</span> <OnIcon />
      </a>
    </td>
  );
}

const classes = (...names: (string | false)[]): string | undefined => names.filter(Boolean).join(' ') || undefined;

/** Rows of seven; the first is shorter by the blanks before the first day. */
function inWeeks(days: readonly DayCell[], blanks: number): DayCell[][] {
  const rows = [days.slice(0, 7 - blanks)];
  for (let from = 7 - blanks; from < days.length; from += 7) rows.push(days.slice(from, from + 7));
  return rows;
}
