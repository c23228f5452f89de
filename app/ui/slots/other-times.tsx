import type { Instant } from '~/domain/time/instant';
import { toWall, type ZoneId } from '~/domain/time/zones';
import { clockTime, shortDate } from '~/format/dates';
import { useWords } from '../words';
import { Clock } from './clock';
import { useMoments } from './moment';

export interface OtherTimesProps {
  readonly gone: Instant;
  /** Free starts near the one that is gone. */
  readonly starts: readonly Instant[];
  /** What each start is called in the form. */
  readonly valueOf: (start: Instant) => string;
  /** What was chosen before, as posted. */
  readonly chosen: unknown;
  readonly zone: ZoneId;
  readonly mentorZone: ZoneId;
  /** The page of all times. */
  readonly href: string;
}

/** Free times instead of one that is gone, in the same form: what was typed travels along. */
export function OtherTimes({ gone, starts, valueOf, chosen, zone, mentorZone, href }: OtherTimesProps) {
  const { t, locale } = useWords();
  const moments = useMoments();
  const words = { time: clockTime(gone, zone, locale), day: shortDate(toWall(zone, gone).date, locale) };
  return (
    <fieldset className="field" role="radiogroup" aria-invalid="true" aria-describedby="start-e">
      <legend>{t(starts.length === 0 ? 'visitor.other.none' : 'visitor.other.title')}</legend>
      <p className="err" id="start-e">
        {t(starts.length === 0 ? 'visitor.other.whyNone' : 'visitor.other.why', words)}
      </p>
      {starts.length > 0 && (
        <div className="pick">
          {starts.map((start, i) => (
            <label key={start}>
              <input
                type="radio"
                id={i === 0 ? 'start' : undefined}
                name="start"
                value={valueOf(start)}
                defaultChecked={valueOf(start) === chosen}
              />{' '}
              <span>
                <Clock at={start} zone={zone} />{' '}
                <small>
                  {shortDate(toWall(zone, start).date, locale)}
                  {zone !== mentorZone && (
                    <>
                      <br />
                      {moments.there(start, mentorZone, zone)}
                    </>
                  )}
                </small>
              </span>
            </label>
          ))}
        </div>
      )}
      <p>
        <a id={starts.length === 0 ? 'start' : undefined} href={href}>
          {t('visitor.other.all')}
        </a>
      </p>
    </fieldset>
  );
}

/**
 * What the summary says of a start that cannot be had.
 * @returns a function; `isLost` when it was still free as the form was opened
 */
export function useGone(zone: ZoneId): (start: Instant, how: { now: Instant; isLost: boolean }) => string {
  const { t, locale } = useWords();
  return (start, { now, isLost }) =>
    t(isLost && start > now ? 'visitor.problem.taken' : 'visitor.problem.gone', {
      time: clockTime(start, zone, locale),
    });
}
