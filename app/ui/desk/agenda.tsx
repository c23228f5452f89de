import { PersonName } from '../mentors/person-name';
import { useWords } from '../words';

/** A booking as the desk shows it; every text is ready to be read. */
export interface AgendaEntry {
  readonly id: string;
  /** For machines: the instant it begins. */
  readonly startsAt: string;
  /** '16:00–16:50' where the mentor is. */
  readonly time: string;
  /** '09:00 in Berlin': where the booker is. */
  readonly elsewhere: string;
  readonly name: string;
  readonly title: string;
  readonly message: string | null;
  /** Told quietly, beside others of its day that are still to come. */
  readonly isOver: boolean;
  readonly state: { readonly tone: 'warm' | 'off'; readonly text: string } | null;
  /** Why it was cancelled. */
  readonly reason: string | null;
  readonly email: string;
  readonly phone: string | null;
  /** 'Berlin': the booker's city. */
  readonly zone: string;
  readonly guests: readonly string[];
  readonly canCancel: boolean;
}

export interface AgendaDay {
  /** 'Thursday 11 June'; null where the heading above says it. */
  readonly heading: string | null;
  readonly entries: readonly AgendaEntry[];
}

/** Bookings day by day; a day's heading has the level that follows the one above it. */
export function Agenda({ days, level = 'h3' }: { days: readonly AgendaDay[]; level?: 'h2' | 'h3' }) {
  const Heading = level;
  return days.map(({ heading, entries }) => (
    <Day key={entries[0]?.id}>
      {heading !== null && <Heading className="part">{heading}</Heading>}
      <ul className="agenda" role="list">
        {entries.map((entry) => (
          <Entry key={entry.id} {...entry} />
        ))}
      </ul>
    </Day>
  ));
}

const Day = ({ children }: { children: React.ReactNode }) => <>{children}</>;

function Entry(entry: AgendaEntry) {
  const { id, startsAt, time, elsewhere, name, title, message, isOver, state, reason, canCancel } = entry;
  const { t } = useWords();
  return (
    <li className={isOver ? 'over' : undefined}>
      <p className="at">
        <time dateTime={startsAt}>{time}</time> <small>{elsewhere}</small>
      </p>
      <div>
        <p>
          <b>
            <PersonName>{name}</PersonName>
          </b>{' '}
          <span className="fine">· {title}</span>
          {state && (
            <>
              {' '}
              <span className={`state ${state.tone}`}>{state.text}</span>
            </>
          )}
        </p>
        {message === null ? (
          <p className="fine">{t('desk.bookings.no-message')}</p>
        ) : (
          <p>
            <q dir="auto">{message}</q>
          </p>
        )}
        {reason !== null && (
          <p className="fine">
            {t('desk.bookings.reason')}: <span dir="auto">{reason}</span>
          </p>
        )}
      </div>
      <div className="row">
        <Details {...entry} />
        {canCancel && (
          <a className="textbtn" href={`/desk/bookings/${id}/cancel`}>
            {t('desk.bookings.cancel')}
            <span className="vh">
              : <PersonName>{name}</PersonName>
            </span>
          </a>
        )}
      </div>
    </li>
  );
}

function Details({ name, email, phone, zone, guests }: AgendaEntry) {
  const { t } = useWords();
  return (
    <details>
      <summary className="textbtn">
        {t('desk.bookings.details')}
        <span className="vh">
          : <PersonName>{name}</PersonName>
        </span>
      </summary>
      <dl className="more">
        <div>
          <dt>{t('desk.bookings.email')}</dt>
          <dd>
            <a href={`mailto:${encodeURIComponent(email).replace('%40', '@')}`}>{email}</a>
          </dd>
        </div>
        {phone !== null && (
          <div>
            <dt>{t('desk.bookings.phone')}</dt>
            <dd>
              <a href={`tel:${phone.replace(/[^+\d]/g, '')}`}>{phone}</a>
            </dd>
          </div>
        )}
        <div>
          <dt>{t('desk.bookings.zone')}</dt>
          <dd>{zone}</dd>
        </div>
        {guests.length > 0 && (
          <div>
            <dt>{t('desk.bookings.guests')}</dt>
            <dd>{guests.join(', ')}</dd>
          </div>
        )}
      </dl>
    </details>
  );
}
