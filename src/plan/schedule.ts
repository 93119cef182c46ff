import type { Scenario } from '../scenario/scenario.ts';
import { expectedArrivals } from '../scenario/traffic/traffic-count.ts';
import type { Phase } from '../scenario/traffic/traffic.ts';
import { drawPhase } from './phase-draw.ts';
import { refuseHuge } from './refuse-huge.ts';
import type { Arrivals } from './run-plan.ts';

/** What a schedule depends on: neither payloads nor client settings. */
export type ScheduleInput = Pick<Scenario, 'seed' | 'requests'> & {
  readonly traffic: Pick<Scenario['traffic'], 'phases'>;
};

/**
 * Every arrival's intended time, route and phase. Each phase has random streams of its own, named after it, so that
 * changing one phase leaves the gaps and routes of the others as they were.
 */
export function makeSchedule(input: ScheduleInput): Arrivals {
  const starts = phaseStartsUs(input.traffic.phases);
  refuseHuge(input.traffic.phases.reduce((sum, phase) => sum + expectedArrivals(phase), 0));
  const drawn = input.traffic.phases.map((phase) => drawPhase(phase, input.seed, input.requests));
  const count = drawn.reduce((sum, { moments }) => sum + moments.length, 0);
  const arrivals = {
    count,
    intendedUs: new Float64Array(count),
    route: new Uint16Array(count),
    phase: new Uint16Array(count),
  };
  let next = 0;
  for (const [phase, { moments, routes }] of drawn.entries()) {
    const startUs = starts[phase] ?? 0;
    for (const [index, moment] of moments.entries()) arrivals.intendedUs[next + index] = startUs + moment;
    arrivals.route.set(routes, next);
    arrivals.phase.fill(phase, next, next + moments.length);
    next += moments.length;
  }
  return arrivals;
}

/** The start of every phase and, last, the end of them all: whole microseconds since load start. */
export function phaseStartsUs(phases: readonly Pick<Phase, 'durationMs'>[]): number[] {
  const starts = [0];
  let passedMs = 0;
  for (const { durationMs } of phases) starts.push(Math.round((passedMs += durationMs) * 1000));
  return starts;
}
