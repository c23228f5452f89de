import type { ReactNode } from 'react';
import type { Instant } from '~/domain/time/instant';
import { monthOf } from '~/domain/time/local-date';
import { toWall, type ZoneId } from '~/domain/time/zones';
import { clockRange, dayNumber, monthName, shortDate, weekdayName } from '~/format/dates';
import { callName, nameIn, type PersonName as Named } from '~/format/names';
import { cityOf } from '~/format/zones';
import { PersonName } from '../mentors/person-name';
import { Phrase, useWords } from '../words';
import { priceWords, type OfferFacts } from '../mentors/offer';

export interface TicketProps {
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly zone: ZoneId;
  /** False while nobody has told where the reader is: then `zone` is the mentor's. */
  readonly isReadersZone: boolean;
  readonly mentor: Named;
  readonly mentorZone: ZoneId;
  readonly offer: OfferFacts;
  /** 'taken' and 'cancelled' strike the time. */
  readonly state?: 'taken' | 'cancelled' | undefined;
  readonly children?: ReactNode;
}

/** The session, set like the leaf of a calendar. */
export function Ticket(props: TicketProps) {
  const { startsAt, endsAt, zone, isReadersZone, mentor, mentorZone, offer, state, children } = props;
  const { t, locale } = useWords();
  const date = toWall(zone, startsAt).date;
  const thereDate = toWall(mentorZone, startsAt).date;
  const theirName = <PersonName>{callName(mentor, locale)}</PersonName>;
  const struck = (text: string) => (state ? <s>{text}</s> : text);
  const showsBoth = zone !== mentorZone;
  return (
    <section className="ticket" aria-label={t('visitor.ticket')}>
      <p className="leaf">
        <span className="d">{weekdayName(date, locale)}</span> <b>{dayNumber(date)}</b>{' '}
        <span className="m">{monthName(monthOf(date), locale)}</span>
      </p>
      <dl className="facts">
        <div>
          <dt>
            {isReadersZone ? (
              t('visitor.ticket.yours', { city: cityOf(zone, locale) })
            ) : (
              <Phrase
                text={t('visitor.ticket.theirs', { name: '{name}', city: cityOf(zone, locale) })}
                parts={{ name: theirName }}
              />
            )}
          </dt>
          <dd className="big">
            {struck(clockRange(startsAt, endsAt, zone, locale))}
            {state && <span className="state bad">{t(`visitor.ticket.${state}`)}</span>}
          </dd>
        </div>
        {showsBoth && (
          <div>
            <dt>
              <Phrase
                text={t('visitor.ticket.theirs', { name: '{name}', city: cityOf(mentorZone, locale) })}
                parts={{ name: theirName }}
              />
            </dt>
            <dd className="alt">
              {struck(clockRange(startsAt, endsAt, mentorZone, locale))}{' '}
              {thereDate !== date && <small className="quiet">{shortDate(thereDate, locale)}</small>}
            </dd>
          </div>
        )}
        <div>
          <dt>{t('visitor.ticket.with')}</dt>
          <dd>
            <Phrase
              text={t(`visitor.ticket.${offer.locationKind}`, { name: '{name}' })}
              parts={{ name: <PersonName>{nameIn(mentor, locale)}</PersonName> }}
            />
          </dd>
        </div>
        {offer.priceKind !== 'free' && (
          <div>
            <dt>{t(`visitor.ticket.${offer.priceKind}`)}</dt>
            <dd>{priceWords(offer, t, locale)}</dd>
          </div>
        )}
      </dl>
      {children}
    </section>
  );
}
