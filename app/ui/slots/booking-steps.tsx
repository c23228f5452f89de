import type { Instant } from '~/domain/time/instant';
import type { LocalDate } from '~/domain/time/local-date';
import { toWall, type ZoneId } from '~/domain/time/zones';
import { clockTime, shortDate } from '~/format/dates';
import { useWords } from '../words';
import { Steps } from './steps';

/** How the third step is called, and what is to be done in it. */
interface LastStep {
  readonly label: string;
  readonly value: string;
}

/** While a date and a time are being chosen; `date` is null as long as the month shown has none. */
export function ChoosingSteps({ date, last }: { date: LocalDate | null; last: LastStep }) {
  const { t, locale } = useWords();
  const [dateLabel, timeLabel] = [t('visitor.step.date'), t('visitor.step.time')];
  const choose = t('visitor.step.chooseOne');
  return (
    <Steps
      steps={[
        date === null
          ? { label: dateLabel, value: choose, state: 'current', href: '#date' }
          : { label: dateLabel, value: shortDate(date, locale), state: 'done', href: '#date' },
        date === null
          ? { label: timeLabel, value: t('visitor.step.thenTime'), state: 'to-come' }
          : { label: timeLabel, value: choose, state: 'current', href: '#times' },
        { ...last, state: 'to-come' },
      ]}
    />
  );
}

/** In the last step: date and time lead back to where they were chosen, a time that is gone to the others offered. */
export function LastSteps(props: {
  readonly start: Instant;
  readonly isGone: boolean;
  readonly zone: ZoneId;
  /** Where the times of the date are. */
  readonly back: string;
  readonly last: LastStep;
}) {
  const { start, isGone, zone, back, last } = props;
  const { t, locale } = useWords();
  const time = clockTime(start, zone, locale);
  return (
    <Steps
      steps={[
        {
          label: t('visitor.step.date'),
          value: shortDate(toWall(zone, start).date, locale),
          state: 'done',
          href: back,
        },
        {
          label: t('visitor.step.time'),
          value: isGone ? t('visitor.step.taken', { time }) : time,
          state: 'done',
          href: isGone ? '#start' : `${back}#times`,
        },
        { ...last, state: 'current' },
      ]}
    />
  );
}
