/** What a request has cost the database so far. */
export interface Costs {
  /** Journeys to it, connecting not counted. */
  roundTrips: number;
  /** How long they took in sum, in milliseconds; those under way at the same time count each. */
  waitedMs: number;
}

/** What `AsyncLocalStorage` is to us: only the entries may import it from its runtime, and hand it in. */
export interface CostsStorage {
  run<T>(costs: Costs, work: () => T): T;
  getStore(): Costs | undefined;
}

/** Counts, for the request under way, its journeys to the database. */
export interface Meter {
  /** Runs the work and gives what it has cost when it is over; what goes on after that is not counted by anyone. */
  measure<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly costs: Costs; readonly ms: number }>;
  /** Begins work that belongs to no request, such as what follows an answer: its journeys count for nobody. */
  apart<T>(this: void, work: () => T): T;
  /** Notes a journey that begins; what is returned is to be called at its end. */
  depart(this: void): () => void;
}

export function openMeter(storage: CostsStorage): Meter {
  return {
    async measure(work) {
      const costs = { roundTrips: 0, waitedMs: 0 };
      const startedAt = performance.now();
      const result = await storage.run(costs, work);
      return { result, costs: { ...costs }, ms: performance.now() - startedAt };
    },
    apart: (work) => storage.run({ roundTrips: 0, waitedMs: 0 }, work),
    depart() {
      const costs = storage.getStore();
      if (costs === undefined) return () => undefined;
      costs.roundTrips += 1;
      const startedAt = performance.now();
      return () => {
        costs.waitedMs += performance.now() - startedAt;
      };
    },
  };
}
