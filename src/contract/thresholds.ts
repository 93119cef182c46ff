import { claimOf, claimOverlapOf, usableOf } from './budget.ts';
import type { ServerLimits, ServiceContract } from './contract.ts';

/** What the run itself adds to the contract before limits can be derived. */
export interface Setting {
  /** H: headroom that must stay free, in sessions. */
  readonly headroom: number;
  readonly limits: ServerLimits;
  /** Delta: the sampling period. */
  readonly sampleEveryMs: number;
  /** p99 of a request that touches no database. */
  readonly pingP99Ms: number;
  /** True when a platform queues requests in front of the instances (Cloud Run, real or emulated). */
  readonly frontQueue: boolean;
  /** Average start of an instance; 0 when unknown. */
  readonly startupMs: number;
  /** D: how long one unit of client intent may take to be worth anything. */
  readonly deadlineMs: number;
  /** w: the width of verdict windows. */
  readonly windowMs: number;
}

/** Every limit that a verdict uses, derived from the contract and never typed in. Source: the table in src/README.md. */
export interface Thresholds {
  readonly claim: number;
  readonly claimOverlap: number;
  readonly usable: number;
  /** The most sessions that all but the headroom's owners may hold: usable - H. */
  readonly nonHeadroomMax: number;
  /** eps: what timers, network and scheduling may add to a limit. */
  readonly epsMs: number;
  /** tau_close: how long a pool may show the old and the new session of one slot at once. */
  readonly tauCloseMs: number;
  /** T_pend: how long a platform may keep a request waiting for an instance. */
  readonly pendingMs: number;
  readonly acquireMs: number;
  readonly statementMs: number;
  readonly requestMs: number;
  /** T_fail = T_acq + eps. */
  readonly failMs: number;
  readonly failStatementMs: number;
  readonly failPlatformMs: number;
  readonly failDeadlineMs: number;
  /** T_stmt + eps: the longest that database work may outlive anything. */
  readonly orphanMs: number;
  /** T_req + 10 s of SIGTERM grace + eps. */
  readonly drainMs: number;
  /** After T_req and D no request of the trigger may still exist; one window later it must show. */
  readonly recoverHardMs: number;
  readonly recoverSoftMs: number;
  readonly deadlineMs: number;
  readonly windowMs: number;
}

/** The SIGTERM grace of Cloud Run. */
const sigtermGraceMs = 10_000;

/** Derives every limit of one service. Pure arithmetic; the reasons stand beside each line of `Thresholds`. */
export function deriveThresholds(service: ServiceContract, setting: Setting): Thresholds {
  const {
    acquireTimeoutMs: acquireMs,
    statementTimeoutMs: statementMs,
    requestTimeoutMs: requestMs,
  } = service;
  const epsMs = allowanceMs(setting.pingP99Ms, acquireMs);
  const pendingMs = setting.frontQueue ? pendingLimitMs(setting.startupMs) : 0;
  const usable = usableOf(setting.limits);
  return {
    claim: claimOf(service),
    claimOverlap: claimOverlapOf(service),
    usable,
    nonHeadroomMax: usable - setting.headroom,
    epsMs,
    tauCloseMs: Math.min(acquireMs, Math.max(2 * setting.sampleEveryMs, 500)),
    pendingMs,
    acquireMs,
    statementMs,
    requestMs,
    failMs: acquireMs + epsMs,
    failStatementMs: acquireMs + statementMs + epsMs,
    failPlatformMs: pendingMs + epsMs,
    failDeadlineMs: requestMs + epsMs,
    orphanMs: statementMs + epsMs,
    drainMs: requestMs + sigtermGraceMs + epsMs,
    recoverHardMs: Math.max(requestMs, setting.deadlineMs) + setting.windowMs,
    recoverSoftMs: statementMs + acquireMs + setting.windowMs,
    deadlineMs: setting.deadlineMs,
    windowMs: setting.windowMs,
  };
}

/** max(10 s, 3.5 x average startup): Cloud Run's documented limit on waiting for an instance. */
export function pendingLimitMs(startupMs: number): number {
  return Math.max(10_000, 3.5 * startupMs);
}

/** max(100 ms, 3 x p99 of a ping), at most half the acquire timeout: beyond that a limit can't be judged from here. */
export function allowanceMs(pingP99Ms: number, acquireMs: number): number {
  return Math.min(Math.max(100, 3 * pingP99Ms), acquireMs / 2);
}

/** phi(m): the goodput that overload m must leave, when rejecting costs kappa of serving: (1 - kappa m) / (1 - kappa). */
export function goodputFloor(overload: number, kappa = 0.05): number {
  return Math.max(0, (1 - kappa * overload) / (1 - kappa));
}
