/** The two-sided 95 % point of the normal distribution. */
export const z95 = 1.959963984540054;

/**
 * P(Z > z) of the standard normal distribution: half of erfc(z / sqrt 2), with the rational approximation 7.1.26 of
 * Abramowitz and Stegun, whose error is below 1.5e-7.
 */
export function normalAbove(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const poly =
    ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const half = (poly * Math.exp(-x * x)) / 2;
  return z >= 0 ? half : 1 - half;
}
