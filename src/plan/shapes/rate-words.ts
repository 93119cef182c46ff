import { trim } from '../../base/units.ts';

/** `200/s`; very low rates keep more decimals. */
export function perSec(rate: number): string {
  return `${trim(rate, rate < 0.1 ? 4 : 2)}/s`;
}

/** ` on top of 20/s`; empty for a rate of 0. */
export function onTopOf(rate: number): string {
  return rate === 0 ? '' : ` on top of ${perSec(rate)}`;
}

/** `1 request`, `300 requests`. */
export function requestWords(count: number): string {
  return `${count} ${count === 1 ? 'request' : 'requests'}`;
}
