import type { Contract, ServerLimits, ServiceContract } from './contract.ts';

/** The arithmetic of a contract on one server: who may claim how much, and whether it fits. Unit: sessions. */
export interface Budget {
  readonly services: readonly ServiceClaim[];
  /** All services' claims together. */
  readonly claim: number;
  readonly claimOverlap: number;
  /** H: the headroom lines together. */
  readonly headroom: number;
  /** M - R: what ordinary roles can have at all. */
  readonly usable: number;
  /** claim + H. */
  readonly planned: number;
  /** claimOverlap + H. */
  readonly rolloutPlanned: number;
  /** 2 x claim + H: Cloud Run may exceed max instances for a while, usually by less than twice. */
  readonly overshootPlanned: number;
  readonly fitsSteady: boolean;
  readonly fitsRollout: boolean;
  readonly fitsOvershoot: boolean;
}

export interface ServiceClaim {
  readonly name: string;
  readonly claim: number;
  readonly claimOverlap: number;
}

/** claim = N x W x P, and what the service holds in the background. */
export function claimOf(service: ServiceContract): number {
  return service.maxInstances * service.workersPerInstance * service.poolMax + service.backgroundSessions;
}

/** ceil(claim x (1 + omega)): both revisions' fleets at once. */
export function claimOverlapOf(service: ServiceContract): number {
  return Math.ceil(claimOf(service) * (1 + service.rolloutOverlap));
}

/** M minus the slots that Postgres keeps back: ordinary roles can have no more. */
export function usableOf(limits: ServerLimits): number {
  return limits.maxConnections - limits.superuserReserved - limits.reservedConnections;
}

/** Does the sum for a whole contract. */
export function budgetOf(contract: Contract, limits: ServerLimits): Budget {
  const services = contract.services.map((service) => ({
    name: service.name,
    claim: claimOf(service),
    claimOverlap: claimOverlapOf(service),
  }));
  const claim = sum(services.map((service) => service.claim));
  const claimOverlap = sum(services.map((service) => service.claimOverlap));
  const headroom = sum(contract.headroom.map((line) => line.slots));
  const usable = usableOf(limits);
  const overshootPlanned = 2 * claim + headroom;
  return {
    services,
    claim,
    claimOverlap,
    headroom,
    usable,
    planned: claim + headroom,
    rolloutPlanned: claimOverlap + headroom,
    overshootPlanned,
    fitsSteady: claim + headroom <= usable,
    fitsRollout: claimOverlap + headroom <= usable,
    fitsOvershoot: overshootPlanned <= usable,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
