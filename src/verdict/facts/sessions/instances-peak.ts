import type { Facts } from '../run-facts.ts';

/** The most instances that were alive at once; 0 when nobody told. */
export function instancesPeak({ alive }: Facts): number {
  return (alive ?? []).reduce((peak, { count }) => Math.max(peak, count), 0);
}
