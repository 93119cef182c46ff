import type { Random } from '../../base/random.ts';
import { surgeOf } from '../../scenario/traffic/traffic-count.ts';
import type { Mmpp } from '../../scenario/traffic/traffic.ts';
import { exponential } from '../random-streams.ts';
import { modulate, type Stretch } from '../modulate.ts';
import { arrivalsUnder, lengthUs, type RateCurve } from '../rate-curve.ts';
import { refuseHuge } from '../refuse-huge.ts';
import type { RandomStreams } from '../random-streams.ts';
import { poissonMoments } from './poisson.ts';

/**
 * Bursty arrivals: microseconds from the curve's start, ascending, all before its end. A Poisson process whose curve is
 * raised and lowered by a two-state Markov chain, so that its long-run mean is the curve. The states have their own
 * random stream.
 */
export function mmppMoments(curve: RateCurve, process: Mmpp, streams: RandomStreams): number[] {
  const modulated = modulate(curve, statesOf(process, lengthUs(curve), streams('states')));
  // A phase that starts in a rare high state can have many times its mean.
  refuseHuge(arrivalsUnder(modulated));
  return poissonMoments(modulated, streams);
}

/**
 * The states one after the other. The first is drawn by the share of time that each state has in the long run. What is
 * left of an exponential time is exponential too, so this is a stationary start.
 */
function statesOf(process: Mmpp, durationUs: number, random: Random): Stretch[] {
  const { low, highForMs, lowForMs } = process;
  const high = surgeOf(process);
  const states: Stretch[] = [];
  let isHigh = random() < highForMs / (highForMs + lowForMs);
  for (let untilUs = 0; untilUs < durationUs; isHigh = !isHigh) {
    untilUs += exponential(random) * (isHigh ? highForMs : lowForMs) * 1000;
    states.push({ untilUs, factor: isHigh ? high : high * low });
  }
  return states;
}
