import type { ReactNode } from 'react';
import { useWords } from '../words';
import { Calm } from './calm';

/** Stands where a page could not: what happened, what was kept, what next. */
export function Lost({
  title,
  text,
  status,
  children,
}: {
  title: string;
  text: string;
  status: number;
  children?: ReactNode;
}) {
  const { t } = useWords();
  return (
    <Calm title={title} lede={text}>
      {children}
      <p className="row">
        <a className="btn" href="/">
          {t('door.home')}
        </a>{' '}
        <span className="fine">{t('door.status', { status })}</span>
      </p>
    </Calm>
  );
}
