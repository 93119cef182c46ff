import type { Phase } from '../scenario/traffic/traffic.ts';
import { surgeOf } from '../scenario/traffic/traffic-count.ts';
import { mmppDispersion } from './queueing/mmpp.ts';

/** Counts are taken in windows of a second, from the phase's start; what is left at its end is no window. */
const windowUs = 1e6;

/**
 * The index of dispersion that a phase's arrivals came to: variance over mean of their counts, (n - 1) under the
 * variance. Evenly spaced ones have nearly 0, Poisson ones about 1, bursty ones more, and a rate that changes within
 * the phase adds its own. Null under two windows, and where nothing arrives in any.
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

/** What the index comes to in windows that are long against the states of an mmpp; null for all but one steady rate. */
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
