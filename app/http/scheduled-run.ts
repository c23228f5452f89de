import { randomToken } from '~/crypto/random-token';
import type { Site } from './door';
import { describeFault } from './faults';
import { tenths } from './request-log';

/** Runs what a clock asks for and logs it as requests are. Throws what the work throws, after having logged it. */
export async function scheduledRun(
  { meter, log }: Pick<Site, 'meter' | 'log'>,
  job: string,
  work: () => Promise<{ readonly kind: string }>,
): Promise<void> {
  const id = randomToken(12);
  const now = () => new Date().toISOString();
  try {
    const { result, costs, ms } = await meter.measure(work);
    log({ time: now(), level: 'info', id, job, outcome: result.kind, ms: tenths(ms), trips: costs.roundTrips });
  } catch (error) {
    log({ time: now(), level: 'error', id, job, ...describeFault(error) });
    throw error;
  }
}
