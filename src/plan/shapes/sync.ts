import { formatMs } from '../../base/units.ts';
import { timesOf } from '../../scenario/traffic/traffic-count.ts';
import { flat } from '../rate-curve.ts';
import type { Pattern, ShapeOf } from './pattern.ts';
import { onTopOf, requestWords } from './rate-words.ts';

/** Many requests at one instant, as from cron jobs, or from caches that expire together. */
export function sync(shape: ShapeOf<'sync'>, durationUs: number): Pattern {
  const { ratePerSec, requests, everyMs } = shape;
  const repeated = everyMs === null ? '' : ` every ${formatMs(everyMs)}`;
  return {
    words: `${requestWords(requests)} at once${repeated}${onTopOf(ratePerSec)}`,
    curve: flat(ratePerSec, durationUs),
    extraArrivals: () =>
      Array.from({ length: requests * timesOf(shape, durationUs / 1000) }, (_, index) =>
        Math.min(Math.floor(Math.floor(index / requests) * (everyMs ?? 0) * 1000), durationUs - 1),
      ),
  };
}
