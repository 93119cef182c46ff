import { noRetry } from '../scenario/clients/client.ts';
import { drivenContract } from '../scenario/target/driven.ts';
import type { LeakProbe } from '../scenario/traffic/leak-probe.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { leakProbeName } from './extra-load.ts';
import { planLoad, type LoadPlan } from './load-plan.ts';

/** Several tries, because requests may be spread unevenly over the instances, and every pool must be asked in full. */
const tries = 4;

/** Time between two tries beyond what a request takes that had to wait for its session. */
const calmMs = 500;

/** `requests` at one instant, and again several times, each when those before are over. */
export function planLeakProbe(scenario: Scenario, probe: LeakProbe, requests: number): LoadPlan {
  const request = scenario.requests[probe.route] ?? scenario.requests[0];
  const everyMs = 2 * probe.holdMs + drivenContract(scenario).acquireTimeoutMs + calmMs;
  const { traffic, client } = scenario;
  return planLoad({
    ...scenario,
    chaos: [],
    requests: [request],
    client: { ...client, retry: noRetry },
    traffic: {
      arrivals: { kind: 'uniform' },
      maxInFlight: Math.max(traffic.maxInFlight, tries * requests),
      phases: [
        {
          name: leakProbeName,
          durationMs: tries * everyMs,
          stress: false,
          arrivals: { kind: 'uniform' },
          shape: { kind: 'sync', ratePerSec: 0, requests, everyMs },
        },
      ],
    },
  });
}
