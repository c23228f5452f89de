import { OFFERED_CITIES, zoneNow } from '~/format/zones';
import type { Instant } from '~/domain/time/instant';
import type { ZoneId } from '~/domain/time/zones';
import { Phrase, useWords } from '../words';

/** The zone of whoever the page is about. */
export interface ZoneOwner {
  /** As the page calls them: 'Min-ji'. */
  readonly name: string;
  readonly zone: ZoneId;
}

export interface ZoneChoiceProps {
  readonly now: Instant;
  /** The reader's zone; null as long as nobody has told it. */
  readonly zone: ZoneId | null;
  readonly owner?: ZoneOwner | undefined;
  /** What the page's address already says (month, date), so that changing the zone does not leave the page. */
  readonly keep?: Readonly<Record<string, string>>;
  /** This page's address, to come back from the page of all cities. */
  readonly back: string;
}

/** Which zone times are shown in, and how to change it: a GET form, so that the choice is in the address. */
export function ZoneChoice({ now, zone, owner, keep = {}, back }: ZoneChoiceProps) {
  const { t, locale } = useWords();
  const shown = zone ?? owner?.zone;
  const option = (one: ZoneId) => (
    <option key={one} value={one}>
      {zoneNow(one, now, locale, shown)}
    </option>
  );
  return (
    <details className="zone">
      <summary>
        <ZoneLine now={now} zone={zone} owner={owner} /> <u>{t('visitor.zone.change')}</u>
      </summary>
      <form method="get">
        {Object.entries(keep).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <div className="field">
          <label htmlFor="tz">{t('visitor.zone.label')}</label>
          <select id="tz" name="tz" defaultValue={shown ?? ''}>
            {shown === undefined && <option value="">{t('visitor.zone.choose')}</option>}
            {zone && <optgroup label={t('visitor.zone.yours')}>{option(zone)}</optgroup>}
            {owner && owner.zone !== zone && (
              <optgroup label={t('visitor.zone.theirs', { name: owner.name })}>{option(owner.zone)}</optgroup>
            )}
            {OFFERED_CITIES.map(({ region, zones }) => (
              <optgroup key={region} label={t(`visitor.zone.region.${region}`)}>
                {zones.filter((one) => one !== zone && one !== owner?.zone).map(option)}
              </optgroup>
            ))}
          </select>
        </div>
        <button className="btn plain">{t('visitor.zone.show')}</button>
        <p className="fine">
          <a href={`/cities?${new URLSearchParams({ back })}`}>{t('visitor.zone.elsewhere')}</a>
        </p>
      </form>
    </details>
  );
}

/** 'Times in Singapore — 14:05 now', or whose times they are while nobody has told where the reader is. */
export function ZoneLine({ now, zone, owner }: Pick<ZoneChoiceProps, 'now' | 'zone' | 'owner'>) {
  const { t, locale } = useWords();
  const shown = zone ?? owner?.zone;
  if (shown === undefined) return <span data-zone="unknown">{t('visitor.zone.each')}</span>;
  return (
    <span data-zone={zone === null ? 'unknown' : undefined}>
      <Phrase text={t('visitor.zone.in', { zone: '{zone}' })} parts={{ zone: <b>{zoneNow(shown, now, locale)}</b> }} />
    </span>
  );
}
