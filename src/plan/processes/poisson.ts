import { exponential } from '../random-streams.ts';
import { arrivalsUnder, momentsUnder, type RateCurve } from '../rate-curve.ts';
import type { RandomStreams } from '../random-streams.ts';

/**
 * Arrivals of independent callers: microseconds from the curve's start, ascending, all before its end.
 *
 * Exact for a changing rate, by inversion: the gaps of a Poisson process of rate 1 are exponential, and the inverse of
 * the rate's integral maps its arrivals to the curve. One draw per arrival, so that the schedule depends on nothing but
 * the seed and the curve.
 */
export function poissonMoments(curve: RateCurve, streams: RandomStreams): number[] {
  const random = streams('arrivals');
  const expected = arrivalsUnder(curve);
  const momentOf = momentsUnder(curve);
  const moments: number[] = [];
  for (let due = exponential(random); due < expected; due += exponential(random)) moments.push(momentOf(due));
  return moments;
}
