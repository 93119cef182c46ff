import { varianceOfS } from './mann-kendall.ts';
import { z95 } from './normal.ts';

/** A slope with its 95 % interval, in units of y for one of x. */
export interface Slope {
  readonly slope: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The Theil-Sen slope: the median of the slopes of all pairs, which a few outliers do not move. Its interval, by Sen
 * (1968): of N sorted slopes those of rank (N - C) / 2 and (N + C) / 2, with C = z * sqrt(Var S), S Kendall's sum of
 * signs. Points must be in order of x, and apart. Null for fewer than three points.
 */
export function theilSen(points: readonly { readonly x: number; readonly y: number }[]): Slope | null {
  if (points.length < 3) return null;
  const slopes: number[] = [];
  points.forEach((a, index) => {
    for (const b of points.slice(index + 1)) slopes.push((b.y - a.y) / (b.x - a.x));
  });
  slopes.sort((a, b) => a - b);
  const n = slopes.length;
  const c =
    z95 *
    Math.sqrt(
      Math.max(
        0,
        varianceOfS(
          points.length,
          points.map(({ y }) => y),
        ),
      ),
    );
  const at = (rank: number): number => slopes[Math.min(n - 1, Math.max(0, rank))] ?? 0;
  const middle = (at(Math.floor((n - 1) / 2)) + at(Math.ceil((n - 1) / 2))) / 2;
  return { slope: middle, low: at(Math.floor((n - c) / 2) - 1), high: at(Math.ceil((n + c) / 2)) };
}
