/** What was found out about one thing. */
export interface Finding {
  readonly part: string;
  /** `wrong`: it will not work; `warn`: it will, but somebody should know. */
  readonly verdict: 'ok' | 'warn' | 'wrong';
  /** For the operator; never a value of a variable, but for host names and the sender's domain. */
  readonly told: string;
}

type Tell = (told: string) => Finding;

/** Findings of one part. */
export const about = (part: string): Record<Finding['verdict'], Tell> => ({
  ok: (told) => ({ part, verdict: 'ok', told }),
  warn: (told) => ({ part, verdict: 'warn', told }),
  wrong: (told) => ({ part, verdict: 'wrong', told }),
});

/** A line for each, in columns. */
export function tableOf(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ part }) => part.length));
  return findings
    .flatMap(({ part, verdict, told }) =>
      told
        .split('\n')
        .map((line, i) => `${(i === 0 ? verdict : '').padEnd(5)}  ${(i === 0 ? part : '').padEnd(width)}  ${line}`),
    )
    .join('\n');
}

/** Whoever does not answer within so long is away. */
export const PATIENCE_MS = 5_000;

/** Rejects with a `TimeoutError` after five seconds, and tells the work by its signal to end. */
export async function inTime<T>(begin: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new DOMException('late', 'TimeoutError');
      reject(error);
      controller.abort(error);
    }, PATIENCE_MS);
  });
  const work = begin(controller.signal);
  work.catch(() => undefined);
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** How `pg` (8) says that its time is over: by words alone. */
const LATE: readonly string[] = ['timeout expired', 'Query read timeout', 'timeout exceeded when trying to connect'];

/** What an error is, without its message: drivers quote addresses and values there. */
export function reasonOf(error: unknown): string {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause.name === 'TimeoutError' || LATE.includes(cause.message))
      return `it did not answer within ${PATIENCE_MS / 1000} s`;
    const { code } = cause as { code?: unknown };
    if (typeof code === 'string') return code;
    if (cause instanceof AggregateError && cause.errors.length > 0) return reasonOf(cause.errors[0]);
  }
  return error instanceof Error ? error.name : 'unknown error';
}
