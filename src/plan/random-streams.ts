import { makeRandom, type Random } from '../base/random.ts';

/** A random stream for each purpose. */
export type RandomStreams = (purpose: 'arrivals' | 'states' | 'burst' | 'routes') => Random;

/** The streams of a phase are named after it, so that changing one phase leaves the others as they were. */
export function randomStreamsOf(seed: number, phase: string): RandomStreams {
  return (purpose) => makeRandom(seed, `${purpose}/${phase}`);
}

/** An exponential draw of mean 1. The uniform draw is below 1, so the logarithm is finite. */
export function exponential(random: Random): number {
  return -Math.log(1 - random());
}
