import { claimOf } from '../../../contract/budget.ts';
import type { ServiceContract } from '../../../contract/contract.ts';
import type { RunFacts } from '../../facts/run-facts.ts';
import type { ServiceFacts } from '../../facts/service-facts.ts';

/** The budget sum after one change. Unit: sessions. */
export interface WhatIf {
  readonly change: string;
  readonly claim: number;
  /** All services' claims and the headroom. */
  readonly planned: number;
  readonly fits: boolean;
}

/** The sum with some of the service's settings changed. */
export function whatIf(
  run: RunFacts,
  service: ServiceFacts,
  change: string,
  changed: Partial<ServiceContract>,
): WhatIf {
  const { budget } = run;
  const { contract } = service;
  const claim = claimOf({ ...contract, ...changed });
  const planned = budget.planned - claimOf(contract) + claim;
  return { change, claim, planned, fits: planned <= budget.usable };
}

/** What is left for this service's pools: usable, less the headroom, the other services and its own background. */
function roomFor({ budget }: RunFacts, { contract }: ServiceFacts): number {
  return budget.usable - budget.planned + claimOf(contract) - contract.backgroundSessions;
}

/** The widest fleet that fits with the pool as it is; 0 when none does. */
export function fittingInstances(run: RunFacts, service: ServiceFacts): number {
  const { workersPerInstance, poolMax } = service.contract;
  return Math.max(0, Math.floor(roomFor(run, service) / (workersPerInstance * poolMax)));
}

/** The largest pool that fits with the fleet as it is; 0 when none does. */
export function fittingPool(run: RunFacts, service: ServiceFacts): number {
  const { maxInstances, workersPerInstance } = service.contract;
  return Math.max(0, Math.floor(roomFor(run, service) / (maxInstances * workersPerInstance)));
}

/** A fleet as wide as fits, the pool as it is. */
export function narrower(run: RunFacts, service: ServiceFacts): WhatIf {
  const maxInstances = Math.max(1, fittingInstances(run, service));
  return whatIf(run, service, `max instances ${service.contract.maxInstances} -> ${maxInstances}`, {
    maxInstances,
  });
}

/** A pool as large as fits, the fleet as it is. */
export function shallower(run: RunFacts, service: ServiceFacts): WhatIf {
  const poolMax = Math.max(1, fittingPool(run, service));
  return whatIf(run, service, `pool max ${service.contract.poolMax} -> ${poolMax}`, { poolMax });
}

/** Both, the larger halved until the sum fits: neither has to give up everything. Empty where one is enough. */
export function narrowerAndShallower(run: RunFacts, service: ServiceFacts): readonly WhatIf[] {
  let { maxInstances, poolMax } = service.contract;
  for (
    let round = 0;
    round < 16 && maxInstances * poolMax * service.contract.workersPerInstance > roomFor(run, service);
    round += 1
  ) {
    if (maxInstances >= poolMax) maxInstances = Math.max(1, Math.floor(maxInstances / 2));
    else poolMax = Math.max(1, Math.floor(poolMax / 2));
  }
  if (maxInstances === service.contract.maxInstances || poolMax === service.contract.poolMax) return [];
  const change = `max instances ${service.contract.maxInstances} -> ${maxInstances} and pool max ${service.contract.poolMax} -> ${poolMax}`;
  return [whatIf(run, service, change, { maxInstances, poolMax })];
}

/** A bigger server moves the wall and changes nothing else: always the last row, never the lever. */
export function biggerServer({ budget, evidence }: RunFacts): WhatIf {
  const { maxConnections } = evidence.run.limits;
  const needed = maxConnections + Math.max(0, budget.planned - budget.usable);
  return {
    change: `max_connections ${maxConnections} -> ${needed} (buys time only)`,
    claim: budget.claim,
    planned: budget.planned,
    fits: true,
  };
}
