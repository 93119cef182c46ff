/**
 * The chance that at least one of k episodes of one length is seen by samples of one period, taken at random
 * phase: each is seen with d / D, so 1 - (1 - min(1, d/D))^k. Length and period in the same unit.
 */
export function chanceSeen(length: number, period: number, episodes: number): number {
  return 1 - (1 - Math.min(1, length / period)) ** episodes;
}

/**
 * The 95 % upper limit of a share after n observations without a single hit: the largest p with
 * (1-p)^n >= 0.05, which is 1 - 0.05^(1/n).
 */
export function upperShareAfterNone(n: number): number {
  return n <= 0 ? 1 : 1 - 0.05 ** (1 / n);
}
