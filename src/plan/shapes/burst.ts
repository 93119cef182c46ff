import { formatMs } from '../../base/units.ts';
import { flat } from '../rate-curve.ts';
import type { Pattern, ShapeOf } from './pattern.ts';
import { onTopOf, requestWords } from './rate-words.ts';

/**
 * An exact number of requests from the phase's start on: evenly spaced, or each at a uniformly drawn moment, which is a
 * Poisson process given its count.
 */
export function burst({ ratePerSec, requests, withinMs }: ShapeOf<'burst'>, durationUs: number): Pattern {
  const lastUs = durationUs - 1;
  return {
    words: `${requestWords(requests)} within ${formatMs(withinMs)}${onTopOf(ratePerSec)}`,
    curve: flat(ratePerSec, durationUs),
    extraArrivals: ({ kind }, streams) => {
      const random = streams('burst');
      const shareOf = kind === 'uniform' ? (index: number) => (index + 0.5) / requests : () => random();
      const moments = Float64Array.from({ length: requests }, (_, index) =>
        Math.min(Math.floor(shareOf(index) * withinMs * 1000), lastUs),
      );
      return Array.from(moments.sort());
    },
  };
}
