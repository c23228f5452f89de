import type { Wire } from './database';

/**
 * The wire, telling of each journey: `depart` is called as it begins, and what that returned at its end. A commit is a
 * journey of its own; the time to connect is in the first one of a transaction over Neon's sockets and counts for none.
 */
export function measuredWire(wire: Wire, depart: () => () => void): Wire {
  const timed = async <T>(journey: () => Promise<T>): Promise<T> => {
    const arrive = depart();
    try {
      return await journey();
    } finally {
      arrive();
    }
  };
  return {
    batch: (statements, access) => timed(() => wire.batch(statements, access)),
    async transaction(work) {
      let begun = false;
      let arrive = () => undefined as void;
      try {
        return await wire.transaction(async (send) => {
          const result = await work((statements) => {
            begun = true;
            return timed(() => send(statements));
          });
          if (begun) arrive = depart();
          return result;
        });
      } finally {
        arrive();
      }
    },
    end: () => wire.end(),
  };
}
