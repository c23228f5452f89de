/**
 * What may stand in a header, and on a terminal: one line, without control characters and without the marks that turn
 * the direction of the text around them.
 */
export function headerText(text: string): string {
  return text
    .replace(/\p{Cs}/gu, '\uFFFD')
    .replace(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]+/gu, ' ')
    .trim();
}

/** Whether an address is one address and nothing else: lists, groups and line breaks reach other people. */
export function isPlainAddress(address: string): boolean {
  return /^[^\s\p{C}<>,;:"()[\]\\@]+@[^\s\p{C}<>,;:"()[\]\\@]+$/u.test(address);
}
