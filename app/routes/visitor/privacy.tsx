import { Top } from '~/ui/frame/top';
import type { PageHandle } from '~/ui/page-handle';
import { useWords } from '~/ui/words';

export const handle: PageHandle = { isForEveryone: true, title: (t) => t('visitor.privacy.document') };

const PARTS = ['what', 'cookies', 'others'] as const;

export default function Privacy() {
  const { t } = useWords();
  return (
    <>
      <Top />
      <main id="main" className="wrap">
        <div className="narrow">
          <h1>{t('visitor.privacy.title')}</h1>
          <p className="lede">{t('visitor.privacy.lede')}</p>
          {PARTS.map((part) => (
            <section key={part} className="panel stack">
              <h2>{t(`visitor.privacy.${part}`)}</h2>
              <p>{t(`visitor.privacy.${part}Why`)}</p>
            </section>
          ))}
        </div>
      </main>
    </>
  );
}
