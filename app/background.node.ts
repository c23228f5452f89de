/** Work that outlives the answer which started it. */
interface Background {
  readonly waitUntil: (work: Promise<unknown>) => void;
  /** Resolves when nothing is under way any more, including what was started meanwhile. */
  drain(): Promise<void>;
}

/** Keeps count of such work; `report` hears what failed. */
export function openBackground(report: (error: unknown) => void): Background {
  const underWay = new Set<Promise<void>>();
  return {
    waitUntil(work) {
      const done: Promise<void> = work.then(() => undefined, report).finally(() => underWay.delete(done));
      underWay.add(done);
    },
    async drain() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
