import { useWords } from '../words';

/** A run of days that differ from the week; every text is ready to be read. */
export interface SpecialDaysEntry {
  /** 'Sat 27 June to Sun 28 June' */
  readonly name: string;
  /** '13:00–17:00, 19:00–22:00'; null when closed. */
  readonly hours: string | null;
  readonly reason: string | null;
  /** What the button that takes the entry away posts as `intent`. */
  readonly restore: string;
}

/** Days that are not as in the week; each can be made so again by the form around, which is saved before one is added. */
export function SpecialDaysList({ entries }: { entries: readonly SpecialDaysEntry[] }) {
  const { t } = useWords();
  return (
    <section aria-labelledby="h-days">
      <h2 id="h-days">{t('desk.days.heading')}</h2>
      {entries.length === 0 ? (
        <p className="fine">{t('desk.days.none')}</p>
      ) : (
        <ul className="links" role="list">
          {entries.map(({ name, hours, reason, restore }) => (
            <li key={restore}>
              <p>
                <b>{name}</b> {hours ?? t('desk.days.closed')}{' '}
                {hours !== null && <span className="fine">{t('desk.days.instead')}</span>}{' '}
                {reason !== null && (
                  <span className="fine" dir="auto">
                    {reason}
                  </span>
                )}
              </p>
              <button className="textbtn" name="intent" value={restore}>
                {t('desk.days.remove')}
                <span className="vh"> {name}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <p>
        <button className="btn plain" name="intent" value="add-days">
          {t('desk.days.add')}
        </button>
      </p>
    </section>
  );
}
