import { useWords } from '../words';
import { Panel } from './panel';

export interface CalendarAddresses {
  readonly file: string;
  readonly google: string;
  readonly outlook: string;
}

/** Ways into the booker's own calendar. */
export function CalendarPanel({ addresses, isFirst = false }: { addresses: CalendarAddresses; isFirst?: boolean }) {
  const { t } = useWords();
  return (
    <Panel id="h-cal" title={t('visitor.booking.calendar')} isScreenOnly>
      <p className="row">
        <a className={isFirst ? 'btn' : 'btn plain'} href={addresses.file}>
          {t('visitor.booking.download')}
        </a>{' '}
        <a className="btn plain" href={addresses.google}>
          {t('visitor.booking.google')}
        </a>{' '}
        <a className="btn plain" href={addresses.outlook}>
          {t('visitor.booking.outlook')}
        </a>
      </p>
    </Panel>
  );
}
