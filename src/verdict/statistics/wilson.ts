/** The two-sided 99 % point of the normal distribution. */
const z99 = 2.5758293035489;

/**
 * The Wilson score interval of a share, at 99 %: the set of true shares p whose normal test does not reject
 * the observed one. With f = good / n:
 *
 *     (f + z²/2n ± z·sqrt(f(1-f)/n + z²/4n²)) / (1 + z²/n)
 *
 * Unlike f ± z·sqrt(f(1-f)/n) it stays in 0..1 and is not empty at f = 0 or f = 1.
 */
export function wilson(good: number, n: number, z = z99): { readonly low: number; readonly high: number } {
  if (n <= 0) return { low: 0, high: 1 };
  const share = good / n;
  const centre = share + (z * z) / (2 * n);
  const spread = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  const scale = 1 + (z * z) / n;
  return { low: Math.max(0, (centre - spread) / scale), high: Math.min(1, (centre + spread) / scale) };
}
