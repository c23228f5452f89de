/** Any of them says that a proxy stands between: the connection comes from this machine, the caller does not. */
const SIGNS_OF_A_PROXY = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-proto', 'x-real-ip'];

/**
 * Whether the caller sits at this very machine: by the address that the connection comes from, by no proxy having
 * passed it on, and by the host that was asked for, which is another one where a page of somebody else's has its name
 * point here.
 */
export function isFromThisMachine(request: Request, clientAddress: string): boolean {
  if (SIGNS_OF_A_PROXY.some((name) => request.headers.has(name))) return false;
  const host = request.headers.get('host') ?? '';
  if (!isLoopbackAddress(clientAddress) || !URL.canParse(`http://${host}/`)) return false;
  const { hostname } = new URL(`http://${host}/`);
  return hostname === 'localhost' || isLoopbackAddress(hostname.replace(/^\[(.*)\]$/, '$1'));
}

const isLoopbackAddress = (address: string): boolean => address === '::1' || /^127(?:\.\d{1,3}){3}$/.test(address);
