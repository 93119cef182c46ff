/** The mean of some numbers. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * The statistic of Kolmogorov and Smirnov times sqrt(n): how far a sample strays from a distribution. Above 1.63
 * once in a hundred where the sample is of it.
 */
export function strayOf(sample: readonly number[], cumulative: (value: number) => number): number {
  const sorted = [...sample].sort((one, other) => one - other);
  const n = sorted.length;
  const distances = sorted.map((value, index) => {
    const expected = cumulative(value);
    return Math.max(Math.abs(expected - index / n), Math.abs((index + 1) / n - expected));
  });
  return Math.max(...distances) * Math.sqrt(n);
}

/** Pearson's correlation; of independent pairs it strays by about 1 / sqrt(n) from 0. */
export function correlationOf(ones: readonly number[], others: readonly number[]): number {
  const [one, other] = [meanOf(ones), meanOf(others)];
  const products = ones.map((value, index) => (value - one) * ((others[index] ?? NaN) - other));
  const spread = (values: readonly number[], mean: number): number =>
    Math.sqrt(meanOf(values.map((value) => (value - mean) * (value - mean))));
  return meanOf(products) / (spread(ones, one) * spread(others, other));
}

/** P(X <= x) of an exponential of a mean. */
export function exponentialCdf(mean: number): (value: number) => number {
  return (value) => -Math.expm1(-value / mean);
}

/** P(Z <= z) of a normal of mean 0 and deviation 1: Abramowitz and Stegun 26.2.17, good to 1e-7. */
export function normalCdf(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const poly = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429].reduceRight(
    (sum, coefficient) => t * (coefficient + sum),
    0,
  );
  const upper = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly;
  return z < 0 ? upper : 1 - upper;
}
