import { makeRandom, type Random } from '../../base/random.ts';

/** A ratio of two sums, window by window in time order. */
export interface RatioSeries {
  readonly above: readonly number[];
  readonly below: readonly number[];
}

/** A value with its 95 % interval. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const resamples = 1000;
/** Windows that are drawn together: neighbours depend on each other. */
const block = 5;

/**
 * (sum a / sum b) of one series over (sum a / sum b) of another, with its 95 % interval by moving blocks: whole
 * stretches of each series are drawn anew, independently, and the 2.5 % and 97.5 % points of the ratios are the
 * interval. The same seed gives the same interval. Null where a sum that divides is zero.
 */
export function ratioOfRatios(series: RatioSeries, base: RatioSeries, seed: number): Interval | null {
  const value = ratioOf(series) / ratioOf(base);
  if (!Number.isFinite(value)) return null;
  const random = makeRandom(seed, 'ratio-interval');
  const drawn = Array.from(
    { length: resamples },
    () => ratioOf(redraw(series, random)) / ratioOf(redraw(base, random)),
  );
  const sorted = drawn.filter((one) => Number.isFinite(one)).sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? value;
  return { value, low: at(0.025), high: at(0.975) };
}

function ratioOf({ above, below }: RatioSeries): number {
  return sum(above) / sum(below);
}

function redraw({ above, below }: RatioSeries, random: Random): RatioSeries {
  const length = above.length;
  const size = Math.max(1, Math.min(block, Math.floor(length / 3)));
  const picked: number[] = [];
  while (picked.length < length) {
    const start = Math.floor(random() * (length - size + 1));
    for (let offset = 0; offset < size && picked.length < length; offset += 1) picked.push(start + offset);
  }
  return { above: picked.map((at) => above[at] ?? 0), below: picked.map((at) => below[at] ?? 0) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
