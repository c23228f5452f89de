export const LIMITS = {
  'booking-attempts': { max: 5, windowSeconds: 3_600 },
  'bookings-per-email': { max: 3, windowSeconds: 86_400 },
  'bookings-per-mentor': { max: 10, windowSeconds: 86_400 },
  'sign-in-codes': { max: 5, windowSeconds: 3_600 },
  'sign-in-attempts': { max: 20, windowSeconds: 3_600 },
} as const;

export type LimitName = keyof typeof LIMITS;

export interface Taking {
  readonly limit: LimitName;
  /** Whom it counts: an address, an email, an id. Kept only as a hash. */
  readonly who: string;
}

export type Taken =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'limited'; readonly limit: LimitName; readonly retryAfterSeconds: number };

export interface Limits {
  /** Takes one from each, in one journey. Refused by any: says which, and nothing is taken from the others. */
  take(takings: readonly Taking[]): Promise<Taken>;
  /** Returns what was taken for something that then did not happen. */
  giveBack(takings: readonly Taking[]): Promise<void>;
}
