import { trim } from '../../base/units.ts';
import type { ServiceContract } from '../../contract/contract.ts';
import { drivenContract } from '../../scenario/target/driven.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { claimInUse } from './claim-in-use.ts';
import { predictColdStart } from './cold-start-demand.ts';
import { predictBurst } from './burst-demand.ts';
import { makeFleet, type Fleet } from './fleet.ts';
import { holdTimeOf } from './hold-time.ts';
import { atPeak, isSteady, peakRate } from '../planned-phases.ts';
import { predictPoolWait } from './pool-wait.ts';
import { busySessions } from '../queueing/elementary.ts';
import type { Arrivals, PlannedPhase, Prediction } from '../run-plan.ts';

/**
 * What queueing theory predicts for every phase, at its highest rate and with the whole fleet up; for bursts, how many
 * requests meet. Where no request declares how long it holds a session, only the hold time at which the pools would run
 * out. Nothing for closed phases: the service sets their rate.
 */
export function predictDemand(
  scenario: Scenario,
  phases: readonly PlannedPhase[],
  arrivals: Arrivals,
): Prediction[] {
  const service = drivenContract(scenario);
  const hold = holdTimeOf(scenario.requests);
  const isBurst = (phase: PlannedPhase): boolean => burstNames(scenario).includes(phase.name);
  if (hold === null)
    return phases
      .filter((phase) => peakRate(phase) > 0 && !isBurst(phase))
      .map((phase) => breakEvenHold(phase, service));
  const fleet = makeFleet(service, hold);
  const first = phases.find((phase) => phase.closed !== null || peakRate(phase) > 0);
  const moments = momentsOf(phases, arrivals);
  return [
    ...predictColdStart(scenario, service, fleet, first),
    ...phases.flatMap((phase, index) => {
      if (peakRate(phase) === 0) return [];
      if (isBurst(phase)) return predictBurst(phase, fleet, moments[index] ?? []);
      return [...predictBusy(phase, fleet), ...predictPoolWait(phase, fleet)];
    }),
  ];
}

/** Phases without a lasting rate, to which steady-state formulas do not apply. */
function burstNames({ traffic }: Scenario): readonly string[] {
  return traffic.phases
    .filter(({ shape }) => ['burst', 'sync', 'replay'].includes(shape.kind))
    .map(({ name }) => name);
}

/** The arrivals of each phase; the schedule holds them phase by phase. */
function momentsOf(phases: readonly PlannedPhase[], { intendedUs }: Arrivals): readonly Float64Array[] {
  let next = 0;
  return phases.map(({ arrivals }) => intendedUs.subarray(next, (next += arrivals)));
}

function predictBusy(phase: PlannedPhase, fleet: Fleet): Prediction[] {
  const rate = peakRate(phase);
  const demand = busySessions(rate, fleet.holdSec);
  const busy = Math.min(demand, fleet.sessions);
  const used = demand / fleet.sessions;
  const sum = `${trim(rate, 2)}/s x ${trim(fleet.holdSec * 1000, 2)} ms = ${trim(demand, 2)} sessions (Little)`;
  const predictions: Prediction[] = [
    {
      id: atPeak('busy_sessions', phase),
      phase: phase.name,
      value: busy,
      unit: 'sessions',
      statement: `${sum}, of ${fleet.sum} = ${fleet.sessions} in the pools: ${trim(busy, 2)} busy ${isSteady(phase) ? 'on average' : 'at the peak'}`,
    },
    {
      id: 'pool_utilisation',
      phase: phase.name,
      value: used,
      unit: 'ratio',
      statement: `offered utilisation of the pools: ${trim(demand, 2)} / ${fleet.sessions} = ${trim(used, 3)}`,
    },
  ];
  return used < 1 ? predictions : [...predictions, claimInUse(phase, fleet)];
}

/** N x W x P / lambda: a longer mean hold time needs more sessions than the pools have. */
function breakEvenHold(phase: PlannedPhase, service: ServiceContract): Prediction {
  const { maxInstances, workersPerInstance, poolMax } = service;
  const sessions = maxInstances * workersPerInstance * poolMax;
  const rate = peakRate(phase);
  const holdMs = (sessions / rate) * 1000;
  return {
    id: 'break_even_hold',
    phase: phase.name,
    value: holdMs,
    unit: 'ms',
    statement:
      `the pools run out when a request holds a session for more than ${sessions} sessions / ` +
      `${trim(rate, 2)}/s = ${trim(holdMs, 1)} ms on average (no request declares its hold)`,
  };
}
