import { price } from '~/format/money';
import type { Translator, Locale } from '~/locales/translator';

/** What a visitor has to know of a session type before choosing it. */
export interface OfferFacts {
  readonly durationMinutes: number;
  readonly priceKind: 'free' | 'fixed' | 'donation';
  readonly priceMinor: number | null;
  readonly currency: string | null;
  readonly locationKind: 'video' | 'phone' | 'in-person';
}

/** '$30 donation', '$60', 'free'. */
export function priceWords(offer: OfferFacts, t: Translator, locale: Locale): string {
  if (offer.priceKind === 'free' || offer.priceMinor === null || offer.currency === null)
    return t('visitor.price.free');
  const amount = price(offer.priceMinor, offer.currency, locale);
  return offer.priceKind === 'donation' ? t('visitor.price.donation', { amount }) : amount;
}

/** Only what pages show leaves the server: a row holds more. */
export const pickOffer = ({
  durationMinutes,
  priceKind,
  priceMinor,
  currency,
  locationKind,
}: OfferFacts): OfferFacts => ({
  durationMinutes,
  priceKind,
  priceMinor,
  currency,
  locationKind,
});
