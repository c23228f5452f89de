import type { ReactNode } from 'react';
import { useWords } from '../words';
import { Calm } from './calm';

/** Stands where a page could not: what happened, what was kept, what next. */
export function Lost({
  title,
  text,
  status,
  canReopen,
  children,
}: {
  title: string;
  text: string;
  status: number;
  /** The same address may well work when it is opened anew. */
  canReopen: boolean;
  children?: ReactNode;
}) {
  const { t } = useWords();
  return (
    <Calm title={title} lede={text}>
      {children}
      <p className="row">
        {/* An empty address is this very page. */}
        <a className="btn" href={canReopen ? '' : '/'}>
          {t(canReopen ? 'door.again' : 'door.home')}
        </a>{' '}
        <span className="fine">{t('door.status', { status })}</span>
      </p>
    </Calm>
  );
}
