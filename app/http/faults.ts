/**
 * SQLSTATEs that say "not now": connection lost (08), our password refused (28: an operator mends it), server stopping
 * or starting (57P0x), too many connections or disk full (53), and what lost a wait for others: timed out, idle in its
 * transaction, no lock, deadlock, serialization.
 */
const AWAY_STATES = /^(08...|28...|57P0.|53...|57014|25P03|55P03|40P01|40001)$/;
/** What sockets say when nobody listens or the other side is gone. */
const AWAY_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN']);
/** `pg` and the Neon driver give these no code. */
const AWAY_WORDS =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Error connecting to database|Network connection lost|Cannot use a pool after calling end|Server error \(HTTP status 5\d\d\))/;

/** What Postgres says of a table, a column or a function that no migration has made. */
const UNMIGRATED_STATES = /^(42P01|42703|42883)$/;

/** Whether the error, or what caused it, is that the database was not migrated, or not lately. */
export function isDatabaseUnmigrated(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as { code?: unknown };
    if (typeof code !== 'string') continue;
    if (UNMIGRATED_STATES.test(code)) return true;
    // The role of every unit of work is not there, or not ours to take.
    if ((code === '22023' || code === '42501') && /"slotwell_runtime"/.test(cause.message)) return true;
  }
  return false;
}

/**
 * Whether the error, or what caused it, is that the database cannot serve right now. The request
 * can be tried again later: 503, where any other error is a fault of ours: 500.
 */
export function isDatabaseAway(error: unknown): boolean {
  if (isDatabaseUnmigrated(error)) return true;
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as { code?: unknown };
    if (typeof code === 'string' && (AWAY_STATES.test(code) || AWAY_CODES.has(code))) return true;
    if (AWAY_WORDS.test(cause.message)) return true;
    // All addresses of a host refused: one error for each.
    if (cause instanceof AggregateError && cause.errors.some(isDatabaseAway)) return true;
  }
  return false;
}

/** What a log may hold of an error: no message, since drivers quote values there (an address, a token). */
export function describeFault(error: unknown): {
  readonly error: string;
  readonly code?: string;
  readonly at?: string;
} {
  const chain: Error[] = [];
  for (let cause = error; cause instanceof Error && chain.length < 5; cause = cause.cause) chain.push(cause);
  const innermost = chain.at(-1);
  const code = (innermost as { code?: unknown } | undefined)?.code;
  return {
    error: chain.map((one) => one.name).join(' < ') || typeof error,
    ...(typeof code === 'string' ? { code } : {}),
    ...(innermost?.stack ? { at: framesOf(innermost) } : {}),
  };
}

/** The stack without its first line, which is the message. */
function framesOf(error: Error): string {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, 6)
    .map((line) => line.trim())
    .join(' | ');
}
