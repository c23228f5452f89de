import type { ReactNode } from 'react';
import { DAY, HOUR, type Instant } from '~/domain/time/instant';
import { daysBetween, type LocalDate } from '~/domain/time/local-date';
import { toWall, type ZoneId } from '~/domain/time/zones';
import { clockTime, dayAndMonth, longDate, weekdayName } from '~/format/dates';
import { callName, firstWord, nameIn } from '~/format/names';
import { zoneNow } from '~/format/zones';
import type { OfferFacts } from '../mentors/offer';
import type { Person } from '../mentors/person';
import { PersonName } from '../mentors/person-name';
import { useMoments } from '../slots/moment';
import { Phrase, useWords } from '../words';
import { CalendarPanel, type CalendarAddresses } from './calendar-panel';
import { CancelForm } from './cancel-form';
import { Panel } from './panel';
import { State } from './state';

/** What the page of a booking knows. */
export interface BookingFacts {
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly status: 'pending' | 'confirmed' | 'cancelled' | 'completed' | 'no_show';
  readonly name: string;
  readonly email: string;
  readonly cancelledBy: 'booker' | 'mentor' | 'admin' | 'system' | null;
  readonly cancellationReason: string | null;
  readonly mayMove: boolean;
  readonly mayCancel: boolean;
  readonly mentor: Person;
  readonly offer: OfferFacts;
  readonly zone: ZoneId;
  /** False while nobody has told where the reader is: then `zone` is the mentor's. */
  readonly isReadersZone: boolean;
  readonly now: Instant;
  /** The booking's own address. */
  readonly href: string;
  /** Where another time can be booked. */
  readonly againHref: string;
  readonly calendars: CalendarAddresses;
  readonly csrf: string;
  /** Stands after the first words, and beside them where there is room. */
  readonly ticket: ReactNode;
}

/** Right after booking: that it worked, and what comes next. */
export function Booked(facts: BookingFacts) {
  const { t, locale } = useWords();
  const moments = useMoments();
  const { startsAt, zone, now, name, email } = facts;
  const day = useMeetingDay(toWall(zone, startsAt).date, toWall(zone, now).date);
  // As they are owed: what would have come before the booking does not come.
  const reminder = startsAt - now > DAY ? 'day' : startsAt - now > HOUR ? 'hour' : null;
  return (
    <>
      <div className="stack">
        <State state={facts.status === 'pending' ? 'pending' : 'confirmed'} />
        <h1>
          <Phrase
            text={t('visitor.done.title', { day, name: '{name}' })}
            parts={{ name: <bdi>{locale === 'ko' ? name : firstWord(name)}</bdi> }}
          />
        </h1>
        <p className="lede">
          <Phrase
            text={t('visitor.done.lede', { mentor: '{mentor}', time: moments.at(startsAt, zone), email: '{email}' })}
            parts={{ mentor: <MentorName {...facts} />, email: <bdi>{email}</bdi> }}
          />
        </p>
      </div>
      {facts.ticket}
      <CalendarPanel addresses={facts.calendars} isFirst />
      <Panel id="h-keep" title={t('visitor.done.change')}>
        <p>{t('visitor.done.changeWhy')}</p>
        <p className="row noprint">
          <a className="btn plain" href={facts.href}>
            {t('visitor.done.open')}
          </a>
        </p>
      </Panel>
      <Panel id="h-next" title={t('visitor.done.next')}>
        <Joining {...facts} />
        {reminder !== null && <p>{t(`visitor.done.reminder.${reminder}`)}</p>}
      </Panel>
    </>
  );
}

/** How to meet, where the place alone does not say it. */
function Joining(facts: BookingFacts) {
  const { t } = useWords();
  if (facts.offer.locationKind !== 'video') return null;
  return (
    <p>
      <Phrase text={t('visitor.done.video', { mentor: '{mentor}' })} parts={{ mentor: <MentorName {...facts} /> }} />
    </p>
  );
}

/** The booking as it stands: move it, keep it in a calendar, cancel it. */
export function Standing({ isJustMoved, ...facts }: BookingFacts & { isJustMoved: boolean }) {
  const { t, locale } = useWords();
  const { startsAt, zone, now, offer, href } = facts;
  const { date } = toWall(zone, startsAt);
  const days = daysBetween(toWall(zone, now).date, date);
  const title = t('visitor.moment.soon', { day: longDate(date, locale), time: clockTime(startsAt, zone, locale) });
  return (
    <>
      <div className="stack">
        <State state={facts.status === 'pending' ? 'pending' : isJustMoved ? 'moved' : 'confirmed'} />
        <h1>{isJustMoved ? t('visitor.moved.title', { time: title }) : title}</h1>
        <p className="lede">
          {isJustMoved ? (
            <Phrase
              text={t('visitor.moved.lede', { mentor: '{mentor}', email: '{email}' })}
              parts={{ mentor: <MentorName {...facts} />, email: <bdi>{facts.email}</bdi> }}
            />
          ) : (
            <Phrase
              text={t(facts.isReadersZone ? 'visitor.booking.lede' : 'visitor.booking.ledeTheirs', {
                minutes: offer.durationMinutes,
                mentor: '{mentor}',
                when: days === 0 ? t('visitor.booking.today') : t('visitor.booking.inDays', { n: days }),
                zone: '{zone}',
              })}
              parts={{
                mentor: <PersonName>{nameIn(facts.mentor, locale)}</PersonName>,
                zone: <b>{zoneNow(zone, now, locale)}</b>,
              }}
            />
          )}
        </p>
      </div>
      {facts.ticket}
      {facts.mayCancel && <Joining {...facts} />}
      {facts.mayMove && (
        <Panel id="h-move" title={t('visitor.booking.move')} isScreenOnly>
          <p>{t('visitor.booking.moveWhy')}</p>
          <p className="row">
            <a className="btn plain" href={`${href}/reschedule`}>
              {t('visitor.booking.moveButton')}
            </a>
          </p>
        </Panel>
      )}
      <CalendarPanel addresses={facts.calendars} isFirst={isJustMoved} />
      {facts.mayCancel && (
        <Panel id="h-cancel" title={t('visitor.booking.cancel')} isScreenOnly>
          <p>{t('visitor.booking.cancelWhy')}</p>
          <details>
            <summary className="textbtn">{t('visitor.booking.cancelOpen')}</summary>
            <CancelForm action={`${href}/cancel`} csrf={facts.csrf} mentorName={callName(facts.mentor, locale)} />
          </details>
        </Panel>
      )}
    </>
  );
}

/** It was given up: by whom, and what now. */
export function Cancelled(facts: BookingFacts) {
  const { t } = useWords();
  const moments = useMoments();
  const { cancelledBy, cancellationReason } = facts;
  const by = cancelledBy === 'booker' || cancelledBy === 'mentor' ? cancelledBy : 'other';
  return (
    <>
      <div className="stack">
        <State state="cancelled" />
        <h1>{t('visitor.cancelled.title')}</h1>
        <p className="lede">
          <Phrase
            text={t(`visitor.cancelled.by.${by}`, { time: moments.at(facts.startsAt, facts.zone), mentor: '{mentor}' })}
            parts={{ mentor: <MentorName {...facts} /> }}
          />
        </p>
        {cancellationReason !== null && (
          <p dir="auto">
            <Phrase
              text={t(`visitor.cancelled.reason.${by}`, { reason: '{reason}', mentor: '{mentor}' })}
              parts={{ reason: <bdi>{cancellationReason}</bdi>, mentor: <MentorName {...facts} /> }}
            />
          </p>
        )}
        <p>
          <Phrase
            text={t('visitor.cancelled.mail', { email: '{email}' })}
            parts={{ email: <bdi>{facts.email}</bdi> }}
          />
        </p>
        <p className="row noprint">
          <a className="btn" href={facts.againHref}>
            {t('visitor.booking.again')}
          </a>
        </p>
      </div>
      {facts.ticket}
    </>
  );
}

/** It has begun, or is over: nothing can be changed any more. */
export function Past(facts: BookingFacts) {
  const { t } = useWords();
  const moments = useMoments();
  const which = facts.endsAt > facts.now ? 'begun' : 'over';
  return (
    <>
      <div className="stack">
        <State state={which === 'begun' ? 'confirmed' : 'over'} />
        <h1>{t(`visitor.booking.${which}`)}</h1>
        <p className="lede">
          <Phrase
            text={t(`visitor.booking.${which}Lede`, {
              time: moments.at(facts.startsAt, facts.zone),
              mentor: '{mentor}',
            })}
            parts={{ mentor: <MentorName {...facts} /> }}
          />
        </p>
        <p className="row noprint">
          <a className="btn plain" href={facts.againHref}>
            {t('visitor.booking.again')}
          </a>
        </p>
      </div>
      {facts.ticket}
    </>
  );
}

function MentorName({ mentor }: { mentor: Person }) {
  const { locale } = useWords();
  return <PersonName>{callName(mentor, locale)}</PersonName>;
}

/** 'Thursday' within the week, 'on 25 June' later. */
function useMeetingDay(date: LocalDate, today: LocalDate): string {
  const { t, locale } = useWords();
  const days = daysBetween(today, date);
  if (days <= 0) return t('visitor.done.today');
  if (days === 1) return t('visitor.done.tomorrow');
  return days < 7 ? weekdayName(date, locale) : t('visitor.done.later', { day: dayAndMonth(date, locale) });
}
