import type { Instant } from '~/domain/time/instant';
import type { ZoneId } from '~/domain/time/zones';
import { cityOf, minutesAhead } from '~/format/zones';
import { PersonName } from '../mentors/person-name';
import { Phrase, useWords } from '../words';

/** Whose the large times are, and how far the mentor's clocks are from the reader's on that day. */
export function ZoneNote({
  name,
  zone,
  mentorZone,
  isReadersZone,
  at,
}: {
  /** As the page calls the mentor. */
  name: string;
  zone: ZoneId;
  mentorZone: ZoneId;
  isReadersZone: boolean;
  /** A moment of the day that is shown: differences change with clock changes. */
  at: Instant;
}) {
  const { t, locale } = useWords();
  const difference = useDifference();
  const city = cityOf(mentorZone, locale);
  const parts = { name: <PersonName>{name}</PersonName> };
  if (!isReadersZone)
    return (
      <p className="fine">
        <Phrase text={t('visitor.times.theirs', { name: '{name}', city })} parts={parts} />
      </p>
    );
  if (zone === mentorZone) return null;
  const minutes = minutesAhead(mentorZone, zone, at);
  return (
    <p className="fine">
      {t('visitor.times.yours', { city: cityOf(zone, locale) })}{' '}
      <Phrase
        text={
          minutes === 0
            ? t('visitor.times.sameTime', { name: '{name}', city })
            : t('visitor.times.there', { name: '{name}', city, difference: difference(minutes) })
        }
        parts={parts}
      />
    </p>
  );
}

/** 'one hour ahead', '2 hours and 30 minutes behind'; minutes are not 0. */
function useDifference(): (minutes: number) => string {
  const { t } = useWords();
  return (minutes) => {
    const whole = Math.floor(Math.abs(minutes) / 60);
    const rest = Math.abs(minutes) % 60;
    const hours = t('visitor.zone.hours', { n: whole });
    const odd = t('visitor.zone.minutes', { n: rest });
    const span = rest === 0 ? hours : whole === 0 ? odd : t('visitor.zone.hoursAndMinutes', { hours, minutes: odd });
    return t(minutes > 0 ? 'visitor.zone.ahead' : 'visitor.zone.behind', { span });
  };
}
