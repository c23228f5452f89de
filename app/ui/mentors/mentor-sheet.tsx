import type { Instant } from '~/domain/time/instant';
import type { ZoneId } from '~/domain/time/zones';
import { languageList } from '~/format/languages';
import { cityOf } from '~/format/zones';
import { CloseIcon } from '../icons';
import { useMoments } from '../slots/moment';
import { Phrase, useWords } from '../words';
import { BothNames } from './mentor-card';
import type { Person } from './person';
import { Portrait } from './portrait';
import { priceWords, type OfferFacts } from './offer';

export interface SheetOffer extends OfferFacts {
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  readonly href: string;
  /** Undefined when this offer's next free time was not looked for. */
  readonly nextFree?: Instant | null;
}

export interface MentorSheetProps {
  readonly mentor: Person & { readonly bio: string; readonly languages: readonly string[] };
  readonly mentorZone: ZoneId;
  readonly offers: readonly SheetOffer[];
  /** The reader's zone; null when unknown, and then the mentor's speaks alone. */
  readonly zone: ZoneId | null;
  readonly now: Instant;
}

/** A mentor, in a dialog that is a page of its own: what lies behind is given by the page around. */
export function MentorSheet({ mentor, mentorZone, offers, zone, now }: MentorSheetProps) {
  const { t, locale } = useWords();
  return (
    <dialog open className="sheet mentor" aria-labelledby="name">
      <a className="shut" href="/" aria-label={t('visitor.mentor.close')}>
        <CloseIcon />
      </a>
      <div className="head">
        <Portrait photo={mentor.photo} name={mentor.name} size="xl" />
        <div>
          <h1 id="name">
            <BothNames person={mentor} />
          </h1>
          <p className="quiet">
            {[mentor.headline, cityOf(mentorZone, locale)].filter(Boolean).join(', ')}.{' '}
            {t('visitor.mentor.speaks', { languages: languageList(mentor.languages, locale) })}
          </p>
        </div>
      </div>
      <div className="bio">
        {mentor.bio.split(/\n{2,}/).map((paragraph, i) => (
          <p key={i}>{paragraph}</p>
        ))}
        <p className="fine">{mentor.summary}</p>
      </div>
      <section aria-labelledby="offers">
        <h2 id="offers" className="vh">
          {t('visitor.mentor.sessions')}
        </h2>
        {offers.length === 0 && <p className="quiet">{t('visitor.mentor.none')}</p>}
        <ul role="list">
          {offers.map((offer, i) => (
            <li key={offer.slug} className="offer">
              <h3>{offer.title}</h3>
              <p className="quiet">
                {t(`visitor.offer.${offer.locationKind}`, { minutes: offer.durationMinutes })} ·{' '}
                {priceWords(offer, t, locale)}
                <br />
                {offer.description}
                <OfferNext at={offer.nextFree} zone={zone} mentorZone={mentorZone} now={now} />
              </p>
              <a
                className={i === 0 ? 'btn' : 'btn plain'}
                href={offer.href}
                aria-label={t('visitor.offer.chooseFor', { title: offer.title })}
              >
                {t('visitor.offer.choose')}
              </a>
            </li>
          ))}
        </ul>
      </section>
    </dialog>
  );
}

function OfferNext({
  at,
  zone,
  mentorZone,
  now,
}: {
  at: Instant | null | undefined;
  zone: ZoneId | null;
  mentorZone: ZoneId;
  now: Instant;
}) {
  const { t, locale } = useWords();
  const moments = useMoments();
  if (at === undefined) return null;
  if (at === null)
    return (
      <>
        <br />
        {t('visitor.next.none')}
      </>
    );
  const time = <b>{moments.soon(at, zone ?? mentorZone, now)}</b>;
  return (
    <>
      <br />
      {zone === null || zone === mentorZone ? (
        <Phrase text={t('visitor.next.in', { time: '{time}', city: cityOf(mentorZone, locale) })} parts={{ time }} />
      ) : (
        <Phrase
          text={t('visitor.next.both', { time: '{time}', there: moments.there(at, mentorZone, zone) })}
          parts={{ time }}
        />
      )}
    </>
  );
}
