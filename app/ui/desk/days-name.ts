import type { DateRun } from '~/domain/availability/special-days';
import type { LocalDate } from '~/domain/time/local-date';
import { fullDate, shortDate } from '~/format/dates';
import type { Locale, Translator } from '~/locales/translator';

/** How the desk calls a run of days: 'Sat 27 June to Sun 28 June', with the year where it is not this one. */
export function daysName({ from, until }: DateRun, today: LocalDate, locale: Locale, t: Translator): string {
  const name = (date: LocalDate) =>
    date.slice(0, 4) === today.slice(0, 4) ? shortDate(date, locale) : fullDate(date, locale);
  return from === until ? name(from) : t('desk.days.run', { from: name(from), until: name(until) });
}
