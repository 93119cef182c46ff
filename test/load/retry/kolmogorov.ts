/** The p-value of the Kolmogorov-Smirnov test that values in [0, 1] are uniform. */
export function uniformPValue(values: readonly number[]): number {
  const n = values.length;
  const sorted = [...values].sort((a, b) => a - b);
  const distance = sorted.reduce(
    (most, value, index) => Math.max(most, value - index / n, (index + 1) / n - value),
    0,
  );
  // Stephens' correction makes the limit law good for any n from 5 on.
  const scaled = (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n)) * distance;
  let tail = 0;
  for (let k = 1; k <= 100; k += 1) tail += 2 * (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k ** 2 * scaled ** 2);
  return Math.min(1, Math.max(0, tail));
}
