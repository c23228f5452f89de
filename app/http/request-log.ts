/**
 * One line of the log. Nothing personal is in it: no path beyond its pattern, no query, no address, no message of an
 * error (drivers quote values there).
 */
export interface LogLine {
  /** ISO 8601, UTC. */
  readonly time: string;
  /** error: something broke, and this line says what; warn: the answer of a request was 5xx; info: any other. */
  readonly level: 'info' | 'warn' | 'error';
  /** The request's; its line and those of its faults have the same, and its answer says it as `X-Request-Id`. */
  readonly id: string;
  readonly [field: string]: string | number;
}

/** What a route may add to the line of its request, such as the job that was asked for and what became of it. */
export type Notes = Readonly<Record<string, string | number>>;

/** Thousandths are noise. */
export const tenths = (ms: number) => Math.round(ms * 10) / 10;

/** For the browser's own tools: the whole time and that spent waiting for the database, in milliseconds. */
export function serverTiming(ms: number, { roundTrips, waitedMs }: { roundTrips: number; waitedMs: number }): string {
  const trips = roundTrips === 1 ? '1 round trip' : `${roundTrips} round trips`;
  return `total;dur=${tenths(ms)}, db;dur=${tenths(waitedMs)};desc="${trips}"`;
}
