import type { Instant } from '~/domain/time/instant';
import type { ZoneId } from '~/domain/time/zones';
import { useMoments } from '../slots/moment';
import { OtherTimes, type OtherTimesProps } from '../slots/other-times';
import { Phrase, useWords } from '../words';

/** A yes to the new time. */
export function MoveForm({
  action,
  csrf,
  start,
  startsAt,
  zone,
  keepHref,
}: {
  /** Written out with its query: some browsers leave that away where a form names no address. */
  action: string;
  csrf: string;
  /** The new start; free times to choose from when it is gone. */
  start: { readonly text: string } | { readonly others: OtherTimesProps };
  /** When the booking is until then. */
  startsAt: Instant;
  zone: ZoneId;
  keepHref: string;
}) {
  const { t } = useWords();
  const moments = useMoments();
  const time = moments.at(startsAt, zone);
  const isGone = 'others' in start;
  return (
    <form className="form" method="post" action={action} noValidate aria-labelledby="h">
      <h1 id="h" className="step">
        <span className="num" aria-hidden="true">
          3
        </span>{' '}
        {t('visitor.move.confirmTitle')}
      </h1>
      <input type="hidden" name="csrf" value={csrf} />
      <p>
        {isGone ? (
          t('visitor.move.kept', { time })
        ) : (
          <Phrase text={t('visitor.move.from', { time: '{time}' })} parts={{ time: <s>{time}</s> }} />
        )}
      </p>
      {isGone ? <OtherTimes {...start.others} /> : <input type="hidden" name="start" value={start.text} />}
      <p className="row">
        <button className="btn" data-busy={t('visitor.busy')}>
          {t('visitor.move.button')}
        </button>{' '}
        <a className="textbtn" href={keepHref}>
          {t('visitor.move.keep')}
        </a>
      </p>
    </form>
  );
}
