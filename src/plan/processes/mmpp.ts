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
 * Arrivals of callers who come in bursts: microseconds from the curve's start, ascending, all before its end.
 * Poisson under a curve that a two-state Markov chain raises and lowers, with a stream of its own for the states, so
 * that the long-run mean is the curve.
 */
export function mmppMoments(curve: RateCurve, process: Mmpp, streams: RandomStreams): number[] {
  const modulated = modulate(curve, statesOf(process, lengthUs(curve), streams('states')));
  // A phase that begins in a rare high state can come to many times its mean.
  refuseHuge(arrivalsUnder(modulated));
  return poissonMoments(modulated, streams);
}

/**
 * The states one after the other. The first is drawn with the share of time that each has in the long run, and since
 * what is left of an exponential length is exponential too, the phase begins in the middle of things.
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
