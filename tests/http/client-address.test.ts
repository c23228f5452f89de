import { expect, test } from 'vitest';
import { clientAddress } from '~/client-address.node';

const PEER = '192.0.2.9';

test('without proxies of ours nothing that a caller claims is believed', () => {
  expect(clientAddress('127.0.0.1, 198.51.100.7', PEER, 0)).toBe(PEER);
});

test('each proxy of ours is one step from the right; what is left of them is a claim', () => {
  expect(clientAddress('127.0.0.1, 198.51.100.7', PEER, 1)).toBe('198.51.100.7');
  expect(clientAddress('127.0.0.1, 198.51.100.7, 10.0.0.1', PEER, 2)).toBe('198.51.100.7');
});

test('a proxy that says nothing, or says what is no address, leaves the address that is known', () => {
  expect(clientAddress(null, PEER, 1)).toBe(PEER);
  expect(clientAddress('unknown', PEER, 1)).toBe(PEER);
  expect(clientAddress('198.51.100.7', PEER, 3)).toBe('198.51.100.7');
});

test('ports, brackets and the prefix of IPv4 in IPv6 are no part of an address', () => {
  expect(clientAddress('198.51.100.7:4711', PEER, 1)).toBe('198.51.100.7');
  expect(clientAddress('[2001:db8::7]:4711', PEER, 1)).toBe('2001:db8::7');
  expect(clientAddress(null, '::ffff:192.0.2.9', 0)).toBe(PEER);
});
