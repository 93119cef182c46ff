import type { Phase } from '../scenario/traffic/traffic.ts';
import { surgeOf } from '../scenario/traffic/traffic-count.ts';
import { mmppDispersion } from './queueing/mmpp.ts';

/** Arrivals are counted in windows of a second from the phase's start; a shorter rest at its end is left out. */
const windowUs = 1e6;

/**
 * The index of dispersion of a phase's arrivals: the sample variance of their counts (over n - 1) divided by the mean.
 * Evenly spaced arrivals come to nearly 0, Poisson ones to about 1, bursty ones to more; a rate that changes within
 * the phase adds to it. Null with fewer than two windows, and without arrivals.
 *
 * `momentsUs` are microseconds from the phase's start.
 */
export function dispersionOf(momentsUs: Iterable<number>, lengthUs: number): number | null {
  const counts = new Float64Array(Math.floor(lengthUs / windowUs));
  for (const moment of momentsUs) {
    const window = Math.floor(moment / windowUs);
    if (window < counts.length) counts[window] = (counts[window] ?? 0) + 1;
  }
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  if (counts.length < 2 || mean === 0) return null;
  const squares = counts.reduce((sum, count) => sum + (count - mean) * (count - mean), 0);
  return squares / (counts.length - 1) / mean;
}

/** The index of an mmpp in windows much longer than its states; null unless the phase is an mmpp at one rate. */
export function longRunDispersionOf({ shape, arrivals }: Pick<Phase, 'shape' | 'arrivals'>): number | null {
  if (arrivals.kind !== 'mmpp' || shape.kind !== 'constant' || shape.ratePerSec === 0) return null;
  const highPerSec = shape.ratePerSec * surgeOf(arrivals);
  return mmppDispersion({
    highPerSec,
    lowPerSec: highPerSec * arrivals.low,
    leaveHighPerSec: 1000 / arrivals.highForMs,
    leaveLowPerSec: 1000 / arrivals.lowForMs,
  });
}

/** The most moments in any half-open window of this length. Moments are ascending and in the window's unit. */
export function mostWithin(moments: readonly number[] | Float64Array, window: number): number {
  let most = 0;
  let first = 0;
  for (let last = 0; last < moments.length; last += 1) {
    const end = moments[last] ?? 0;
    while (first < last && end - (moments[first] ?? 0) >= window) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
