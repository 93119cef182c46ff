import type { Random } from '../base/random.ts';

/** An exponential draw of mean 1. The uniform draw is below 1, so the logarithm is finite. */
export function exponential(random: Random): number {
  return -Math.log(1 - random());
}
