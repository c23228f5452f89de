import type { Instant } from '~/domain/time/instant';
import { addDays } from '~/domain/time/local-date';
import { toWall, type ZoneId } from '~/domain/time/zones';
import { clockTime, longDate, shortDate, weekdayName } from '~/format/dates';
import { cityOf } from '~/format/zones';
import { useWords } from '../words';

/** How pages speak of moments. */
export interface Moments {
  /** 'Thu 11 June, 09:00', 'Today, 20:30'. */
  readonly soon: (at: Instant, zone: ZoneId, now: Instant) => string;
  /** 'Thursday 11 June at 09:00'. */
  readonly at: (at: Instant, zone: ZoneId) => string;
  /** 'Seoul 10:00'; with the weekday where it is another day there than for the reader. */
  readonly there: (at: Instant, zone: ZoneId, reader: ZoneId) => string;
}

export function useMoments(): Moments {
  const { t, locale } = useWords();
  return {
    soon: (at, zone, now) => {
      const date = toWall(zone, at).date;
      const today = toWall(zone, now).date;
      const day =
        date === today
          ? t('visitor.today')
          : date === addDays(today, 1)
            ? t('visitor.tomorrow')
            : shortDate(date, locale);
      return t('visitor.moment.soon', { day, time: clockTime(at, zone, locale) });
    },
    at: (at, zone) =>
      t('visitor.moment.at', { day: longDate(toWall(zone, at).date, locale), time: clockTime(at, zone, locale) }),
    there: (at, zone, reader) => {
      const date = toWall(zone, at).date;
      const time = `${cityOf(zone, locale)} ${clockTime(at, zone, locale)}`;
      return date === toWall(reader, at).date ? time : `${time}, ${weekdayName(date, locale)}`;
    },
  };
}
