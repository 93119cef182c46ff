import { arrivalsUnder, momentsUnder, type RateCurve } from '../rate-curve.ts';

/**
 * Evenly spaced arrivals: microseconds from the curve's start, ascending, all before its end.
 *
 * Their count is rate x duration, rounded half up. The curve is cut into that many parts of equal expected
 * arrivals and one arrival stands in the middle of each part, so that neighbouring phases keep their
 * distance and a ramp that starts at rate 0 does not start with an arrival.
 */
export function uniformMoments(curve: RateCurve): number[] {
  const expected = arrivalsUnder(curve);
  // 0.7 x 50 is 35 - 7e-15: round the sum before the count.
  const count = Math.floor(Number(expected.toPrecision(12)) + 0.5);
  const momentOf = momentsUnder(curve);
  return Array.from({ length: count }, (_, index) => momentOf(((index + 0.5) / count) * expected));
}
