import { redirect, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/cloudflare';
import { useActionData, useLoaderData, useOutletContext } from '@remix-run/react';
import { useState } from 'react';
import { mentor } from '~/data/actor';
import { countBookings } from '~/data/bookings';
import { findSessionLength, specialDaysFrom, weeklyRangesOf } from '~/data/availability';
import { parseTimeOfDay, type HoursRange } from '~/domain/availability/hours';
import { runsOfDays, type DateRun } from '~/domain/availability/special-days';
import type { Instant, Interval } from '~/domain/time/instant';
import { addDays, findLocalDate, type LocalDate } from '~/domain/time/local-date';
import { findZone, startOfDate, toWall, ZONE_IDS, type ZoneId } from '~/domain/time/zones';
import { changeDays, copyTargets, findHoursIntent, hoursForm, weekdayAt } from '~/forms/availability';
import { timeOfDay, weekOf } from '~/format/dates';
import { cityOf, zoneNow } from '~/format/zones';
import { invalid, type FormAnswer } from '~/http/answers';
import { parseForm } from '~/http/parse-form';
import { readPreferences } from '~/http/preferences';
import { refusalResponse } from '~/http/refusal';
import { requireSignIn } from '~/http/require-sign-in';
import { translator, type Locale } from '~/locales/translator';
import { HoursForm } from '~/ui/desk/hours-form';
import { daysName } from '~/ui/desk/days-name';
import { problemText } from '~/ui/desk/problem-texts';
import { SpecialDaysList } from '~/ui/desk/special-days-list';
import type { PageHandle } from '~/ui/page-handle';
import { useWords } from '~/ui/words';
import { recogniseMentor, type DeskMentor } from '~/usecases/accounts/recognise-mentor';
import { FARTHEST_DAYS, restoreDays } from '~/usecases/availability/change-special-days';
import { saveHours } from '~/usecases/availability/save-hours';

const DURATIONS = [15, 20, 25, 30, 45, 50, 60, 75, 90, 120];
const PAUSES = [0, 5, 10, 15, 20, 30, 45, 60];
const OFTEN_CHOSEN = [
  ...['Asia/Seoul', 'Asia/Tokyo', 'Asia/Singapore', 'Asia/Kolkata', 'Europe/Berlin', 'Europe/London'],
  ...['America/New_York', 'America/Chicago', 'America/Los_Angeles', 'America/Sao_Paulo', 'Australia/Sydney'],
];

export async function loader({ request, context: { app } }: LoaderFunctionArgs) {
  const me = await requireSignIn(request, app, recogniseMentor);
  const { locale } = readPreferences(request);
  const t = translator(locale);
  const now = app.clock();
  const today = toWall(me.zone, now).date;
  const { searchParams } = new URL(request.url);
  const changedDays = findRun(searchParams.get('days') ?? '', today);
  const [ranges, length, days, booked] = await app.db.read(mentor(me.id), (tx) =>
    Promise.all([
      weeklyRangesOf(tx, me.id),
      findSessionLength(tx, me.id),
      specialDaysFrom(tx, me.id, today),
      changedDays && countBookings(tx, me.id, windowOf(changedDays, me.zone)),
    ]),
  );
  const savedAt = searchParams.get('saved');
  const savedDay = changedDays && days.find(({ date }) => date >= changedDays.from && date <= changedDays.until);
  return {
    savedAt,
    notice: [
      savedAt === null ? [] : t('desk.hours.saved'),
      changedDays && savedDay ? savedText(changedDays, savedDay.ranges, today, locale) : [],
      booked ? t('desk.days.booked', { n: booked }) : [],
    ]
      .flat()
      .join(' '),
    dayNames: Array.from({ length: 7 }, (_, position) => nameOfDay(weekdayAt(position), locale)),
    saved: {
      zone: me.zone as string,
      ...(length ? { duration: String(length.durationMinutes), pause: String(length.bufferAfterMinutes) } : {}),
      days: Array.from({ length: 7 }, (_, position) => {
        const ofDay = ranges.filter(({ dayOfWeek }) => dayOfWeek === weekdayAt(position));
        return {
          day: String(position),
          on: ofDay.some(({ isActive }) => isActive),
          ranges: ofDay.map(({ start, end }) => ({ start: timeOfDay(start), end: timeOfDay(end) })),
        };
      }),
    },
    lengths: length && {
      durations: withOwn(DURATIONS, length.durationMinutes),
      pauses: withOwn(PAUSES, length.bufferAfterMinutes),
      title: length.titleAmongOthers,
    },
    zones: zonesToChoose(me, now, locale),
    specialDays: runsOfDays(days).map(({ from, until, ranges, reason }) => ({
      name: daysName({ from, until }, today, locale, t),
      hours: ranges.length === 0 ? null : hoursOf(ranges),
      reason,
      restore: `restore:${from}:${until}`,
    })),
  };
}

/** '13:00–17:00, 19:00–22:00' */
const hoursOf = (ranges: readonly HoursRange[]): string =>
  ranges.map(({ start, end }) => `${timeOfDay(start)}–${timeOfDay(end)}`).join(', ');

/** What was saved of days on their own page, in words. */
function savedText(run: DateRun, ranges: readonly HoursRange[], today: LocalDate, locale: Locale): string {
  const t = translator(locale);
  const days = daysName(run, today, locale, t);
  return ranges.length === 0
    ? t('desk.days.saved.closed', { days })
    : t('desk.days.saved.hours', { days, hours: hoursOf(ranges) });
}

/** The days that were saved on their own page. */
function findRun(text: string, today: LocalDate): DateRun | null {
  const [from, until] = text.split(':').map(findLocalDate);
  if (from === undefined || until === undefined || from > until) return null;
  return from >= addDays(today, -FARTHEST_DAYS) && until <= addDays(today, FARTHEST_DAYS) ? { from, until } : null;
}

const windowOf = ({ from, until }: DateRun, zone: ZoneId): Interval => ({
  start: startOfDate(zone, from),
  end: startOfDate(zone, addDays(until, 1)),
});

export async function action({ request, context: { app } }: ActionFunctionArgs) {
  const me = await requireSignIn(request, app, recogniseMentor);
  const { locale } = readPreferences(request);
  const t = translator(locale);
  const submission = await parseForm(request, app, hoursForm);
  if (submission.status === undefined)
    return { result: submission.reply(), notice: t('desk.hours.unsaved'), isUnsaved: true };
  const intent = findHoursIntent(submission.payload.intent);
  switch (intent?.kind) {
    case undefined:
      throw refusalResponse('bad-form');
    case 'copy': {
      const targets = copyTargets(submission.payload.days, intent.position);
      if (targets.length === 0) return { ...changed(submission), notice: t('desk.hours.copy.none'), isUnsaved: false };
      return {
        ...changed(submission, { days: changeDays(submission.payload.days, intent) }),
        notice: t('desk.hours.copied', { days: namesOfDays(targets, locale) }),
        isUnsaved: true,
      };
    }
    case 'open':
      return {
        ...changed(submission, { days: changeDays(submission.payload.days, intent) }),
        notice: t('desk.hours.unsaved'),
        isUnsaved: true,
      };
    case 'restore':
      await restoreDays(app, me.id, intent);
      return {
        ...changed(submission),
        notice: noticeOfRestored(intent, me, app.clock(), locale),
        isUnsaved: false,
      };
    case 'save':
    case 'add-days':
      break;
  }
  if (submission.status !== 'success') return invalid(submission);
  const { zone, days, duration, pause } = submission.value;
  const week = Array.from({ length: 7 }, (_, weekday) => days.find((_, i) => weekdayAt(i) === weekday));
  const outcome = await saveHours(app, me.id, {
    zone,
    week: week.map((day) => day ?? { isOn: false, ranges: [] }),
    durationMinutes: duration,
    bufferAfterMinutes: pause,
  });
  switch (outcome.kind) {
    case 'saved':
      return redirect(
        intent.kind === 'add-days'
          ? '/desk/availability/days?saved'
          : `/desk/availability?saved=${app.clock().toString(36)}`,
        303,
      );
    case 'overlaps':
      return invalid(submission, { formErrors: ['overlaps'] });
  }
}

/** The form as it was typed, perhaps with other days; Conform does the same to a page that has script. */
function changed(
  submission: Pick<Parameters<typeof invalid>[0], 'reply'>,
  fields: { days?: ReturnType<typeof changeDays> } = {},
): FormAnswer {
  const { initialValue, ...reply } = submission.reply();
  const update =
    fields.days === undefined
      ? {}
      : { intent: { type: 'update' as const, payload: { name: 'days', value: fields.days, validated: false } } };
  return {
    result: { ...reply, status: undefined, error: {}, initialValue: { ...initialValue, ...fields }, ...update },
  };
}

function noticeOfRestored(days: DateRun, { zone }: DeskMentor, now: Instant, locale: Locale): string {
  const t = translator(locale);
  return t('desk.hours.restored', { days: daysName(days, toWall(zone, now).date, locale, t) });
}

const nameOfDay = (weekday: number, locale: Locale): string =>
  weekOf(locale).find(({ day }) => day === weekday)?.name ?? '';

/** 'Friday and Sunday', by their places in the form. */
const namesOfDays = (positions: readonly number[], locale: Locale): string =>
  new Intl.ListFormat(locale, { type: 'conjunction' }).format(
    positions.map((position) => nameOfDay(weekdayAt(position), locale)),
  );

/** What is offered, with what the mentor has already. */
const withOwn = (offered: readonly number[], own: number): number[] =>
  offered.includes(own) ? [...offered] : [...offered, own].sort((a, b) => a - b);

function zonesToChoose({ zone }: DeskMentor, now: Instant, locale: Locale) {
  const often = OFTEN_CHOSEN.map(findZone).filter((one): one is ZoneId => one !== undefined);
  const usual = [zone, ...often.filter((other) => other !== zone)];
  const named = (one: ZoneId) => ({ value: one as string, text: `${cityOf(one, locale)} (${one.split('/')[0]})` });
  return {
    usual: usual.map((one) => ({ value: one, text: zoneNow(one, now, locale, zone) })),
    all: ZONE_IDS.filter((one) => !usual.includes(one))
      .map(named)
      .sort((a, b) => a.text.localeCompare(b.text, locale)),
  };
}

export const handle = {
  title: (t) => `${t('desk.hours.title')} · Slotwell`,
} satisfies PageHandle;

export default function Availability() {
  const { t } = useWords();
  const csrf = useOutletContext<string>();
  const { saved, savedAt, notice, dayNames, lengths, zones, specialDays } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  // What was saved is shown as it was saved, whatever had been typed; a list button after it changes nothing of that.
  const [shown, show] = useState(savedAt);
  if (savedAt !== null && savedAt !== shown) show(savedAt);
  const done = answer && 'notice' in answer ? answer : { notice: '', isUnsaved: false };
  return (
    <HoursForm
      key={shown}
      saved={saved}
      answer={answer?.result}
      csrf={csrf}
      zones={zones}
      lengths={lengths}
      dayNames={dayNames}
      readTime={parseTimeOfDay}
      say={(error) => problemText(error, t)}
      notice={answer ? done.notice : notice}
      isUnsaved={done.isUnsaved}
    >
      <SpecialDaysList entries={specialDays} />
    </HoursForm>
  );
}
