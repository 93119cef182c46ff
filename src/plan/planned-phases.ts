import type { Scenario } from '../scenario/scenario.ts';
import { expectedArrivals, surgeOf } from '../scenario/traffic/traffic-count.ts';
import type { Phase } from '../scenario/traffic/traffic.ts';
import { dispersionOf, longRunDispersionOf } from './arrival-counts.ts';
import { mostWithin } from './arrival-counts.ts';
import { arrivalsUnder, peakOf } from './rate-curve.ts';
import type { Arrivals, PlannedPhase } from './run-plan.ts';
import { phaseStartsUs } from './schedule.ts';
import type { Pattern } from './shapes/pattern.ts';
import { patternOf } from './shapes/pattern-of.ts';

/** The phases on the load's timeline, with their share of the schedule. */
export function planPhases({ traffic, requests }: Scenario, arrivals: Arrivals): PlannedPhase[] {
  const starts = phaseStartsUs(traffic.phases);
  let next = 0;
  return traffic.phases.map((phase, index) => {
    const first = next;
    while (next < arrivals.count && arrivals.phase[next] === index) next += 1;
    const [startUs = 0, endUs = 0] = starts.slice(index, index + 2);
    const intendedUs = arrivals.intendedUs.subarray(first, next).map((us) => us - startUs);
    const pattern = patternOf(phase);
    return {
      name: phase.name,
      startUs,
      endUs,
      ...ratesOf(phase, pattern, intendedUs),
      shape: pattern.words,
      process: hasProcess(phase, pattern) ? phase.arrivals.kind : null,
      closed: closedOf(phase),
      dispersion: dispersionOf(intendedUs, endUs - startUs),
      longRunDispersion: longRunDispersionOf(phase),
      stress: phase.stress,
      arrivals: next - first,
      arrivalsPerRoute: countRoutes(arrivals.route.subarray(first, next), requests.length),
    };
  });
}

/** The highest planned rate of a phase, arrivals per second; 0 where it is closed. */
export function peakRate(phase: Pick<PlannedPhase, 'peakPerSec'>): number {
  return phase.peakPerSec;
}

/** Whether a phase has one planned rate from its start to its end, so that its peak is its mean. */
export function isSteady(phase: Pick<PlannedPhase, 'peakPerSec' | 'ratePerSec'>): boolean {
  return phase.peakPerSec === phase.ratePerSec;
}

/**
 * The id of a prediction at a phase's peak. A measurement of the whole phase can be compared with it only where the rate
 * is the same throughout; elsewhere it gets an id that nothing is measured for.
 */
export function atPeak(id: string, phase: Pick<PlannedPhase, 'peakPerSec' | 'ratePerSec'>): string {
  return isSteady(phase) ? id : `${id}_at_peak`;
}

function ratesOf(
  phase: Phase,
  { curve, extraArrivals }: Pattern,
  intendedUs: Float64Array,
): Pick<PlannedPhase, 'ratePerSec' | 'rampToPerSec' | 'peakPerSec'> {
  const { shape, durationMs, arrivals } = phase;
  const peakPerSec =
    extraArrivals === undefined ? peakOf(curve) * surgeOf(arrivals) : mostWithin(intendedUs, 1e6);
  if (shape.kind === 'ramp')
    return { ratePerSec: shape.ratePerSec, rampToPerSec: shape.toPerSec, peakPerSec };
  const mean = shape.kind === 'constant' ? shape.ratePerSec : expectedArrivals(phase) / (durationMs / 1000);
  return { ratePerSec: mean, rampToPerSec: mean, peakPerSec };
}

/** A burst is drawn by its process even where nothing follows a rate. */
function hasProcess({ shape }: Phase, { curve }: Pattern): boolean {
  return shape.kind === 'burst' || arrivalsUnder(curve) > 0;
}

function closedOf({ shape }: Phase): PlannedPhase['closed'] {
  return shape.kind === 'closed' ? { clients: shape.clients, thinkMs: shape.think.meanMs } : null;
}

function countRoutes(routes: Uint16Array, count: number): readonly number[] {
  const counts = Array.from({ length: count }, () => 0);
  for (const route of routes) counts[route] = (counts[route] ?? 0) + 1;
  return counts;
}
