import type { HoursRange } from '~/domain/availability/hours';
import type { DateRun, SpecialDays } from '~/domain/availability/special-days';
import type { LocalDate } from '~/domain/time/local-date';
import { fullDate, shortDate, timeOfDay } from '~/format/dates';
import { useWords } from '../words';

/** How the page calls a run of days: 'Sat 27 June to Sun 28 June', with the year where it is not this one. */
export function useDaysName(today: LocalDate): (run: DateRun) => string {
  const { t, locale } = useWords();
  const name = (date: LocalDate) =>
    date.slice(0, 4) === today.slice(0, 4) ? shortDate(date, locale) : fullDate(date, locale);
  return ({ from, until }) =>
    from === until ? name(from) : t('desk.days.run', { from: name(from), until: name(until) });
}

const written = (ranges: readonly HoursRange[]): string =>
  ranges.map(({ start, end }) => `${timeOfDay(start)}–${timeOfDay(end)}`).join(', ');

/** Days that are not as in the week; each can be made so again by the form around. */
export function SpecialDaysList({ runs, today }: { runs: readonly SpecialDays[]; today: LocalDate }) {
  const { t } = useWords();
  const daysName = useDaysName(today);
  return (
    <section aria-labelledby="h-days">
      <h2 id="h-days">{t('desk.days.heading')}</h2>
      {runs.length === 0 ? (
        <p className="fine">{t('desk.days.none')}</p>
      ) : (
        <ul className="links" role="list">
          {runs.map(({ from, until, ranges, reason }) => (
            <li key={from}>
              <p>
                <b>{daysName({ from, until })}</b> {ranges.length === 0 ? t('desk.days.closed') : written(ranges)}{' '}
                {ranges.length > 0 && <span className="fine">{t('desk.days.instead')}</span>}{' '}
                {reason !== null && (
                  <span className="fine" dir="auto">
                    {reason}
                  </span>
                )}
              </p>
              <button className="textbtn" name="intent" value={`restore:${from}:${until}`}>
                {t('desk.days.remove')}
                <span className="vh"> {daysName({ from, until })}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <p>
        <a className="btn plain" href="/desk/availability/days">
          {t('desk.days.add')}
        </a>
      </p>
    </section>
  );
}
