import { sha256Hex } from '~/crypto/hashes';
import { randomToken } from '~/crypto/random-token';

/** Enough for what is looked at within a minute; a page is some 30 kB. */
const MOST_PAGES = 200;

/**
 * Pages that were rendered, by everything they were rendered from: whoever has the same data before them gets the same
 * page without rendering. Since the data are read for each request, a kept page is never an old one. Holds nothing that
 * belongs to one person: a page is kept only where its route says that everybody may see it.
 */
export function pageMemo() {
  const pages = new Map<string, string>();
  // Made with the first request: where modules are loaded at the edge, nothing is random.
  let placeholder: string | undefined;

  return {
    /**
     * The page of these ingredients with `nonce` in its scripts. `render` is called with the nonce to write, when no
     * page of them is kept.
     */
    async pageOf(
      ingredients: unknown,
      nonce: string,
      render: (nonce: string) => Promise<string>,
    ): Promise<{ readonly html: string; readonly isKept: boolean }> {
      const anyNonce = (placeholder ??= randomToken(16));
      const key = await sha256Hex(JSON.stringify(ingredients));
      const kept = pages.get(key);
      const page = kept ?? (await render(anyNonce));
      // The last one used stands last, and the first one goes.
      pages.delete(key);
      pages.set(key, page);
      for (const oldest of pages.keys()) {
        if (pages.size <= MOST_PAGES) break;
        pages.delete(oldest);
      }
      return { html: page.replaceAll(anyNonce, nonce), isKept: kept !== undefined };
    },
  };
}
