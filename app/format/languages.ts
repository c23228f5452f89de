import type { Locale } from '~/locales/translator';

/** One pair per language of the page. */
const FORMATS = new Map<Locale, { readonly names: Intl.DisplayNames; readonly list: Intl.ListFormat }>();

/** 'Korean and English', '한국어 및 영어': languages by BCP 47 tag, in words. */
export function languageList(tags: readonly string[], locale: Locale): string {
  const { names, list } = formatsOf(locale);
  return list.format(tags.map((tag) => nameOf(names, tag)));
}

/** DisplayNames throws for what is no tag; a stored one that is none is shown as it stands. */
function nameOf(names: Intl.DisplayNames, tag: string): string {
  try {
    return names.of(tag) ?? tag;
  } catch (error) {
    if (error instanceof RangeError) return tag;
    throw error;
  }
}

function formatsOf(locale: Locale) {
  const known = FORMATS.get(locale);
  if (known) return known;
  const made = {
    names: new Intl.DisplayNames(locale, { type: 'language' }),
    list: new Intl.ListFormat(locale, { type: 'conjunction' }),
  };
  FORMATS.set(locale, made);
  return made;
}
