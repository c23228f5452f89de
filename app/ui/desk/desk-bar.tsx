import { Mark } from '../frame/mark';
import { PersonName } from '../mentors/person-name';
import { useWords } from '../words';

export interface DeskBarProps {
  readonly name: string;
  /** The mentor's page for visitors. */
  readonly page: string;
  /** 'Seoul — 15:05 now' */
  readonly place: string;
  readonly tabs: readonly { readonly href: string; readonly text: string; readonly isCurrent: boolean }[];
  /** Belongs into every form of the desk. */
  readonly csrf: string;
}

/** What stands above every page of the desk. */
export function DeskBar({ name, page, place, tabs, csrf }: DeskBarProps) {
  const { t } = useWords();
  return (
    <>
      <a className="skip" href="#main">
        {t('desk.skip')}
      </a>
      <header className="deskbar">
        <div className="top wrap">
          <Mark href="/desk" />
          <p className="fine">
            <a href={page}>
              <PersonName>{name}</PersonName>
            </a>{' '}
            · {place} ·{' '}
            <button className="textbtn" form="sign-out">
              {t('desk.sign-out')}
            </button>
          </p>
        </div>
        <nav className="wrap" aria-label={t('desk.nav')}>
          <ul className="tabs" role="list">
            {tabs.map(({ href, text, isCurrent }) => (
              <li key={href}>
                <a href={href} aria-current={isCurrent ? 'page' : undefined}>
                  {text}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <form id="sign-out" method="post" action="/sign-out">
          <input type="hidden" name="csrf" value={csrf} />
        </form>
      </header>
    </>
  );
}
