import type { Random } from '../base/random.ts';
import { expectedArrivals, momentOf, type RateCurve } from './rate-curve.ts';

/**
 * Arrivals of independent callers: microseconds from the curve's start, ascending, all before its end.
 *
 * Exact for a changing rate, by inversion: gaps of a Poisson process at rate 1 are exponential, and the
 * inverse of the rate's integral carries its arrivals over to the curve. One draw an arrival, so that the
 * schedule depends on the seed and the curve and on nothing else.
 */
export function poissonMoments(curve: RateCurve, random: Random): number[] {
  const expected = expectedArrivals(curve);
  const moments: number[] = [];
  for (let due = exponential(random); due < expected; due += exponential(random)) {
    moments.push(Math.min(Math.floor(momentOf(curve, due)), curve.durationUs - 1));
  }
  return moments;
}

/** An exponential draw of mean 1. The uniform draw is below 1, so the logarithm is finite. */
function exponential(random: Random): number {
  return -Math.log(1 - random());
}
