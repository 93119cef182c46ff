import type { Scenario } from '../scenario/scenario.ts';
import type { Arrivals, PlannedPhase } from './run-plan.ts';
import { phaseStartsUs } from './schedule.ts';

/** The phases on the load's timeline, with the arrivals that the schedule gives each of them. */
export function planPhases(scenario: Scenario, arrivals: Arrivals): PlannedPhase[] {
  const starts = phaseStartsUs(scenario.traffic.phases);
  const perRoute = scenario.traffic.phases.map(() => scenario.requests.map(() => 0));
  for (let index = 0; index < arrivals.count; index += 1) {
    const counts = perRoute[arrivals.phase[index] ?? 0];
    const route = arrivals.route[index] ?? 0;
    if (counts !== undefined) counts[route] = (counts[route] ?? 0) + 1;
  }
  return scenario.traffic.phases.map((phase, index) => {
    const arrivalsPerRoute = perRoute[index] ?? [];
    return {
      name: phase.name,
      startUs: starts[index] ?? 0,
      endUs: starts[index + 1] ?? 0,
      ratePerSec: phase.ratePerSec,
      rampToPerSec: phase.rampToPerSec ?? phase.ratePerSec,
      stress: phase.stress,
      arrivals: arrivalsPerRoute.reduce((sum, count) => sum + count, 0),
      arrivalsPerRoute,
    };
  });
}

/** The highest rate of a phase, arrivals per second. */
export function peakRate(phase: Pick<PlannedPhase, 'ratePerSec' | 'rampToPerSec'>): number {
  return Math.max(phase.ratePerSec, phase.rampToPerSec);
}
