import { noRetry } from '../scenario/clients/client.ts';
import { drivenContract } from '../scenario/driven.ts';
import type { LeakProbe } from '../scenario/traffic/leak-probe.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { leakProbeName } from './extra-load.ts';
import { planLoad, type LoadPlan } from './load-plan.ts';

/** So often it is tried: which instance gets how many is not ours to say, and a full pool has to be asked in full. */
const tries = 4;

/** Between two tries what did not get its session at once has to be over: the wait, the hold, and some calm. */
const calmMs = 500;

/** `requests` at one instant, and again some times when those are over. */
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
