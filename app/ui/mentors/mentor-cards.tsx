import { MentorCard, type Card, type Reader } from './mentor-card';
import { useWords } from '../words';

/** The home page's greeting and all cards; it is also what lies behind an open mentor. */
export function MentorCards({
  cards,
  reader,
  titleAs,
}: {
  cards: readonly Card[];
  reader: Reader;
  titleAs: 'h1' | 'p';
}) {
  const { t } = useWords();
  const Title = titleAs;
  return (
    <>
      <div className="hero">
        <Title className="line">{t('visitor.home.title')}</Title>
        <p>{t('visitor.home.lede')}</p>
      </div>
      {cards.length === 0 ? (
        <div className="empty">
          <h2>{t('visitor.home.empty')}</h2>
          <p className="quiet">{t('visitor.home.emptyWhy')}</p>
        </div>
      ) : (
        <>
          <h2 className="vh">{t('visitor.home.mentors')}</h2>
          <ul className="cards" role="list">
            {cards.map((card) => (
              <MentorCard key={card.mentor.slug} {...card} {...reader} />
            ))}
          </ul>
        </>
      )}
    </>
  );
}
