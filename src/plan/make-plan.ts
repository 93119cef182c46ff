import { budgetOf } from '../contract/budget.ts';
import { checkContract } from '../contract/check-contract.ts';
import type { ServerLimits } from '../contract/contract.ts';
import type { StaticCheck } from '../contract/check-contract.ts';
import { atCapacity } from '../scenario/traffic/at-capacity.ts';
import { checkFeeds } from '../scenario/requests/check-feeds.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { capacityOf } from './capacity.ts';
import { checkInFlight } from './check-in-flight.ts';
import { planLoad } from './load-plan.ts';
import { predictDemand } from './demand/demand.ts';
import { predictRetries } from './demand/retry-demand.ts';
import type { PlannedPhase, RunPlan } from './run-plan.ts';

/**
 * Decides everything that can be decided before anything is sent. Pure: the same scenario gives the same plan, to the
 * byte; where rates are multiples of the capacity, the same scenario and capacity. Throws `InputError` when the schedule
 * would not fit into memory, or a feed would run out of rows.
 */
export function makePlan(declared: Scenario, measuredPerSec: number | null = null): RunPlan {
  const limits = declaredLimits(declared.postgres);
  const capacity = capacityOf(declared, measuredPerSec);
  const scenario =
    capacity === null ? declared : { ...declared, traffic: atCapacity(declared.traffic, capacity.perSec) };
  const { arrivals, phases, scheduleHash } = planLoad(scenario);
  checkFeeds(scenario.requests, scenario.data, arrivalsPerRoute(scenario, phases));
  return {
    scenario: declared,
    limits,
    budget: budgetOf(scenario.contract, limits),
    checks: [...checkScenario(scenario, limits), ...checkInFlight(arrivals, scenario.traffic.maxInFlight)],
    phases,
    arrivals,
    scheduleHash,
    predictions: [...predictDemand(scenario, phases, arrivals), ...predictRetries(scenario, phases)],
    ...(capacity === null ? {} : { capacity }),
  };
}

/** Checks the scenario's contract against a server's limits, declared or read from it. */
export function checkScenario(scenario: Scenario, limits: ServerLimits): readonly StaticCheck[] {
  // The emulator stands in for Cloud Run, so what Cloud Run may do to the budget is checked too.
  return checkContract(scenario.contract, limits, { rollout: deploys(scenario), cloudRun: true });
}

/** Infinite where a closed phase decides how many it sends, or where more is sent before or after the phases. */
function arrivalsPerRoute(scenario: Scenario, phases: readonly PlannedPhase[]): readonly number[] {
  const { requests, calibrate, leakProbe } = scenario;
  if (calibrate !== undefined || leakProbe !== undefined) return requests.map(() => Infinity);
  return requests.map((_, route) =>
    phases.reduce(
      (sum, phase) => sum + (phase.closed === null ? (phase.arrivalsPerRoute[route] ?? 0) : Infinity),
      0,
    ),
  );
}

/** Whether two revisions will run side by side, so that the budget must hold both. */
function deploys({ chaos }: Scenario): boolean {
  return chaos.some(({ fault }) => fault.kind === 'revision.deploy');
}

/** Assumes Postgres's defaults for reserved slots. The server's real values are read before anything is sent. */
function declaredLimits({ maxConnections }: Scenario['postgres']): ServerLimits {
  return { maxConnections, superuserReserved: 3, reservedConnections: 0 };
}
