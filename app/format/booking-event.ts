import { translator, type Locale } from '~/locales/translator';
import { nameIn, type PersonName } from './names';
import { oneLine } from './plain-text';

/** The words of a booking in the booker's calendar: the same on the page, in the file and in mail. */
export function bookingEventWords(
  booking: {
    readonly mentor: PersonName;
    readonly sessionTitle: string;
    readonly location: { readonly kind: 'video' | 'phone' | 'in-person'; readonly detail: string | null };
    /** The private link. */
    readonly link: string;
  },
  locale: Locale,
): { readonly summary: string; readonly description: string; readonly location: string } {
  const t = translator(locale);
  const { kind, detail } = booking.location;
  const where = t(`mail.where.${kind}`);
  return {
    summary: t('mail.calendar.summary', {
      title: oneLine(booking.sessionTitle),
      name: oneLine(nameIn(booking.mentor, locale)),
    }),
    description: t('mail.calendar.manage', { link: booking.link }),
    location: detail === null ? where : t('mail.where.detail', { kind: where, detail: oneLine(detail) }),
  };
}
