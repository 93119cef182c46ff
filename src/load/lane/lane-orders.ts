import type { ServiceContract } from '../../contract/contract.ts';
import type { LoadPlan } from '../../plan/load-plan.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { ClosedPhase } from './closed-clients.ts';
import { connectionsAhead, type Sharing } from './lanes.ts';
import type { LoadOrders } from '../load.ts';
import type { Shared } from './shared.ts';
import type { LaneOrders } from './thread-message.ts';

/** What all lanes of a load share, besides its orders. */
export interface Common {
  readonly shared: Shared;
  readonly sharing: Sharing;
  readonly peakPerSec: number;
  readonly token: string | null;
}

/** The orders of each lane. */
export function laneOrders(
  { plan, firstArrival = 0, url, warmPath, clock, loadStartUs }: LoadOrders,
  { shared, sharing, peakPerSec, token }: Common,
): readonly LaneOrders[] {
  const { scenario, phases } = plan;
  const { maxInFlight } = scenario.traffic;
  const { lanes } = sharing;
  const common = {
    firstArrival,
    shared,
    sharing,
    originNs: clock.originNs,
    loadStartUs,
    url,
    warmPath: warmPath ?? null,
    connectionsAhead: connectionsAhead(peakPerSec, lanes, maxInFlight),
    maxInFlight,
    client: scenario.client,
    acquireTimeoutMs: targetService(scenario).acquireTimeoutMs,
    seed: scenario.seed,
    requests: scenario.requests,
    data: scenario.data,
    phases: phases.map(({ name }) => name),
    closed: closedPhases(plan, loadStartUs),
    token,
  };
  return Array.from({ length: lanes }, (_, lane) => ({ ...common, lane }));
}

/** The longest time from load start until the last attempt has ended, microseconds. */
export function longestUs({ arrivals, phases, scenario }: LoadPlan): number {
  const { timeoutMs, deadlineMs, retry } = scenario.client;
  const retries = retry.maxAttempts * retry.layers > 1;
  const lastUs = Math.max(
    arrivals.intendedUs.at(-1) ?? 0,
    ...phases.map((phase) => (phase.closed === null ? 0 : phase.endUs)),
  );
  return lastUs + 1000 * (retries ? Math.max(timeoutMs, deadlineMs) : timeoutMs);
}

function closedPhases({ scenario, phases }: LoadPlan, loadStartUs: number): readonly ClosedPhase[] {
  return scenario.traffic.phases.flatMap(({ shape }, index) => {
    const planned = phases[index];
    if (shape.kind !== 'closed' || planned === undefined) return [];
    const { clients, think } = shape;
    const startUs = loadStartUs + planned.startUs;
    return [{ phase: index, startUs, endUs: loadStartUs + planned.endUs, clients, think }];
  });
}

function targetService({ contract, target }: Scenario): ServiceContract {
  const [first] = contract.services;
  return contract.services.find(({ name }) => name === target.service) ?? first;
}
