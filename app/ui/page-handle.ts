import type { Locale, Translator } from '~/locales/translator';

/** What a route tells the frame around it: `export const handle: PageHandle<SerializeFrom<typeof loader>>`. */
export interface PageHandle<Page = unknown> {
  /** The document's title. When a posted form comes back with errors, it is marked as such. */
  readonly title?: (t: Translator, page: Page, locale: Locale) => string;
  /** The page works without script, and has the framework's script all the same. */
  readonly hydrate?: boolean;
  /** The page is a dialog: it brings what lies behind it, and nothing stands below. */
  readonly isSheet?: boolean;
  /**
   * The page shows its loaders' data and nothing else, and nothing in them belongs to one person: once rendered it
   * serves everybody who has the same data before them. Its `now` is told to the minute, or no two would be the same.
   */
  readonly isForEveryone?: boolean;
}
