/**
 * P(Bin(n, p) <= k), summed term by term in logarithms: the first term alone, (1-p)^n, would underflow for
 * large n. Takes k + 1 steps.
 */
export function binomialAtMost(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  if (k >= n) return 1;
  const logOdds = Math.log(p) - Math.log1p(-p);
  let logTerm = n * Math.log1p(-p);
  let sum = 0;
  for (let i = 0; i <= k; i += 1) {
    sum += Math.exp(logTerm);
    logTerm += Math.log((n - i) / (i + 1)) + logOdds;
  }
  return Math.min(1, sum);
}

/** P(Bin(n, p) >= k). */
export function binomialAtLeast(k: number, n: number, p: number): number {
  return k <= 0 ? 1 : Math.max(0, 1 - binomialAtMost(k - 1, n, p));
}

/** What k exceptions in n tries say of "at most a share p are exceptions", at 95 %. */
export function shareAtMost(k: number, n: number, p: number): 'yes' | 'no' | 'unknown' {
  if (k === 0) return 'yes';
  if (binomialAtLeast(k, n, p) < 0.05) return 'no';
  return binomialAtMost(k, n, p) <= 0.05 ? 'yes' : 'unknown';
}
