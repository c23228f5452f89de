import type { ApiScope } from '~/domain/accounts/scopes';
import { useWords } from '../words';
import { scopeTexts } from './scope-texts';

/** A token as its mentor sees it; dates are ready to be read. */
export interface TokenEntry {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly ApiScope[];
  readonly created: string;
  /** Null when it was never used. */
  readonly used: string | null;
  /** Null while it works. */
  readonly ended: string | null;
}

/** A mentor's tokens; each that works can be revoked. */
export function TokenList({ tokens }: { tokens: readonly TokenEntry[] }) {
  const { t } = useWords();
  return (
    <section aria-labelledby="h-tokens">
      <h2 id="h-tokens">{t('desk.tokens.yours')}</h2>
      {tokens.length === 0 ? (
        <p className="fine">{t('desk.tokens.none')}</p>
      ) : (
        <ul className="links tokens" role="list">
          {tokens.map((token) => (
            <Token key={token.id} {...token} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Token({ id, name, scopes, created, used, ended }: TokenEntry) {
  const { t } = useWords();
  const facts = [
    t('desk.tokens.created', { date: created }),
    used === null ? t('desk.tokens.unused') : t('desk.tokens.used', { date: used }),
    ended !== null && t('desk.tokens.ended', { date: ended }),
  ];
  return (
    <li className={ended === null ? undefined : 'over'}>
      <div>
        <p>
          <b>
            <bdi>{name}</bdi>
          </b>
        </p>
        <p>{scopeTexts(scopes, t)}</p>
        <p className="fine">{facts.filter(Boolean).join(' · ')}</p>
      </div>
      {ended === null && (
        <a className="textbtn" href={`/desk/api-tokens/${id}/revoke`}>
          {t('desk.tokens.revoke')}
          <span className="vh"> {name}</span>
        </a>
      )}
    </li>
  );
}
