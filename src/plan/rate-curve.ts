/** A rate that changes linearly from one value to another over a phase; equal values mean a constant rate. */
export interface RateCurve {
  readonly fromPerSec: number;
  readonly toPerSec: number;
  readonly durationUs: number;
}

/** The arrivals that the whole curve stands for: the integral of the rate, duration x (from + to) / 2. */
export function expectedArrivals(curve: RateCurve): number {
  return ((curve.fromPerSec + curve.toPerSec) / 2) * (curve.durationUs / 1e6);
}

/**
 * The moment, in microseconds from the curve's start, by which `arrivals` have been due: the inverse of the
 * integral of the rate. With slope s = (to - from) / T the integral is L(t) = from t + s t^2 / 2, and
 *
 *     t = 2 L / (from + sqrt(from^2 + 2 s L))
 *
 * the form of the quadratic's root that neither divides by the slope nor cancels when it is small.
 */
export function momentOf(curve: RateCurve, arrivals: number): number {
  if (arrivals <= 0) return 0;
  const slope = (curve.toPerSec - curve.fromPerSec) / (curve.durationUs / 1e6);
  const root = Math.sqrt(Math.max(0, curve.fromPerSec ** 2 + 2 * slope * arrivals));
  return ((2 * arrivals) / (curve.fromPerSec + root)) * 1e6;
}
