import type { ServiceContract } from '../../src/contract/contract.ts';
import { noRetry, type Client } from '../../src/scenario/client.ts';
import type { RequestSpec } from '../../src/scenario/request-spec.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import type { Phase } from '../../src/scenario/traffic.ts';

/** The safe profile: 5 instances of 4 sessions and 10 places each. */
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
  match: { role: 'api' },
};

/** A route that expects nothing in particular. */
export function route(name: string, more: Partial<RequestSpec> = {}): RequestSpec {
  const expect = { status: [], bodyNotEmpty: false };
  return { name, weight: 1, method: 'GET', path: `/${name}`, headers: {}, expect, ...more };
}

/** A client that takes no for an answer. */
export function clientOf(more: Partial<Client> = {}): Client {
  return {
    count: 1,
    timeoutMs: 5000,
    deadlineMs: 5000,
    connections: 'keep_alive',
    cookies: false,
    idToken: null,
    retry: noRetry,
    ...more,
  };
}

/** What a test wants to be different. */
export interface Wanted {
  readonly service?: Partial<ServiceContract>;
  readonly requests?: Scenario['requests'];
  readonly phases?: readonly [Phase, ...Phase[]];
  readonly arrivals?: 'uniform' | 'poisson';
  readonly maxInFlight?: number;
  readonly timeoutMs?: number;
  readonly startupDelayMs?: number;
}

/** A scenario on the safe profile. */
export function scenarioOf(wanted: Wanted = {}): Scenario {
  return {
    name: 'burst',
    seed: 7,
    file: 'burst.yaml',
    contract: { services: [{ ...safeService, ...wanted.service }], headroom: [], assumed: [] },
    target: {
      kind: 'local',
      service: 'api',
      services: [
        {
          name: 'api',
          resource: { template: { containers: [{ name: 'api' }] } },
          programs: { api: { kind: 'process', command: ['node', 'server.mjs'] } },
          cwd: '.',
          secretFiles: {},
          startupDelayMs: wanted.startupDelayMs ?? 0,
        },
      ],
      emulation: { profile: 'cloudrun', timeScale: 1, idleCpu: 'full', slotAfterTimeout: 'held' },
    },
    postgres: { kind: 'embedded', maxConnections: 100 },
    traffic: {
      arrivals: wanted.arrivals ?? 'uniform',
      maxInFlight: wanted.maxInFlight ?? 2000,
      phases: wanted.phases ?? [{ name: 'only', durationMs: 1000, ratePerSec: 100, stress: false }],
    },
    chaos: [],
    requests: wanted.requests ?? [route('ok')],
    client: clientOf({ timeoutMs: wanted.timeoutMs ?? 5000 }),
    sampling: { everyMs: 50 },
    safety: { allowHosts: ['127.0.0.1'], acceptOvercommit: false },
    secrets: [],
  };
}
