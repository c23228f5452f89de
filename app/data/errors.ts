interface Sourced {
  readonly code?: unknown;
  readonly constraint?: unknown;
  readonly cause?: unknown;
}

/** Walks `cause`, since Drizzle wraps what the driver throws. */
function driverError(error: unknown): Sourced | null {
  let one: unknown = error;
  for (let depth = 0; depth < 5 && typeof one === 'object' && one !== null; depth += 1) {
    if (typeof (one as Sourced).code === 'string') return one;
    one = (one as Sourced).cause;
  }
  return null;
}

/** The name of the constraint that refused a statement, or null when it failed for another reason. */
export function violatedConstraint(error: unknown): string | null {
  const source = driverError(error);
  return typeof source?.constraint === 'string' ? source.constraint : null;
}
