import type { Instant } from '~/domain/time/instant';
import type { ZoneId } from '~/domain/time/zones';
import { clockFace, repeatedOffset } from '~/format/dates';

/** A time as a tile shows it: large, and small below it the offset when the clock shows that time twice. */
export function Clock({ at, zone }: { at: Instant; zone: ZoneId }) {
  const offset = repeatedOffset(at, zone);
  return (
    <>
      <b>{clockFace(at, zone)}</b>
      {offset !== null && (
        <>
          {' '}
          <small>{offset}</small>
        </>
      )}
    </>
  );
}
