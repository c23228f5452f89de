import type { Locale } from '~/locales/translator';

/** One formatter per language and currency; there are fewer than two hundred currencies. */
const FORMATS = new Map<string, { readonly format: Intl.NumberFormat; readonly digits: number }>();

/**
 * '$30', '$12.50', '₩30,000': an amount for people, without empty decimals.
 * @param minor in the currency's smallest unit: cents for USD, won for KRW
 * @param currency ISO 4217 code; throws RangeError for what is not three letters
 */
export function price(minor: number, currency: string, locale: Locale): string {
  const { format, digits } = formatOf(currency, locale);
  return format
    .format(minor / 10 ** digits)
    .replace(/[.,]0+(?=\D*$)/, (zeros) => (zeros.length === digits + 1 ? '' : zeros));
}

function formatOf(currency: string, locale: Locale) {
  const key = `${locale} ${currency}`;
  const known = FORMATS.get(key);
  if (known) return known;
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' });
  const made = { format, digits: format.resolvedOptions().maximumFractionDigits ?? 0 };
  FORMATS.set(key, made);
  return made;
}
