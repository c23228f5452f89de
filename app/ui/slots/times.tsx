import type { PartOfDay } from '~/domain/slots/month-grid';
import type { Slot } from '~/domain/slots/slots';
import type { Instant } from '~/domain/time/instant';
import { toWall, type ZoneId } from '~/domain/time/zones';
import { useWords } from '../words';
import { Clock } from './clock';
import { useMoments } from './moment';

export interface TimesProps {
  readonly slots: readonly Slot[];
  /** The reader's own booking, when another time is looked for. */
  readonly own?: Instant | undefined;
  /** The zone of the page, in which times stand large. */
  readonly zone: ZoneId;
  readonly mentorZone: ZoneId;
  /** The rule that names the part of the day by its minute. */
  readonly partOfDay: (minute: number) => PartOfDay;
  readonly hrefOf: (start: Instant) => string;
}

const PARTS = ['morning', 'afternoon', 'evening'] as const satisfies PartOfDay[];

/** The times of a day, by its three parts; parts that have none are left out. Taken ones are shown and are no links. */
export function Times({ slots, own, zone, mentorZone, partOfDay, hrefOf }: TimesProps) {
  const { t } = useWords();
  const moments = useMoments();
  return (
    <>
      {PARTS.map((part) => {
        const inPart = slots.filter(({ start }) => partOfDay(toWall(zone, start).minute) === part);
        if (inPart.length === 0) return null;
        return (
          <div key={part}>
            <h3 className="part">{t(`visitor.part.${part}`)}</h3>
            <ul className="slots" role="list">
              {inPart.map(({ start, state }) => (
                <li key={start}>
                  {state === 'taken' ? (
                    <span className="gone">
                      <Clock at={start} zone={zone} />{' '}
                      <small>{t(start === own ? 'visitor.times.own' : 'visitor.times.booked')}</small>
                    </span>
                  ) : (
                    <a href={hrefOf(start)} rel="nofollow">
                      <Clock at={start} zone={zone} />
                      {zone !== mentorZone && (
                        <>
                          {' '}
                          <small>{moments.there(start, mentorZone, zone)}</small>
                        </>
                      )}
                    </a>
                  )}
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </>
  );
}
