import { BlockList, isIP } from 'node:net';

/** Addresses that belong together. */
export interface AddressRange {
  has(address: string): boolean;
}

/** Reads an address, or a range of them such as `10.8.0.0/28`; null when it is neither. */
export function parseAddressRange(text: string): AddressRange | null {
  const [address = '', length, ...rest] = text.split('/');
  const family = familyOf(address);
  if (family === null || rest.length > 0) return null;
  const bits = family === 'ipv4' ? 32 : 128;
  const prefix = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : Infinity;
  if (prefix > bits) return null;
  const range = new BlockList();
  range.addSubnet(address, prefix, family);
  return {
    has: (one) => {
      const its = familyOf(one);
      return its !== null && range.check(one, its);
    },
  };
}

function familyOf(address: string): 'ipv4' | 'ipv6' | null {
  const version = isIP(address);
  return version === 0 ? null : version === 4 ? 'ipv4' : 'ipv6';
}
