import type { PersonName } from '~/format/names';

/** What pages show of a mentor. */
export interface Person extends PersonName {
  readonly slug: string;
  readonly headline: string;
  readonly summary: string;
  readonly photo: string | null;
}

/** Only what pages show leaves the server: a row holds more. */
export const pickPerson = ({ slug, name, nativeName, nativeNameLang, headline, summary, photo }: Person): Person => ({
  slug,
  name,
  nativeName,
  nativeNameLang,
  headline,
  summary,
  photo,
});
