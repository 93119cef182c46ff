import { claimOf, claimOverlapOf } from '../../contract/budget.ts';
import type { ServiceContract } from '../../contract/contract.ts';
import { peakOf } from '../../evidence/sessions/steps.ts';
import type { Results } from '../bounds/algebra.ts';
import type { BoundId } from '../bounds/bounds.ts';
import type { BoundResult } from '../bounds/shared/bound.ts';
import type { Diagnosis, Finding } from './shared/diagnosis.ts';
import { everyService, type RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { heldAt } from '../facts/platform/revisions.ts';
import type { WhatIf } from './shared/what-if.ts';

/*
 * The first violation fell into a rollout: the sessions of both revisions together were more than one fleet may hold,
 * and more than there was room for. One fleet fits, two do not:
 *
 *     claim + H <= usable < claim x (1 + omega) + H
 *
 * Or the old revision did not let go when it was told to (B23): its pool outlives its last request, and the overlap lasts
 * as long as the platform lets it.
 */

export const twoRevisions = {
  id: 'D14',
  title: 'two revisions at once',
  question: 'revisions',
  diagnose: ({ run, service, results }) => {
    const tUs = firstViolation(results);
    if (tUs === null) return lingering(run, service, results.get('B23'));
    for (const one of everyService(run)) {
      const overlap = overlapAt(one, tUs);
      if (overlap === null) continue;
      const { contract, thresholds } = one;
      const shares = overlap.held.map(({ revision, sessions }) => `${revision} ${sessions}`).join(', ');
      const settled = overlap.isSettled ? 'after the traffic had moved' : 'before the traffic had moved';
      return {
        confidence: one.exact?.source === 'link' ? 'high' : 'medium',
        lever: leverOf(run, one),
        evidence: [
          `after the first violation, in a rollout and ${settled}, ${overlap.held.length} revisions of ${contract.name} held ${overlap.sessions} sessions: ${shares}`,
          `one fleet claims ${thresholds.claim}, both ${thresholds.claimOverlap}; with the headroom of ${run.headroom} and other claims that is ${rolloutPlanned(run, one, contract)} planned, and the server has ${thresholds.usable}`,
        ],
        confirm:
          'deploy again under the same load with the smaller claim: nothing may be refused, and the headroom stays free',
        whatIf: changesOf(run, one),
      };
    }
    return lingering(run, service, results.get('B23'));
  },
} as const satisfies Diagnosis;

/** An old revision that kept its sessions although it was told to stop. */
function lingering(run: RunFacts, service: ServiceFacts, drain: BoundResult | undefined): Finding | null {
  if (drain?.status !== 'FAIL' || drain.witness === null) return null;
  const { thresholds } = service;
  return {
    confidence: service.exact?.source === 'link' ? 'high' : 'medium',
    lever: 'close the pool on SIGTERM, once the requests that are open have been answered',
    evidence: [
      drain.witness.what,
      `until then both revisions count: ${thresholds.claimOverlap} sessions instead of ${thresholds.claim}`,
    ],
    confirm: 'stop one instance with SIGTERM: its sessions are gone as soon as its last request is answered',
    whatIf: changesOf(run, service),
  };
}

/** The bounds that too many sessions break. */
const judged = ['B02', 'B03', 'B04', 'B05'] as const satisfies readonly BoundId[];

function firstViolation(results: Results): number | null {
  const times = judged.flatMap((id) => {
    const found = results.get(id);
    return found?.status === 'FAIL' && found.witness !== null ? [found.witness.fromUs] : [];
  });
  return times.length === 0 ? null : Math.min(...times);
}

interface Overlap {
  readonly sessions: number;
  readonly held: ReturnType<typeof heldAt>;
  /** Whether the traffic had moved already. */
  readonly isSettled: boolean;
}

/** What the revisions held when it broke; null outside rollouts, and where one fleet alone explains it. */
function overlapAt(service: ServiceFacts, tUs: number): Overlap | null {
  const window = service.overlaps.find(({ fromUs, toUs }) => tUs >= fromUs && tUs <= toUs);
  if (window === undefined || service.exact === null) return null;
  const { claim, nonHeadroomMax } = service.thresholds;
  // It is on the way up that it breaks first: the new fleet still connects, and the peak comes later.
  const peak = peakOf(service.exact.steps, tUs, window.toUs);
  const room = Math.min(claim, nonHeadroomMax);
  if (peak === null || peak.count <= room) return null;
  const held = heldAt(service, peak.tUs);
  if (held.length < 2 || held.some(({ sessions }) => sessions > room)) return null;
  return { sessions: peak.count, held, isSettled: window.settledUs !== null && tUs >= window.settledUs };
}

/** Everything planned while this service is deployed. */
function rolloutPlanned({ budget }: RunFacts, { contract }: ServiceFacts, changed: ServiceContract): number {
  return budget.planned - claimOf(contract) + claimOverlapOf(changed);
}

/** The greatest value of a setting with which two fleets fit; 0 when none does. */
function fitting(run: RunFacts, service: ServiceFacts, setting: 'maxInstances' | 'poolMax'): number {
  const { budget } = run;
  const { contract } = service;
  for (let value = contract[setting]; value >= 1; value -= 1)
    if (rolloutPlanned(run, service, { ...contract, [setting]: value }) <= budget.usable) return value;
  return 0;
}

function leverOf(run: RunFacts, service: ServiceFacts): string {
  const { contract } = service;
  const words = (
    [
      ['maxInstances', 'max instances'],
      ['poolMax', 'pool max'],
    ] as const
  ).flatMap(([setting, name]) => {
    const value = fitting(run, service, setting);
    return value >= 1 && value < contract[setting] ? [`${name} from ${contract[setting]} to ${value}`] : [];
  });
  const smaller =
    words.length === 0
      ? 'lower the claim until two fleets fit'
      : `lower ${words.join(', or ')}, so that two fleets fit`;
  return contract.rolloutOverlap > 0
    ? `${smaller}; or cap the instances of the service as a whole, so that both revisions share one cap`
    : smaller;
}

function changesOf(run: RunFacts, service: ServiceFacts): readonly WhatIf[] {
  const { budget, evidence } = run;
  const { contract } = service;
  const row = (change: string, changed: ServiceContract): WhatIf => {
    const planned = rolloutPlanned(run, service, changed);
    return { change, claim: claimOf(changed), planned, fits: planned <= budget.usable };
  };
  const instances = Math.max(1, fitting(run, service, 'maxInstances'));
  const pool = Math.max(1, fitting(run, service, 'poolMax'));
  const { maxConnections } = evidence.run.limits;
  const planned = rolloutPlanned(run, service, contract);
  const needed = maxConnections + Math.max(0, planned - budget.usable);
  return [
    row(`max instances ${contract.maxInstances} -> ${instances}, two fleets`, {
      ...contract,
      maxInstances: instances,
    }),
    row(`pool max ${contract.poolMax} -> ${pool}, two fleets`, { ...contract, poolMax: pool }),
    ...(contract.rolloutOverlap > 0
      ? [row('max instances at the service, shared by both revisions', { ...contract, rolloutOverlap: 0 })]
      : []),
    {
      change: `max_connections ${maxConnections} -> ${needed} (buys time only)`,
      claim: claimOf(contract),
      planned,
      fits: true,
    },
  ];
}
