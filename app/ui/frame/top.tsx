import type { ReactNode } from 'react';
import { useWords } from '../words';
import { Mark } from './mark';

/** What stands above every page: the way past it for keyboards, the mark, and the zone choice where times are shown. */
export function Top({ children }: { children?: ReactNode }) {
  const { t } = useWords();
  return (
    <>
      <a className="skip" href="#main">
        {t('visitor.skip')}
      </a>
      <header className="top wrap">
        <Mark />
        {children}
      </header>
    </>
  );
}
