import { Outlet, useLocation, useMatches } from '@remix-run/react';
import { Foot } from '~/ui/frame/foot';
import type { PageHandle } from '~/ui/page-handle';
import { addressIn } from '~/ui/words';

/** Pages bring their own top, since what stands in it differs; below all but a dialog stand the same links. */
export default function VisitorLayout() {
  const location = useLocation();
  const isSheet = useMatches().some(({ handle }) => (handle as PageHandle | undefined)?.isSheet === true);
  return (
    <>
      <Outlet />
      {!isSheet && <Foot hrefIn={(locale) => addressIn(location, locale)} />}
    </>
  );
}
