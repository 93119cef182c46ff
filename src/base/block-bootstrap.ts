import { makeRandom } from './random.ts';

/** A mean with its interval. */
export interface MeanInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

const resamples = 2000;

/**
 * The mean of a series in time order, with its 95 % interval by the moving block bootstrap: neighbouring values depend
 * on each other, so blocks of them are drawn instead of single values, which keeps the dependence. In a short series the
 * block is shortened to a third of it. The same seed and stream give the same interval. All 0 for an empty series.
 */
export function meanByBlocks(
  series: readonly number[],
  block: number,
  { seed, stream }: { readonly seed: number; readonly stream: string },
): MeanInterval {
  const { length } = series;
  if (length === 0) return { mean: 0, low: 0, high: 0 };
  const random = makeRandom(seed, stream);
  const size = Math.max(1, Math.min(block, Math.floor(length / 3)));
  const means = Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let drawn = 0; drawn < length;) {
      const start = Math.floor(random() * (length - size + 1));
      for (let at = start; at < start + size && drawn < length; at += 1, drawn += 1) sum += series[at] ?? 0;
    }
    return sum / length;
  }).sort((a, b) => a - b);
  const at = (share: number): number => means[Math.round(share * (resamples - 1))] ?? 0;
  const mean = series.reduce((sum, one) => sum + one, 0) / length;
  return { mean, low: at(0.025), high: at(0.975) };
}
