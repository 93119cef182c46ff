import { claimOf, usableOf } from '../../contract/budget.ts';
import type { ServerLimits, ServiceContract } from '../../contract/contract.ts';
import type { Threshold } from '../../scenario/conditions/condition.ts';

/** What a threshold is on this server and under this contract. */
export function limitOf(
  threshold: Threshold,
  limits: ServerLimits,
  services: readonly ServiceContract[],
): number {
  if (threshold.kind === 'amount') return threshold.amount;
  const whole = {
    server: limits.maxConnections,
    usable: usableOf(limits),
    claim: services.reduce((sum, service) => sum + claimOf(service), 0),
  }[threshold.of];
  return (threshold.percent / 100) * whole;
}
