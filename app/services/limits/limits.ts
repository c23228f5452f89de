export const LIMITS = {
  'booking-attempts': { max: 5, windowSeconds: 3_600 },
  'booking-moves': { max: 10, windowSeconds: 86_400 },
  'sign-in-codes': { max: 5, windowSeconds: 3_600 },
  'sign-in-attempts': { max: 20, windowSeconds: 3_600 },
  'api-calls': { max: 300, windowSeconds: 60 },
  'api-looks': { max: 120, windowSeconds: 60 },
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
}

/**
 * Whom a network address stands for: an IPv4 address whole; of an IPv6 address its first 64 bits, since one caller
 * usually has the rest for themselves (RFC 6177).
 */
export function callerOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const groups = head.split(':').filter(Boolean);
  const after = tail?.split(':').filter(Boolean) ?? [];
  const whole = [...groups, ...Array<string>(Math.max(0, 8 - groups.length - after.length)).fill('0'), ...after];
  const network = whole.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}
