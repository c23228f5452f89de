import { useEffect, useState } from 'react';
import { useWords } from '../words';

/** A token just made, this once. Without script it is marked and copied by hand. */
export function NewToken({ token, name }: { token: string; name: string }) {
  const { t } = useWords();
  const [canCopy, allowCopy] = useState(false);
  const [isCopied, setCopied] = useState(false);
  // Only where script runs and the page may: not over plain http to another machine.
  useEffect(() => allowCopy('clipboard' in navigator), []);
  return (
    <section className="made" aria-labelledby="h-made">
      <h2 id="h-made">
        {t('desk.tokens.made')}: <bdi>{name}</bdi>
      </h2>
      <p>{t('desk.tokens.made.once')}</p>
      <div className="field">
        <label htmlFor="made-token">{t('desk.tokens.made.label')}</label>
        <textarea
          id="made-token"
          readOnly
          rows={3}
          spellCheck={false}
          autoFocus
          value={token}
          onFocus={(event) => event.currentTarget.select()}
        />
      </div>
      {canCopy && (
        <p className="row">
          <button
            type="button"
            className="btn plain"
            onClick={() => {
              void navigator.clipboard.writeText(token).then(() => setCopied(true));
            }}
          >
            {t('desk.tokens.copy')}
          </button>{' '}
          <span className="state" role="status">
            {isCopied && t('desk.tokens.copied')}
          </span>
        </p>
      )}
    </section>
  );
}
