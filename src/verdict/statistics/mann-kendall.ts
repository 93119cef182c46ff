import { normalAbove } from './normal.ts';

/** Whether a series rises, by the signs of all its differences alone. */
export interface Trend {
  /** Pairs that rise minus pairs that fall. */
  readonly s: number;
  /** The chance of a trend at least as strong upwards where there is none; 1 for fewer than two values. */
  readonly risingP: number;
}

/**
 * The Mann-Kendall test, one-sided. S is the sum of sign(x_j - x_i) over all i < j; without a trend its mean is 0, and
 * with groups of t equal values its variance is
 *
 *     (n(n-1)(2n+5) - sum of t(t-1)(2t+5)) / 18
 *
 * S moves in steps of 2, so it is taken 1 nearer to zero before it is held against the normal distribution.
 */
export function mannKendall(values: readonly number[]): Trend {
  const n = values.length;
  let s = 0;
  for (const [index, value] of values.entries())
    for (const later of values.slice(index + 1)) s += Math.sign(later - value);
  const spread = varianceOfS(n, values);
  if (spread <= 0) return { s, risingP: 1 };
  return { s, risingP: s <= 0 ? 1 : normalAbove((s - 1) / Math.sqrt(spread)) };
}

/** The variance of S without a trend; ties take from it. */
export function varianceOfS(n: number, values: readonly number[]): number {
  const ties = new Map<number, number>();
  for (const value of values) ties.set(value, (ties.get(value) ?? 0) + 1);
  const term = (t: number): number => t * (t - 1) * (2 * t + 5);
  const tied = [...ties.values()].reduce((sum, t) => sum + term(t), 0);
  return (term(n) - tied) / 18;
}
