import type { ReactNode } from 'react';
import { callName, nameIn } from '~/format/names';
import { Phrase, useWords } from '../words';
import { priceWords, type OfferFacts } from './offer';
import type { Person } from './person';
import { PersonName } from './person-name';
import { Portrait } from './portrait';

/** Whom the page is about, beside the steps: portrait, name, what is offered. */
export function Who({
  mentor,
  offer,
  lead,
  children,
}: {
  mentor: Person;
  offer: OfferFacts;
  /** What stands above the name: '50 minutes with'. */
  lead: string;
  children?: ReactNode;
}) {
  const { t, locale } = useWords();
  return (
    <div className="who">
      <div className="head">
        <Portrait photo={mentor.photo} name={mentor.name} />
        <div>
          <p>{lead}</p>
          <h1>
            <PersonName>{nameIn(mentor, locale)}</PersonName>
          </h1>
          <p>
            {t(`visitor.month.facts.${offer.locationKind}`, {
              price: offer.priceKind === 'free' ? t('visitor.month.free') : priceWords(offer, t, locale),
            })}
          </p>
        </div>
      </div>
      <div className="more">
        {children}
        <p className="fine">
          <a href={`/m/${mentor.slug}`}>
            <Phrase
              text={t('visitor.month.about', { name: '{name}' })}
              parts={{ name: <PersonName>{callName(mentor, locale)}</PersonName> }}
            />
          </a>
        </p>
      </div>
    </div>
  );
}
