import { claimOf } from '../../../contract/budget.ts';
import type { ServiceContract } from '../../../contract/contract.ts';
import type { Facts } from '../../facts/run-facts.ts';

/** The budget sum after one change. Unit: sessions. */
export interface WhatIf {
  readonly change: string;
  readonly claim: number;
  /** All services' claims and the headroom. */
  readonly planned: number;
  readonly fits: boolean;
}

/** The sum with some of the service's settings changed. */
export function whatIf(facts: Facts, change: string, changed: Partial<ServiceContract>): WhatIf {
  const { service, budget } = facts;
  const claim = claimOf({ ...service, ...changed });
  const planned = budget.planned - claimOf(service) + claim;
  return { change, claim, planned, fits: planned <= budget.usable };
}

/** What is left for this service's pools: usable, less the headroom, the other services and its own background. */
function roomFor({ service, budget }: Facts): number {
  return budget.usable - budget.planned + claimOf(service) - service.backgroundSessions;
}

/** The widest fleet that fits with the pool as it is; 0 when none does. */
export function fittingInstances(facts: Facts): number {
  const { workersPerInstance, poolMax } = facts.service;
  return Math.max(0, Math.floor(roomFor(facts) / (workersPerInstance * poolMax)));
}

/** The largest pool that fits with the fleet as it is; 0 when none does. */
export function fittingPool(facts: Facts): number {
  const { maxInstances, workersPerInstance } = facts.service;
  return Math.max(0, Math.floor(roomFor(facts) / (maxInstances * workersPerInstance)));
}

/** A fleet as wide as fits, the pool as it is. */
export function narrower(facts: Facts): WhatIf {
  const maxInstances = Math.max(1, fittingInstances(facts));
  return whatIf(facts, `max instances ${facts.service.maxInstances} -> ${maxInstances}`, { maxInstances });
}

/** A pool as large as fits, the fleet as it is. */
export function shallower(facts: Facts): WhatIf {
  const poolMax = Math.max(1, fittingPool(facts));
  return whatIf(facts, `pool max ${facts.service.poolMax} -> ${poolMax}`, { poolMax });
}

/** Both, the larger halved until the sum fits: neither has to give up everything. Empty where one is enough. */
export function narrowerAndShallower(facts: Facts): readonly WhatIf[] {
  let { maxInstances, poolMax } = facts.service;
  for (
    let round = 0;
    round < 16 && maxInstances * poolMax * facts.service.workersPerInstance > roomFor(facts);
    round += 1
  ) {
    if (maxInstances >= poolMax) maxInstances = Math.max(1, Math.floor(maxInstances / 2));
    else poolMax = Math.max(1, Math.floor(poolMax / 2));
  }
  if (maxInstances === facts.service.maxInstances || poolMax === facts.service.poolMax) return [];
  const change = `max instances ${facts.service.maxInstances} -> ${maxInstances} and pool max ${facts.service.poolMax} -> ${poolMax}`;
  return [whatIf(facts, change, { maxInstances, poolMax })];
}

/** A bigger server moves the wall and changes nothing else: always the last row, never the lever. */
export function biggerServer({ budget, evidence }: Facts): WhatIf {
  const { maxConnections } = evidence.run.limits;
  const needed = maxConnections + Math.max(0, budget.planned - budget.usable);
  return {
    change: `max_connections ${maxConnections} -> ${needed} (buys time only)`,
    claim: budget.claim,
    planned: budget.planned,
    fits: true,
  };
}
