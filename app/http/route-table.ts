/** What the door knows of a route: never what stands in an address, which may be a private token or a name. */
export interface KnownRoute {
  /** As in app/routes.ts: `/m/:mentor/:type`; '*' where nothing is. */
  readonly pattern: string;
  /** What its module takes. OPTIONS is the door's own. */
  readonly methods: readonly string[];
}

/** The route of a path that is decoded, canonical and in lower case, without `.data`. */
export type RouteTable = (path: string) => KnownRoute;

/** A route of Remix's server build, as far as it matters here. */
interface BuiltRoute {
  readonly id: string;
  readonly parentId?: string;
  readonly path?: string;
  readonly index?: boolean;
  readonly module: {
    readonly loader?: unknown;
    readonly action?: unknown;
    readonly default?: unknown;
    readonly handle?: unknown;
  };
}

/** `build.routes`. */
export type BuiltRoutes = Readonly<Record<string, BuiltRoute | undefined>>;

const NOWHERE: KnownRoute = { pattern: '*', methods: ['GET', 'HEAD'] };

/**
 * Reads the build's routes once, so that finding one costs some comparisons of text. A module takes GET when it has a
 * loader or a page, POST when it has an action; one whose action takes other methods says `handle = { methods: […] }`.
 */
export function routeTable(routes: BuiltRoutes): RouteTable {
  const all = Object.values(routes).flatMap((route) => (route ? [route] : []));
  const parents = new Set(all.map(({ parentId }) => parentId));
  const leaves = all
    .filter(({ id }) => !parents.has(id))
    .map((route) => ({ parts: partsOf(route, routes), known: { methods: methodsOf(route.module) } }))
    .map(({ parts, known }) => ({
      parts,
      known: { ...known, pattern: parts[0] === '*' ? '*' : `/${parts.join('/')}` },
    }));
  const bySize = new Map<number, typeof leaves>();
  for (const leaf of leaves) bySize.set(leaf.parts.length, [...(bySize.get(leaf.parts.length) ?? []), leaf]);
  // A fixed part says more than a parameter: `/sign-in/code` before `/sign-in/:other`, as Remix ranks them.
  for (const same of bySize.values()) same.sort((a, b) => rank(a.parts).localeCompare(rank(b.parts)));
  // What takes the rest of an address: the longest beginning first.
  const open = leaves.filter(({ parts }) => parts.at(-1) === '*').sort((a, b) => b.parts.length - a.parts.length);
  const isPart = (part: string, given: string | undefined) => part.startsWith(':') || part === given;
  return (path) => {
    const given = path.split('/').filter((part) => part !== '');
    const found =
      bySize.get(given.length)?.find(({ parts }) => parts.every((part, i) => isPart(part, given[i]))) ??
      open.find(({ parts }) => parts.slice(0, -1).every((part, i) => isPart(part, given[i])));
    return found?.known ?? NOWHERE;
  };
}

function partsOf(route: BuiltRoute, routes: BuiltRoutes): string[] {
  const parent = route.parentId === undefined ? undefined : routes[route.parentId];
  const own = (route.path ?? '').split('/').filter((part) => part !== '');
  return parent === undefined ? own : [...partsOf(parent, routes), ...own];
}

/** Fixed parts sort before parameters, from the left. */
const rank = (parts: readonly string[]) => parts.map((part) => (part.startsWith(':') ? '1' : '0')).join('');

function methodsOf({ loader, action, default: page, handle }: BuiltRoute['module']): readonly string[] {
  if (typeof handle === 'object' && handle !== null && 'methods' in handle && Array.isArray(handle.methods)) {
    const methods: readonly string[] = handle.methods.filter((one) => typeof one === 'string');
    return methods.includes('GET') ? ['GET', 'HEAD', ...methods.filter((one) => one !== 'GET')] : methods;
  }
  return [
    ...(loader === undefined && page === undefined ? [] : ['GET', 'HEAD']),
    ...(action === undefined ? [] : ['POST']),
  ];
}
