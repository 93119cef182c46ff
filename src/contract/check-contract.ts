import { budgetOf, type Budget } from './budget.ts';
import type { Contract, ServerLimits, ServiceContract } from './contract.ts';
import { claimSum } from './declared-sum.ts';

/** A finding that needs no traffic: arithmetic and contradictions in what was declared. */
export interface StaticCheck {
  readonly id: string;
  /** A refusal stops the run (exit 2) unless overcommitment was accepted in words and the check says that may be. */
  readonly level: 'ok' | 'warning' | 'refusal';
  /** The sum, written out. */
  readonly message: string;
  /** True where `accept_overcommit` lifts the refusal. */
  readonly overcommit: boolean;
}

/** What decides which checks matter. */
export interface CheckSetting {
  /** The scenario deploys a revision. */
  readonly rollout: boolean;
  /** The service runs on Cloud Run itself, where max instances may be exceeded for a while. */
  readonly cloudRun: boolean;
}

/** Everything that arithmetic alone can say of a contract on a server, before any traffic. */
export function checkContract(
  contract: Contract,
  limits: ServerLimits,
  setting: CheckSetting,
): StaticCheck[] {
  const budget = budgetOf(contract, limits);
  return [
    steadyCheck(contract, budget, limits),
    rolloutCheck(contract, budget, setting),
    ...(setting.cloudRun ? [overshootCheck(budget)] : []),
    ...contract.services.flatMap(serviceChecks),
    ...(contract.warnings ?? []).map((message) => finding('not_in_effect', 'warning', message)),
  ];
}

/** claim + H <= usable. */
function steadyCheck(contract: Contract, budget: Budget, limits: ServerLimits): StaticCheck {
  const reserved = limits.superuserReserved + limits.reservedConnections;
  const usable = `${limits.maxConnections} max_connections - ${reserved} reserved = ${budget.usable} usable`;
  const sum = `${claimSum(contract)}; ${budget.claim} claim + ${budget.headroom} headroom = ${budget.planned} of ${usable}`;
  return fitting('budget_steady', budget.fitsSteady, 'refusal', sum);
}

/** claimOverlap + H <= usable: it binds when the scenario deploys a revision. */
function rolloutCheck(contract: Contract, budget: Budget, setting: CheckSetting): StaticCheck {
  const overlaps = contract.services.map(
    (service, index) =>
      `${service.name} ${budget.services[index]?.claim ?? 0} x (1 + ${service.rolloutOverlap}) = ${budget.services[index]?.claimOverlap ?? 0}`,
  );
  const sum = `during a rollout ${overlaps.join('; ')}; ${budget.claimOverlap} + ${budget.headroom} headroom = ${budget.rolloutPlanned} of ${budget.usable} usable`;
  return fitting('budget_rollout', budget.fitsRollout, setting.rollout ? 'refusal' : 'warning', sum);
}

/** 2 x claim + H <= usable: Cloud Run documents that max instances may be exceeded, usually by less than twice. */
function overshootCheck(budget: Budget): StaticCheck {
  const sum = `with max instances exceeded twofold 2 x ${budget.claim} + ${budget.headroom} headroom = ${budget.overshootPlanned} of ${budget.usable} usable`;
  return fitting('budget_overshoot', budget.fitsOvershoot, 'warning', sum);
}

function serviceChecks(service: ServiceContract): StaticCheck[] {
  return [timeoutOrder(service), timeoutSum(service), poolReach(service), acquireReach(service)];
}

/** T_acq < T_stmt < T_req: who waits outside must be able to outwait what happens inside. */
function timeoutOrder(service: ServiceContract): StaticCheck {
  const { name, acquireTimeoutMs, statementTimeoutMs, requestTimeoutMs } = service;
  const holds = acquireTimeoutMs < statementTimeoutMs && statementTimeoutMs < requestTimeoutMs;
  const sum = `${name}: acquire ${acquireTimeoutMs} ms < statement ${statementTimeoutMs} ms < request ${requestTimeoutMs} ms`;
  return overcommittable('timeout_order', holds, `${sum}${holds ? '' : ' does not hold'}`);
}

/** T_acq + T_stmt <= T_req: or the caller is gone while the statement still runs. */
function timeoutSum(service: ServiceContract): StaticCheck {
  const { name, acquireTimeoutMs, statementTimeoutMs, requestTimeoutMs } = service;
  const total = acquireTimeoutMs + statementTimeoutMs;
  const holds = total <= requestTimeoutMs;
  const sum = `${name}: acquire ${acquireTimeoutMs} + statement ${statementTimeoutMs} = ${total} ms`;
  const message = `${sum}, ${holds ? 'within' : 'more than'} the request's ${requestTimeoutMs} ms`;
  return overcommittable('timeout_sum', holds, message);
}

/** C >= W x P: or part of the pool can never be used by requests. */
function poolReach(service: ServiceContract): StaticCheck {
  const { name, containerConcurrency, workersPerInstance, poolMax } = service;
  const sessions = workersPerInstance * poolMax;
  const sum = `${name}: ${containerConcurrency} requests at once for ${workersPerInstance} x ${poolMax} = ${sessions} sessions an instance`;
  return containerConcurrency >= sessions
    ? finding('pool_reach', 'ok', sum)
    : finding(
        'pool_reach',
        'warning',
        `${sum}: ${sessions - containerConcurrency} of them can never be used`,
      );
}

/** The longest wait for a session when every statement runs into its timeout: ceil(Q / (W P)) x T_stmt. */
export function worstQueueWaitMs(service: ServiceContract): number {
  const sessions = service.workersPerInstance * service.poolMax;
  return Math.ceil(queueOf(service) / sessions) * service.statementTimeoutMs;
}

/** Q = C - W x P: the requests in one instance that can have to wait for a session. */
function queueOf(service: ServiceContract): number {
  return Math.max(0, service.containerConcurrency - service.workersPerInstance * service.poolMax);
}

/**
 * With Q waiting for W P sessions, each held for S on average, the last one waits Q / (W P) x S. The acquire
 * timeout can fire once that reaches T_acq, which is from S = T_acq x W P / Q on.
 */
function acquireReach(service: ServiceContract): StaticCheck {
  const { name, acquireTimeoutMs, workersPerInstance, poolMax } = service;
  const queue = queueOf(service);
  if (queue === 0)
    return finding(
      'acquire_reach',
      'ok',
      `${name}: every request has a session; what waits, waits in the platform's queue`,
    );
  const sessions = workersPerInstance * poolMax;
  const fromMs = Math.ceil((acquireTimeoutMs * sessions) / queue);
  const sum = `${name}: ${queue} can wait for ${sessions} sessions an instance, so the acquire timeout fires once a session is held for ${fromMs} ms on average`;
  const worst = worstQueueWaitMs(service);
  return worst >= acquireTimeoutMs
    ? finding('acquire_reach', 'ok', sum)
    : finding(
        'acquire_reach',
        'warning',
        `${sum}; with statements of at most ${service.statementTimeoutMs} ms it can't`,
      );
}

function fitting(id: string, fits: boolean, otherwise: 'warning' | 'refusal', sum: string): StaticCheck {
  if (fits) return finding(id, 'ok', sum);
  const message = `${sum}: it does not fit`;
  return { id, level: otherwise, message, overcommit: otherwise === 'refusal' };
}

function overcommittable(id: string, holds: boolean, message: string): StaticCheck {
  return { id, level: holds ? 'ok' : 'refusal', message, overcommit: !holds };
}

function finding(id: string, level: 'ok' | 'warning', message: string): StaticCheck {
  return { id, level, message, overcommit: false };
}
