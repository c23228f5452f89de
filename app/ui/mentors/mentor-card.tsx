import type { ReactNode } from 'react';
import type { Instant } from '~/domain/time/instant';
import type { ZoneId } from '~/domain/time/zones';
import { nameIn, type PersonName as Named } from '~/format/names';
import { cityOf } from '~/format/zones';
import { useMoments } from '../slots/moment';
import { useWords } from '../words';
import { PersonName } from './person-name';
import { Portrait } from './portrait';
import { pickOffer, priceWords, type OfferFacts } from './offer';
import { pickPerson, type Person } from './person';

/** What a card tells. */
export interface Card {
  readonly mentor: Person;
  readonly mentorZone: ZoneId;
  readonly offer: OfferFacts;
  readonly nextFree: Instant | null;
}

/** The card of a mentor's first session type, and nothing more of the rows; null when there is none to book. */
export function pickCard(
  found: {
    readonly mentor: Person & { readonly timeZone: string };
    readonly types: readonly OfferFacts[];
    readonly nextFree: Instant | null;
  },
  zoneOf: (timeZone: string) => ZoneId,
): Card | null {
  const offer = found.types[0];
  return offer
    ? {
        mentor: pickPerson(found.mentor),
        mentorZone: zoneOf(found.mentor.timeZone),
        offer: pickOffer(offer),
        nextFree: found.nextFree,
      }
    : null;
}

/** The reader's moment and place; the place is null as long as nobody has told it. */
export interface Reader {
  readonly now: Instant;
  readonly zone: ZoneId | null;
}

/** One mentor on the home page: who, what for, and when next. The whole card is the link. */
export function MentorCard({ mentor, mentorZone, offer, nextFree, now, zone }: Card & Reader) {
  const { t, locale } = useWords();
  return (
    <li className="card">
      <div className="head">
        <Portrait photo={mentor.photo} name={mentor.name} />
        <div>
          <h3>
            <a href={`/m/${mentor.slug}`}>
              <BothNames person={mentor} />
            </a>
          </h3>
          <p className="fine">
            {t('visitor.card.offer', {
              minutes: offer.durationMinutes,
              price: priceWords(offer, t, locale),
            })}
          </p>
        </div>
      </div>
      <p className="does">{[mentor.headline && `${mentor.headline}.`, mentor.summary].filter(Boolean).join(' ')}</p>
      <NextFree at={nextFree} zone={zone ?? mentorZone} isReadersZone={zone !== null} now={now} />
    </li>
  );
}

/** The name in the page's language, and beside it the one in the other script. */
export function BothNames({ person }: { person: Named }): ReactNode {
  const { locale } = useWords();
  const shown = nameIn(person, locale);
  if (person.nativeName === null || person.nativeNameLang === null) return <PersonName>{shown}</PersonName>;
  const isNative = shown === person.nativeName;
  return (
    <>
      <PersonName>{shown}</PersonName>{' '}
      <span lang={isNative ? `${person.nativeNameLang}-Latn` : person.nativeNameLang} dir="auto">
        {isNative ? person.name : person.nativeName}
      </span>
    </>
  );
}

/** Where the reader is unknown, the time is the mentor's, and its city is named. */
function NextFree({
  at,
  zone,
  isReadersZone,
  now,
}: {
  at: Instant | null;
  zone: ZoneId;
  isReadersZone: boolean;
  now: Instant;
}) {
  const { t, locale } = useWords();
  const moments = useMoments();
  if (at === null) return <p className="next">{t('visitor.next.none')}</p>;
  const time = moments.soon(at, zone, now);
  const place = cityOf(zone, locale);
  return (
    <p className="next">
      {t('visitor.next.free')} <b>{isReadersZone ? time : t('visitor.moment.in', { time, place })}</b>
    </p>
  );
}
