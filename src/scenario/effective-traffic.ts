import { trim } from '../base/units.ts';
import { durationOf } from './effective-target.ts';
import type { Phase, Traffic } from './traffic.ts';

/** `traffic:` in the language of the file, every default written out. */
export function effectiveTraffic(traffic: Traffic): object {
  return {
    arrivals: traffic.arrivals,
    max_in_flight: traffic.maxInFlight,
    phases: traffic.phases.map(phaseOf),
  };
}

function phaseOf(phase: Phase): object {
  return {
    name: phase.name,
    duration: durationOf(phase.durationMs),
    rate: rateOf(phase.ratePerSec),
    ...(phase.rampToPerSec === undefined ? {} : { ramp_to: rateOf(phase.rampToPerSec) }),
    stress: phase.stress,
  };
}

function rateOf(perSec: number): string {
  return `${trim(perSec, 6)}/s`;
}
