import { trim } from '../../base/units.ts';

/** `200/s`; a rate that two decimals would make nothing of keeps more. */
export function perSec(rate: number): string {
  return `${trim(rate, rate < 0.1 ? 4 : 2)}/s`;
}

/** The rate that something comes on top of; nothing where there is none. */
export function onTopOf(rate: number): string {
  return rate === 0 ? '' : ` on top of ${perSec(rate)}`;
}

/** `1 request`, `300 requests`. */
export function requestWords(count: number): string {
  return `${count} ${count === 1 ? 'request' : 'requests'}`;
}
