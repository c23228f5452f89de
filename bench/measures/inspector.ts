import type { Miniflare } from 'miniflare';
import WebSocket from 'ws';

/** A CPU profile of V8's inspector; times in microseconds of the machine's monotonic clock. */
interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: { readonly functionName: string } }[];
  readonly startTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Part of a profile: from when to when, by `monotonicNow`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** V8 asks the thread so often what it does. */
const INTERVAL_US = 100;
/**
 * While the thread waits no sample is taken, and the next tells of all the time since: what is longer counts as this. A
 * wait counts too much by it; samples that came late, as on a busy machine, too little: of a loop of 8 ms, by /proc, a
 * profile showed 7 with six other programs on two cores.
 */
const LONGEST_DELTA_US = 2 * INTERVAL_US;

/** Microseconds of the clock that V8's samples carry. */
export const monotonicNow = () => Number(process.hrtime.bigint() / 1_000n);

/**
 * Runs the work while the isolate of `worker` is sampled. What is given tells the milliseconds of CPU in a span: the sum of
 * the samples' distances, idle ones left out; compiling, garbage collection and native code count.
 */
export async function profiled(
  miniflare: Miniflare,
  worker: string,
  work: () => Promise<void>,
): Promise<(span?: Span) => number> {
  const inspector = await connect(new URL(`/core:user:${worker}`, (await miniflare.getInspectorURL()).href));
  await inspector.ask('Profiler.setSamplingInterval', { interval: INTERVAL_US });
  await inspector.ask('Profiler.start');
  await work();
  const { profile } = (await inspector.ask('Profiler.stop')) as { profile: Profile };
  await inspector.close();
  const idle = new Set(
    profile.nodes.filter(({ callFrame }) => callFrame.functionName === '(idle)').map(({ id }) => id),
  );
  return (span = { from: 0, to: Infinity }) => {
    let at = profile.startTime;
    let busy = 0;
    profile.samples.forEach((node, i) => {
      const delta = profile.timeDeltas[i] ?? 0;
      at += delta;
      if (at >= span.from && at <= span.to && !idle.has(node)) busy += Math.min(delta, LONGEST_DELTA_US);
    });
    return busy / 1_000;
  };
}

interface Inspector {
  /** Rejects when the connection has ended. */
  ask(method: string, params?: object): Promise<unknown>;
  close(): Promise<void>;
}

const ATTEMPTS = 50;

/** Miniflare's inspector takes one client at a time, and turns away who comes before it has noticed that one has gone. */
async function connect(address: URL): Promise<Inspector> {
  for (let attempt = 1; ; attempt += 1) {
    const inspector = inspectorAt(address);
    try {
      await inspector.ask('Profiler.enable');
      return inspector;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function inspectorAt(address: URL): Inspector {
  const socket = new WebSocket(address);
  const open = new Promise((resolve) => socket.once('open', resolve));
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const lost = closed.then((): never => {
    throw new Error('the inspector has ended the connection');
  });
  lost.catch(() => undefined);
  // What is wrong with the connection ends it.
  socket.on('error', () => undefined);
  const waiting = new Map<number, (result: unknown) => void>();
  socket.on('message', (text: Buffer) => {
    const { id, result } = JSON.parse(String(text)) as { id?: number; result?: unknown };
    if (id !== undefined) waiting.get(id)?.(result);
  });
  return {
    async ask(method, params = {}) {
      await Promise.race([open, lost]);
      const answered = new Promise<unknown>((resolve) => {
        const id = waiting.size + 1;
        waiting.set(id, resolve);
        socket.send(JSON.stringify({ id, method, params }));
      });
      return Promise.race([answered, lost]);
    },
    async close() {
      socket.close();
      await closed;
    },
  };
}
