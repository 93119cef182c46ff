import { claimOf } from '../../contract/budget.ts';
import type { ServiceContract } from '../../contract/contract.ts';
import type { MixHoldTime } from './hold-time.ts';

/** The service at full scale, as a queueing station. */
export interface Fleet {
  /** N. */
  readonly instances: number;
  /** c = W x P: sessions of one instance. */
  readonly sessionsEach: number;
  /** K = C: requests that one instance takes at once. */
  readonly placesEach: number;
  /** N x W x P: sessions for requests, without background sessions. */
  readonly sessions: number;
  /** The same with background sessions. */
  readonly claim: number;
  /** `N x W x P` with the numbers in. */
  readonly sum: string;
  /** S: mean seconds that a request of the mix holds a session. */
  readonly holdSec: number;
  /** The share of requests that hold a session. */
  readonly holdShare: number;
  readonly acquireTimeoutSec: number;
  /**
   * min(N C, N W P) / S, requests per second: a request stays in its instance for at least as long as it holds its
   * session, so the smaller of places and sessions is the limit.
   */
  readonly capacityPerSec: number;
}

/** The fleet of a contract under a mix of requests. */
export function makeFleet(service: ServiceContract, hold: MixHoldTime): Fleet {
  const { maxInstances, workersPerInstance, poolMax, containerConcurrency } = service;
  const sessionsEach = workersPerInstance * poolMax;
  return {
    instances: maxInstances,
    sessionsEach,
    placesEach: containerConcurrency,
    sessions: maxInstances * sessionsEach,
    claim: claimOf(service),
    sum: `${maxInstances} x ${workersPerInstance} x ${poolMax}`,
    holdSec: hold.perRequestSec,
    holdShare: hold.share,
    acquireTimeoutSec: service.acquireTimeoutMs / 1000,
    capacityPerSec: (maxInstances * Math.min(containerConcurrency, sessionsEach)) / hold.perRequestSec,
  };
}
