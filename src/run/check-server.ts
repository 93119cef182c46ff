import { EnvironmentError } from '../base/errors.ts';
import { usableOf } from '../contract/budget.ts';
import type { StaticCheck } from '../contract/check-contract.ts';
import { checkScenario } from '../plan/make-plan.ts';
import { faultNeeds } from '../scenario/chaos/faults.ts';
import type { FaultNeed } from '../scenario/chaos/fault-spec.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import type { RunningPostgres } from '../postgres/postgres-server.ts';

/**
 * The static checks again, against what the server really allows. Throws `EnvironmentError`, before anything is sent,
 * when that is not what the scenario declares, or when the budget does not fit and overcommitment was not accepted.
 */
export function checkServer(plan: RunPlan, postgres: RunningPostgres): readonly StaticCheck[] {
  const { scenario, budget } = plan;
  const { limits, remarks = [] } = postgres;
  const ownSlots =
    (postgres.ownSlots ?? 0) + (postgres.actsInSlots === true ? actingSessions(scenario.chaos) : 0);
  const declared = scenario.postgres.maxConnections;
  if (limits.maxConnections !== declared) throw otherLimit(limits.maxConnections, declared);
  const onServer = checkScenario(scenario, limits);
  const checks = [
    ...onServer,
    ...plan.checks.filter(({ id }) => onServer.every((check) => check.id !== id)),
    ...(ownSlots === 0 ? [] : [ownLine(budget.planned, ownSlots, usableOf(limits))]),
    ...remarks.map((message): StaticCheck => ({
      id: 'server',
      level: 'warning',
      message,
      overcommit: false,
    })),
  ];
  const { acceptOvercommit } = scenario.safety;
  const refused = checks.filter(
    ({ level, overcommit }) => level === 'refusal' && !(overcommit && acceptOvercommit),
  );
  if (refused.length > 0)
    throw new EnvironmentError(
      refused.map(({ message }) => ({ message: `on the server itself: ${message}` })),
    );
  return checks;
}

/** One session that acts and one that looks, and one more for each step that holds a lock. */
function actingSessions(steps: Scenario['chaos']): number {
  const count = (need: FaultNeed): number => steps.filter(({ fault }) => faultNeeds(fault.kind, need)).length;
  return count('admin_role') === 0 ? 0 : 2 + count('holder');
}

/** claim + H + the harness's own <= usable: watching must not be what overflows the server. Canaries use the headroom. */
function ownLine(planned: number, ownSlots: number, usable: number): StaticCheck {
  const total = planned + ownSlots;
  const sum = `poolproof's own sessions: ${planned} planned + ${ownSlots} = ${total} of ${usable} usable`;
  return total <= usable
    ? { id: 'own_sessions', level: 'ok', message: sum, overcommit: false }
    : { id: 'own_sessions', level: 'refusal', message: `${sum}: does not fit`, overcommit: true };
}

function otherLimit(live: number, declared: number): EnvironmentError {
  const message = `the server allows ${live} sessions (max_connections), and the scenario says ${declared}`;
  return new EnvironmentError([
    { message, hint: `declare max_connections: ${live}, and look at the budget again` },
  ]);
}
