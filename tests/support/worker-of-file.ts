import { afterAll, beforeAll } from 'vitest';
import { openEdge, type Edge } from './flows/on-workerd';
import { bundleWorker, type BundledWorker } from './workerd';

/** The Worker, bundled once for all tests of a file; to be asked for within them. */
export function workerOfFile(): () => BundledWorker {
  let worker: BundledWorker;
  beforeAll(() => {
    worker = bundleWorker();
  }, 120_000);
  afterAll(() => worker.remove());
  return () => worker;
}

/** The same, started once with everything that it needs. */
export function edgeOfFile(): () => Edge {
  const worker = workerOfFile();
  let edge: Edge;
  beforeAll(async () => {
    edge = await openEdge(worker());
  }, 120_000);
  afterAll(() => edge.close());
  return () => edge;
}
