import type { LoaderFunctionArgs } from '@remix-run/cloudflare';
import { useLoaderData } from '@remix-run/react';
import { toMinute } from '~/domain/time/instant';
import { readPreferences } from '~/http/preferences';
import { Top } from '~/ui/frame/top';
import { ZoneChoice } from '~/ui/frame/zone-choice';
import { pickCard } from '~/ui/mentors/mentor-card';
import { MentorCards } from '~/ui/mentors/mentor-cards';
import type { PageHandle } from '~/ui/page-handle';
import { listMentors } from '~/usecases/slots/list-mentors';
import { zoneOf } from '~/usecases/slots/situation';

export async function loader({ request, context: { app } }: LoaderFunctionArgs) {
  const mentors = await listMentors(app);
  return {
    cards: mentors.map((mentor) => pickCard(mentor, zoneOf)).filter((card) => card !== null),
    reader: { now: toMinute(app.clock()), zone: readPreferences(request).zone },
  };
}

export const handle: PageHandle = { isForEveryone: true, title: (t) => t('visitor.home.document') };

export default function Home() {
  const { cards, reader } = useLoaderData<typeof loader>();
  return (
    <>
      <Top>
        <ZoneChoice {...reader} back="/" />
      </Top>
      <main id="main" className="wrap">
        <MentorCards cards={cards} reader={reader} titleAs="h1" />
      </main>
    </>
  );
}
