interface Sourced {
  readonly code?: unknown;
  readonly constraint?: unknown;
  readonly cause?: unknown;
}

/** Walks `cause`, since Drizzle wraps what the driver throws. */
function driverError(error: unknown): Sourced | null {
  let one: unknown = error;
  for (let depth = 0; depth < 5 && typeof one === 'object' && one !== null; depth += 1) {
    if (typeof (one as Sourced).code === 'string') return one as Sourced;
    one = (one as Sourced).cause;
  }
  return null;
}

/** The name of the constraint that refused a statement, or null when it failed for another reason. */
export function violatedConstraint(error: unknown): string | null {
  const source = driverError(error);
  return typeof source?.constraint === 'string' ? source.constraint : null;
}

/**
 * Whether the database could not be reached or could not work just now: connection failures (by errno, or without any
 * SQLSTATE), SQLSTATE classes 08 (connection), 53 (resources: disk full, too many connections), 57 (shutdown, timeout)
 * and 58 (system). Everything else is a bug.
 */
export function isDatabaseAway(error: unknown): boolean {
  const code = driverError(error)?.code;
  if (typeof code === 'string') return /^(08|53|57|58)[0-9A-Z]{3}$|^E[A-Z]+$/.test(code);
  return false;
}
