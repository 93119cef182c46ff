import type { Scenario } from '../scenario/scenario.ts';
import type { Arrivals, PlannedPhase } from './run-plan.ts';
import { planPhases } from './planned-phases.ts';
import { hashSchedule } from './schedule-hash.ts';
import { makeSchedule } from './schedule.ts';

/** Everything needed to send a load: the phases of a run, or what is sent before or after them. */
export interface LoadPlan {
  readonly scenario: Scenario;
  readonly phases: readonly PlannedPhase[];
  readonly arrivals: Arrivals;
  /** Hex SHA-256 over every arrival's intended time, route and phase. */
  readonly scheduleHash: string;
}

/** Plans the load of a scenario with absolute rates. */
export function planLoad(scenario: Scenario): LoadPlan {
  const arrivals = makeSchedule(scenario);
  const phases = planPhases(scenario, arrivals);
  return { scenario, phases, arrivals, scheduleHash: hashSchedule(arrivals, scenario.requests, phases) };
}
