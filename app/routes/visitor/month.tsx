import type { LoaderFunctionArgs, SerializeFrom } from '@remix-run/cloudflare';
import { useLoaderData, useLocation } from '@remix-run/react';
import { partOfDay } from '~/domain/slots/month-grid';
import { findLocalDate, findYearMonth } from '~/domain/time/local-date';
import { callName, nameIn } from '~/format/names';
import { startText } from '~/forms/bookings';
import { toMinute } from '~/domain/time/instant';
import { readPreferences } from '~/http/preferences';
import { refusalResponse } from '~/http/refusal';
import { Top } from '~/ui/frame/top';
import { ZoneChoice } from '~/ui/frame/zone-choice';
import { pickOffer } from '~/ui/mentors/offer';
import { pickPerson } from '~/ui/mentors/person';
import { Who } from '~/ui/mentors/who';
import type { PageHandle } from '~/ui/page-handle';
import { ChoosingSteps } from '~/ui/slots/booking-steps';
import { Picker } from '~/ui/slots/picker';
import { useWords } from '~/ui/words';
import { browseMonth } from '~/usecases/slots/browse-month';

export async function loader({ request, params, context: { app } }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url);
  const { zone } = readPreferences(request);
  const found = await browseMonth(
    app,
    { mentor: params.mentor ?? '', type: params.type ?? '' },
    {
      zone,
      month: findYearMonth(searchParams.get('month') ?? ''),
      date: findLocalDate(searchParams.get('date') ?? ''),
    },
  );
  if (found.kind === 'not-found') throw refusalResponse('no-such-address');
  const { mentor, type, ...month } = found;
  return {
    ...month,
    now: toMinute(month.now),
    mentor: pickPerson(mentor),
    offer: { ...pickOffer(type), slug: type.slug, title: type.title, description: type.description },
    isReadersZone: zone !== null,
  };
}

export const handle: PageHandle<SerializeFrom<typeof loader>> = {
  isForEveryone: true,
  title: (t, { mentor }, locale) => t('visitor.month.document', { name: nameIn(mentor, locale) }),
};

export default function Month() {
  const { t, locale } = useWords();
  const page = useLoaderData<typeof loader>();
  const { mentor, offer, zone, mentorZone, isReadersZone, now, month, chosen, days } = page;
  const address = `/m/${mentor.slug}/${offer.slug}`;
  const hasFree = days.some(({ free }) => free > 0);
  // What of the address is worth keeping when the zone changes.
  const shown: Record<string, string> =
    useLocation().search.includes('date=') && chosen ? { date: chosen.date } : { month };
  return (
    <>
      <Top>
        <ZoneChoice
          now={now}
          zone={isReadersZone ? zone : null}
          owner={{ name: callName(mentor, locale), zone: mentorZone }}
          keep={shown}
          back={`${address}?${new URLSearchParams(shown)}`}
        />
      </Top>
      <main id="main" className="wrap book">
        <div className="flow">
          <Who mentor={mentor} offer={offer} lead={t('visitor.month.with', { minutes: offer.durationMinutes })}>
            <p className="quiet">{offer.description}</p>
          </Who>
          <ChoosingSteps
            date={hasFree && chosen ? chosen.date : null}
            last={{ label: t('visitor.step.you'), value: t('visitor.step.thenYou') }}
          />
          <Picker
            {...page}
            partOfDay={partOfDay}
            hrefOfDay={(date) => `?date=${date}#times`}
            hrefOfMonth={(other) => `?month=${other}`}
            hrefOfStart={(start) => `${address}/book?start=${startText(start)}`}
          />
        </div>
      </main>
    </>
  );
}
