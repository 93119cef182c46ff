/**
 * The chance that n draws from the uniform distribution on 0..1 lie at least as far from it as these: the
 * Kolmogorov-Smirnov test. D is the largest distance between the share of values up to x and x itself;
 *
 *     P(D >= d) ~ 2 * sum over k >= 1 of (-1)^(k-1) exp(-2 k^2 l^2),   l = (sqrt n + 0.12 + 0.11 / sqrt n) d
 *
 * with Stephens' correction for small n. 1 for no values.
 */
export function uniformP(values: readonly number[]): number {
  const n = values.length;
  if (n === 0) return 1;
  const sorted = Float64Array.from(values).sort();
  let distance = 0;
  sorted.forEach((value, index) => {
    distance = Math.max(distance, value - index / n, (index + 1) / n - value);
  });
  const root = Math.sqrt(n);
  const l = (root + 0.12 + 0.11 / root) * distance;
  // The series is alternating and hardly falls for a small l, where the chance is 1 to many digits.
  if (l < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k += 1) sum += (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * l * l);
  return Math.min(1, Math.max(0, 2 * sum));
}
