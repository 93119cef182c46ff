import { makeRandom, type Random } from '../base/random.ts';

/** A stream of chance of its own for each purpose. */
export type Streams = (purpose: 'arrivals' | 'states' | 'burst' | 'routes') => Random;

/** The streams of a phase are named after it, so that changing one phase leaves the others as they were. */
export function streamsOf(seed: number, phase: string): Streams {
  return (purpose) => makeRandom(seed, `${purpose}/${phase}`);
}
