import type { BoundId } from '../bounds/bounds.ts';
import { formatMs, trim } from '../../base/units.ts';
import type { PoolerEvent } from '../../evidence/event.ts';
import type { Diagnosis, Scene } from './shared/diagnosis.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { peakSessions } from '../facts/sessions/peaks.ts';
import { poolersSeen, waitingIn, waitMsIn, type PoolerFacts } from '../facts/platform/pooler-facts.ts';
import { whatIf, type WhatIf } from './shared/what-if.ts';

/*
 * The fan-out did not go away, it moved in front of the pooler: many more clients than server connections there, and
 * they wait, longer than the contract lets anyone wait for a session (T_acq + eps), or for enough of the stress to
 * explain what failed. Postgres itself is fine: the service is inside its claim.
 */

/** Clients beyond this many for each server connection are a fan-out: below it a pooler is only shared well. */
const muchMore = 4;

/** The share of the looks under stress that must have seen someone wait, where no single wait was too long. */
const mostly = 0.5;

/** Promises that a queue in front of the pooler breaks: failures and answers come late, or nothing comes back. */
const brokenByWaiting = ['B11', 'B12', 'B22'] as const satisfies readonly BoundId[];

export const poolerFanOut = {
  id: 'D21',
  title: 'the pooler hides the fan-out',
  question: null,
  diagnose: (scene) => {
    const { run, service } = scene;
    const held = peakSessions(run, service);
    if (held === null || held > service.thresholds.claim) return null;
    const seen = poolersSeen(run).find(
      (one) => one.declared.service === service.contract.name && isFanOut(one),
    );
    if (seen === undefined) return null;
    const waitingShare = waitingUnderStress(run, seen.looks);
    const isTooLong = (seen.longestWaitMs ?? 0) > service.thresholds.failMs;
    if (!isTooLong && !(waitingShare >= mostly && isBrokenByWaiting(scene))) return null;
    return {
      confidence: isTooLong && service.exact !== null ? 'high' : 'medium',
      lever: leverOf(service, seen),
      evidence: [
        ...traces(seen, service, waitingShare),
        `Postgres saw nothing of it: at most ${held} sessions, the claim is ${service.thresholds.claim}`,
      ],
      confirm:
        'run again with as many clients as the pooler has server connections: the same requests are refused at once instead of waiting',
      whatIf: [asItIs(run, service, seen)],
    };
  },
} as const satisfies Diagnosis;

function traces(seen: PoolerFacts, { thresholds }: ServiceFacts, waitingShare: number): readonly string[] {
  const { declared, allClientsPeak, serversPeak, waitingPeak, longestWaitMs } = seen;
  return [
    `${declared.name}: up to ${allClientsPeak ?? 0} clients for ${serversPeak ?? 0} server connections; ${waitingPeak ?? 0} clients waited at once`,
    `the longest wait seen in front of it was ${formatMs(longestWaitMs ?? 0)}, promised ${formatMs(thresholds.acquireMs)}; somebody waited in ${trim(100 * waitingShare, 0)} % of the looks under stress`,
  ];
}

function isFanOut({ allClientsPeak, serversPeak, waitingPeak }: PoolerFacts): boolean {
  return (waitingPeak ?? 0) > 0 && (allClientsPeak ?? 0) >= muchMore * Math.max(1, serversPeak ?? 0);
}

function isBrokenByWaiting({ results }: Scene): boolean {
  return brokenByWaiting.some((id) => results.get(id)?.status === 'FAIL');
}

function waitingUnderStress({ stress }: RunFacts, looks: readonly PoolerEvent[]): number {
  const within = looks.filter(({ t_us }) => stress.some(({ fromUs, toUs }) => t_us >= fromUs && t_us < toUs));
  if (within.length === 0) return 0;
  return within.filter((look) => waitingIn(look) > 0 && waitMsIn(look) > 0).length / within.length;
}

function leverOf(
  { contract, thresholds }: ServiceFacts,
  { limits, clientsPeak, declared }: PoolerFacts,
): string {
  const size =
    limits === null || limits === undefined ? 'its pool' : `${limits.pool_size} server connections`;
  const clients = `${declared.clients ?? clientsPeak ?? 0} clients`;
  const wait = formatMs(thresholds.acquireMs);
  return `budget both sides of ${declared.name}: the pool of ${contract.name} (${clients} for ${size}) and max_client_conn down to what can be served within ${wait}, query_wait_timeout to ${wait}`;
}

/** The server side, as it is configured: it fits, which is why Postgres saw nothing. */
function asItIs(
  run: RunFacts,
  service: ServiceFacts,
  { limits, pools, poolers, clientsPeak, declared }: PoolerFacts,
): WhatIf {
  const { contract } = service;
  const size = limits?.pool_size ?? contract.poolMax;
  const poolMax = ((size + (limits?.reserve ?? 0)) * pools * poolers) / contract.maxInstances;
  const change = `client side ${declared.clients ?? clientsPeak ?? 0} -> ${2 * size} a pooler, server side as it is (${size} x ${pools} x ${poolers})`;
  return whatIf(run, service, change, { poolMax, workersPerInstance: 1 });
}
