import { isIP } from 'node:net';

/**
 * The caller's address behind `trustedProxies` proxies of our own. Each of them adds, on the right, the address that
 * it was called from; everything further left is what the caller claims, and is not believed.
 */
export function clientAddress(forwardedFor: string | null, peer: string, trustedProxies: number): string {
  const claimed = (forwardedFor ?? '')
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '');
  const hops = [...claimed, peer];
  for (let at = Math.max(0, hops.length - 1 - trustedProxies); at < hops.length; at += 1) {
    const address = plainAddress(hops[at] ?? '');
    if (isIP(address) !== 0) return address;
  }
  return plainAddress(peer);
}

/** Without a port, brackets, or the prefix of IPv4 within IPv6. */
function plainAddress(text: string): string {
  const address = /^\[(.+)\](?::\d+)?$/.exec(text)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text)?.[1] ?? text;
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
