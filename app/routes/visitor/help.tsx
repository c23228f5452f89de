import { Top } from '~/ui/frame/top';
import type { PageHandle } from '~/ui/page-handle';
import { useWords } from '~/ui/words';

export const handle: PageHandle = { isForEveryone: true, title: (t) => t('visitor.help.document') };

export default function Help() {
  const { t } = useWords();
  return (
    <>
      <Top />
      <main id="main" className="wrap">
        <div className="narrow">
          <h1>{t('visitor.help.title')}</h1>
          <p className="lede">{t('visitor.help.lede')}</p>
          {(['find', 'change', 'zone', 'mentors'] as const).map((part) => (
            <section key={part} className="panel stack">
              <h2>{t(`visitor.help.${part}`)}</h2>
              <p>{t(`visitor.help.${part}Why`)}</p>
              {part === 'zone' && <a href="/cities">{t('visitor.help.zoneLink')}</a>}
              {part === 'mentors' && <a href="/sign-in">{t('visitor.help.mentorsLink')}</a>}
            </section>
          ))}
        </div>
      </main>
    </>
  );
}
