import type { ServiceContract } from '../../src/contract/contract.ts';
import { noRetry, type Client } from '../../src/scenario/clients/client.ts';
import { expectNothing, type RequestSpec } from '../../src/scenario/requests/request-spec.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import type { LoadShape, Phase } from '../../src/scenario/traffic/traffic.ts';

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
  return { name, weight: 1, method: 'GET', path: `/${name}`, headers: {}, expect: expectNothing, ...more };
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

/** A phase whose arrivals follow the scenario's process, unless it has its own. */
export type WantedPhase = Omit<Phase, 'arrivals'> & Partial<Pick<Phase, 'arrivals'>>;

/** A phase of a shape. */
export function shaped(name: string, durationMs: number, shape: LoadShape): WantedPhase {
  return { name, durationMs, stress: false, shape };
}

/** A phase of one rate. */
export function steady(name: string, ratePerSec: number, durationMs: number): WantedPhase {
  return shaped(name, durationMs, { kind: 'constant', ratePerSec });
}

/** A phase of a changing rate. */
export function ramp(name: string, ratePerSec: number, toPerSec: number, durationMs: number): WantedPhase {
  return shaped(name, durationMs, { kind: 'ramp', ratePerSec, toPerSec });
}

/** What a test wants to be different. */
export interface Wanted {
  readonly service?: Partial<ServiceContract>;
  readonly requests?: Scenario['requests'];
  readonly phases?: readonly [WantedPhase, ...WantedPhase[]];
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
    poolers: [],
    traffic: trafficOf(wanted),
    chaos: [],
    requests: wanted.requests ?? [route('ok')],
    data: {},
    client: clientOf({ timeoutMs: wanted.timeoutMs ?? 5000 }),
    assertions: [],
    abort: [],
    sampling: { everyMs: 50 },
    safety: {
      allowHosts: ['127.0.0.1'],
      denyHosts: [],
      allowExec: false,
      allowDestructive: [],
      acceptOvercommit: false,
    },
    secrets: [],
    blotted: [],
  };
}

function trafficOf({ phases, arrivals = 'uniform', maxInFlight = 2000 }: Wanted): Scenario['traffic'] {
  const [first, ...rest] = phases ?? [steady('only', 100, 1000)];
  const withProcess = (phase: WantedPhase): Phase => ({ arrivals: { kind: arrivals }, ...phase });
  return {
    arrivals: { kind: arrivals },
    maxInFlight,
    phases: [withProcess(first), ...rest.map(withProcess)],
  };
}
