/** Half a surrogate pair cannot be UTF-8, and encodeURIComponent throws at it. */
export const withoutHalves = (text: string): string => text.replace(/\p{Cs}/gu, '\uFFFD');

/** Marks that turn the direction of what follows, long after the text that holds them has ended. */
const DIRECTION_MARKS = /[\u202A-\u202E\u2066-\u2069]/g;

/** What somebody typed, as one line without control characters: it cannot pass for a line, a header or a field of ours. */
export function oneLine(text: string): string {
  return withoutHalves(text)
    .replace(DIRECTION_MARKS, '')
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim();
}

/** What somebody typed, its line breaks made `\n` and its other control characters spaces. */
export function plainLines(text: string): string {
  return withoutHalves(text)
    .replace(DIRECTION_MARKS, '')
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replace(/[^\P{Cc}\n]+/gu, ' ');
}
