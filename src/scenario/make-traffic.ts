import type { TrafficInFile } from './traffic-file.ts';
import type { Phase, Traffic } from './traffic.ts';

/** Fills the defaults of `traffic:`. */
export function makeTraffic(given: TrafficInFile): Traffic {
  const [first, ...phases] = given.phases.map(makePhase);
  if (first === undefined) throw new TypeError('a checked scenario has phases');
  return {
    arrivals: given.arrivals ?? 'poisson',
    maxInFlight: given.max_in_flight ?? 2000,
    phases: [first, ...phases],
  };
}

function makePhase(given: TrafficInFile['phases'][number]): Phase {
  return {
    name: given.name,
    durationMs: given.duration,
    ratePerSec: given.rate,
    ...(given.ramp_to === undefined ? {} : { rampToPerSec: given.ramp_to }),
    stress: given.stress ?? false,
  };
}
