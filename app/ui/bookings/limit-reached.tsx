import type { Instant } from '~/domain/time/instant';
import { toWall, type ZoneId } from '~/domain/time/zones';
import { clockTime } from '~/format/dates';
import { callName } from '~/format/names';
import { cityOf } from '~/format/zones';
import { ErrorSummary } from '../forms/error-summary';
import type { Person } from '../mentors/person';
import { PersonName } from '../mentors/person-name';
import { useMoments } from '../slots/moment';
import { Phrase, useWords } from '../words';

/** Why it was not booked this time, and from when it can be. */
export function LimitReached({
  limit,
  until,
  now,
  zone,
  mentor,
}: {
  limit: string | undefined;
  until: Instant;
  now: Instant;
  zone: ZoneId;
  mentor: Person;
}) {
  const { t, locale } = useWords();
  const moments = useMoments();
  const at = roundedUp(until);
  const isToday = toWall(zone, at).date === toWall(zone, now).date;
  const time = isToday ? clockTime(at, zone, locale) : moments.at(at, zone);
  const which = limit === 'email' || limit === 'mentor' ? limit : 'attempts';
  return (
    <ErrorSummary title={t('visitor.limit.title')}>
      <p>
        {which === 'mentor' ? (
          <Phrase
            text={t('visitor.limit.mentor', { name: '{name}' })}
            parts={{ name: <PersonName>{callName(mentor, locale)}</PersonName> }}
          />
        ) : (
          t(`visitor.limit.${which}`)
        )}
      </p>
      <p>{t('visitor.limit.when', { time: t('visitor.moment.in', { time, place: cityOf(zone, locale) }) })}</p>
    </ErrorSummary>
  );
}

/** To the next whole minute: clocks show no seconds, and an earlier try would fail again. */
const roundedUp = (at: Instant): Instant => Math.ceil(at / 60_000) * 60_000;
