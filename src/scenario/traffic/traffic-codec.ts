import { z } from 'zod';
import { makePhase, phaseShape, writePhase } from './phase-codec.ts';
import { arrivalsShape, makeProcess, mmppShape, writeProcess } from './process-codec.ts';
import type { ReadReplay, Traffic } from './traffic.ts';

/** `traffic:` as it stands in the file. */
export const trafficShape = z.strictObject({
  arrivals: arrivalsShape
    .optional()
    .describe('How arrivals follow their rate. Default: poisson.')
    .meta({ examples: ['poisson'] }),
  mmpp: mmppShape
    .optional()
    .describe('The two states of arrivals: mmpp. Over both, the mean is the rate.')
    .meta({ examples: [{ low: 0.1, high_for: '200ms', low_for: '1.8s' }] }),
  max_in_flight: z
    .int()
    .min(1, 'must be at least 1')
    .max(100_000, 'must be at most 100000')
    .optional()
    .describe('Arrivals beyond it are counted as dropped, never queued. Default: 2000.')
    .meta({ examples: [2000] }),
  phases: z
    .array(phaseShape)
    .min(1, 'at least one phase is needed')
    .describe('What is sent, phase by phase.')
    .meta({ examples: [[{ name: 'baseline', duration: '60s', rate: '20/s' }]] }),
});

export type TrafficInFile = z.output<typeof trafficShape>;

/** Fills the defaults of `traffic:`; recorded lists come by the index of their phase. */
export function makeTraffic(given: TrafficInFile, replays: ReadonlyMap<number, ReadReplay>): Traffic {
  const [first, ...phases] = given.phases.map((phase, index) => makePhase(phase, given, replays.get(index)));
  if (first === undefined) throw new TypeError('a checked scenario has phases');
  return {
    arrivals: makeProcess(given),
    maxInFlight: inFlightOf(given),
    phases: [first, ...phases],
  };
}

/** How many requests may be in flight. */
export function inFlightOf(given: Pick<TrafficInFile, 'max_in_flight'>): number {
  return given.max_in_flight ?? 2000;
}

/** The inverse of `makeTraffic`: every default written out. */
export function writeTraffic(traffic: Traffic): TrafficInFile {
  return {
    ...writeProcess(traffic.arrivals),
    max_in_flight: traffic.maxInFlight,
    phases: traffic.phases.map((phase) => writePhase(phase, traffic.arrivals)),
  };
}
