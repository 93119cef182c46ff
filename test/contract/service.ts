import type { Contract, ServiceContract } from '../../src/contract/contract.ts';

/** The safe profile: 5 instances of one process with 4 sessions. */
export const safeService: ServiceContract = {
  name: 'api',
  maxInstances: 5,
  minInstances: 0,
  containerConcurrency: 10,
  workersPerInstance: 1,
  poolMax: 4,
  poolMin: 0,
  backgroundSessions: 0,
  rolloutOverlap: 1,
  acquireTimeoutMs: 1000,
  statementTimeoutMs: 5000,
  requestTimeoutMs: 30_000,
  match: {},
};

/** A contract of the safe profile, changed, with so much headroom. */
export function contractOf(changes: Partial<ServiceContract>, headroom = 0): Contract {
  return {
    services: [{ ...safeService, ...changes }],
    headroom: headroom > 0 ? [{ purpose: 'other_services', slots: headroom }] : [],
    assumed: [],
  };
}
