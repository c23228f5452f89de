/**
 * Whether the caller sits at this very machine: by the address that the connection comes from, and by the host that was
 * asked for, which is another one behind a proxy and where a page of somebody else's has its name point here.
 */
export function isFromThisMachine(request: Request, clientAddress: string): boolean {
  const host = request.headers.get('host') ?? '';
  if (!isLoopbackAddress(clientAddress) || !URL.canParse(`http://${host}/`)) return false;
  const { hostname } = new URL(`http://${host}/`);
  return hostname === 'localhost' || isLoopbackAddress(hostname.replace(/^\[(.*)\]$/, '$1'));
}

const isLoopbackAddress = (address: string): boolean => address === '::1' || /^127(?:\.\d{1,3}){3}$/.test(address);
