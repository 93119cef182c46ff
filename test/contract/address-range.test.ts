import { expect, test } from 'vitest';
import { parseAddressRange } from '../../src/contract/address-range.ts';

test.each([
  ['10.8.0.9', ['10.8.0.9'], ['10.8.0.8', '10.8.0.10']],
  ['10.8.0.0/28', ['10.8.0.0', '10.8.0.15'], ['10.8.0.16', '10.7.255.255']],
  ['0.0.0.0/0', ['1.2.3.4'], ['::1']],
  ['10.8.0.9/32', ['10.8.0.9'], ['10.8.0.8']],
  ['fd00::/8', ['fd12:3456::1'], ['fe80::1', '10.8.0.9']],
  ['::1', ['::1'], ['::2']],
  ['::1/128', ['::1'], ['::2']],
])('%s holds the addresses in it and no others', (text, inside, outside) => {
  const range = parseAddressRange(text);
  for (const address of inside) expect(range?.has(address)).toBe(true);
  for (const address of [...outside, '', 'localhost']) expect(range?.has(address)).toBe(false);
});

test.each([
  '',
  'localhost',
  '10.8.0',
  '10.8.0.0/33',
  '10.8.0.0/',
  '10.8.0.0/x8',
  '10.8.0.0/8x',
  '10.8.0.0/-1',
  '10.8.0.0/1/2',
  '::/129',
])('%j is no address and no range', (text) => {
  expect(parseAddressRange(text)).toBeNull();
});
