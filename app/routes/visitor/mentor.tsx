import type { LoaderFunctionArgs, SerializeFrom } from '@remix-run/cloudflare';
import { useLoaderData } from '@remix-run/react';
import { visitor } from '~/data/actor';
import { findMentorBySlug } from '~/data/mentors';
import { nameIn } from '~/format/names';
import { toMinute } from '~/domain/time/instant';
import { readPreferences } from '~/http/preferences';
import { refusalResponse } from '~/http/refusal';
import { Mark } from '~/ui/frame/mark';
import { ZoneLine } from '~/ui/frame/zone-choice';
import { pickCard } from '~/ui/mentors/mentor-card';
import { MentorCards } from '~/ui/mentors/mentor-cards';
import { MentorSheet } from '~/ui/mentors/mentor-sheet';
import { pickOffer } from '~/ui/mentors/offer';
import { pickPerson } from '~/ui/mentors/person';
import type { PageHandle } from '~/ui/page-handle';
import { listMentors } from '~/usecases/slots/list-mentors';
import { zoneOf } from '~/usecases/slots/situation';

export async function loader({ request, params, context: { app } }: LoaderFunctionArgs) {
  const [found, listed] = await Promise.all([
    app.db.read(visitor, (tx) => findMentorBySlug(tx, params.mentor ?? '')),
    listMentors(app),
  ]);
  if (!found) throw refusalResponse('no-such-address');
  const { mentor, types } = found;
  const next = listed.find((card) => card.mentor.id === mentor.id)?.nextFree;
  return {
    mentor: { ...pickPerson(mentor), bio: mentor.bio, languages: mentor.languages },
    mentorZone: zoneOf(mentor.timeZone),
    offers: types.map(({ slug, title, description, ...type }, i) => ({
      ...pickOffer(type),
      slug,
      title,
      description,
      href: `/m/${mentor.slug}/${slug}`,
      // Only the first one's is known here; a visitor sees the others' on their own pages.
      ...(i === 0 ? { nextFree: next } : {}),
    })),
    cards: listed.map((card) => pickCard(card, zoneOf)).filter((card) => card !== null),
    reader: { now: toMinute(app.clock()), zone: readPreferences(request).zone },
  };
}

export const handle: PageHandle<SerializeFrom<typeof loader>> = {
  isForEveryone: true,
  isSheet: true,
  title: (t, { mentor }, locale) => t('visitor.mentor.document', { name: nameIn(mentor, locale) }),
};

export default function Mentor() {
  const { cards, reader, ...sheet } = useLoaderData<typeof loader>();
  return (
    <>
      {/* Hidden from keyboards and readers, who have the dialog's own × */}
      <a className="scrim" href="/" tabIndex={-1} aria-hidden="true" />
      <main>
        <MentorSheet {...sheet} {...reader} />
      </main>
      {/* React 18 writes `inert` only when it is text. */}
      <div className="behind" {...{ inert: '' }}>
        <header className="top wrap">
          <Mark />
          <p className="zone">
            <ZoneLine {...reader} />
          </p>
        </header>
        <div className="wrap">
          <MentorCards cards={cards} reader={reader} titleAs="p" />
        </div>
      </div>
    </>
  );
}
