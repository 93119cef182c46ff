import { claimOf, claimOverlapOf } from '../../contract/budget.ts';
import type { ServiceContract } from '../../contract/contract.ts';
import { peakOf } from '../../evidence/sessions/steps.ts';
import type { BoundResult } from '../bounds/shared/bound.ts';
import type { Diagnosis, Finding } from './shared/diagnosis.ts';
import { everyService, seenAs, type Facts } from '../facts/run-facts.ts';
import { heldAt } from '../facts/platform/revisions.ts';
import type { WhatIf } from './shared/what-if.ts';

/*
 * The first violation fell into a rollout: the sessions of the old revision and those of the new one together were
 * more than one fleet may hold, and more than there was room for. One fleet fits, two do not:
 *
 *     claim + H <= usable < claim x (1 + omega) + H
 *
 * Or the old revision did not let go when it was told to (B23): its pool outlives its last request, and the overlap lasts
 * as long as the platform lets it.
 */

export const twoRevisions: Diagnosis = {
  id: 'D14',
  title: 'two revisions at once',
  diagnose: ({ facts, results }) => {
    const tUs = firstViolation(results);
    if (tUs === null) return lingering(facts, results.get('B23'));
    for (const one of everyService(facts)) {
      const view = seenAs(facts, one);
      const overlap = overlapAt(view, tUs);
      if (overlap === null) continue;
      const { service, thresholds, headroom } = view;
      const shares = overlap.held.map(({ revision, sessions }) => `${revision} ${sessions}`).join(', ');
      const settled = overlap.isSettled ? 'after the traffic had moved' : 'before the traffic had moved';
      return {
        confidence: view.exact?.source === 'link' ? 'high' : 'medium',
        lever: leverOf(view),
        evidence: [
          `at the first violation, in a rollout and ${settled}, ${overlap.held.length} revisions of ${service.name} held ${overlap.sessions} sessions: ${shares}`,
          `one fleet claims ${thresholds.claim}, both ${thresholds.claimOverlap}; with the headroom of ${headroom} and other claims that is ${rolloutPlanned(view, service)} planned, and the server has ${thresholds.usable}`,
        ],
        confirm:
          'deploy again under the same load with the smaller claim: nothing may be refused, and the headroom stays free',
        whatIf: changesOf(view),
      };
    }
    return lingering(facts, results.get('B23'));
  },
};

/** An old revision that kept its sessions although it was told to stop. */
function lingering(facts: Facts, drain: BoundResult | undefined): Finding | null {
  if (drain?.status !== 'FAIL' || drain.witness === null) return null;
  const { thresholds } = facts;
  return {
    confidence: facts.exact?.source === 'link' ? 'high' : 'medium',
    lever: 'close the pool on SIGTERM, once the requests that are open have been answered',
    evidence: [
      drain.witness.what,
      `until then both revisions count: ${thresholds.claimOverlap} sessions instead of ${thresholds.claim}`,
    ],
    confirm: 'stop one instance with SIGTERM: its sessions are gone as soon as its last request is answered',
    whatIf: changesOf(facts),
  };
}

/** The bounds that too many sessions break. */
const judged = ['B02', 'B03', 'B04', 'B05'];

function firstViolation(results: ReadonlyMap<string, BoundResult>): number | null {
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
function overlapAt(facts: Facts, tUs: number): Overlap | null {
  const window = facts.overlaps.find(({ fromUs, toUs }) => tUs >= fromUs && tUs <= toUs);
  if (window === undefined || facts.exact === null) return null;
  const { claim, nonHeadroomMax, tauCloseMs } = facts.thresholds;
  const peak = peakOf(facts.exact.steps, tUs, tUs + 1000 * tauCloseMs);
  if (peak === null || peak.count <= Math.min(claim, nonHeadroomMax)) return null;
  const held = heldAt(facts, peak.tUs);
  if (held.length < 2) return null;
  return { sessions: peak.count, held, isSettled: window.settledUs !== null && tUs >= window.settledUs };
}

/** Everything planned while this service is deployed. */
function rolloutPlanned({ budget, service }: Facts, changed: ServiceContract): number {
  return budget.planned - claimOf(service) + claimOverlapOf(changed);
}

/** The greatest value of a setting with which two fleets fit; 0 when none does. */
function fitting(facts: Facts, setting: 'maxInstances' | 'poolMax'): number {
  const { service, budget } = facts;
  for (let value = service[setting]; value >= 1; value -= 1)
    if (rolloutPlanned(facts, { ...service, [setting]: value }) <= budget.usable) return value;
  return 0;
}

function leverOf(facts: Facts): string {
  const { service } = facts;
  const words = (
    [
      ['maxInstances', 'max instances'],
      ['poolMax', 'pool max'],
    ] as const
  ).flatMap(([setting, name]) => {
    const value = fitting(facts, setting);
    return value >= 1 && value < service[setting] ? [`${name} from ${service[setting]} to ${value}`] : [];
  });
  const smaller =
    words.length === 0
      ? 'lower the claim until two fleets fit'
      : `lower ${words.join(', or ')}, so that two fleets fit`;
  return service.rolloutOverlap > 0
    ? `${smaller}; or cap the instances of the service as a whole, so that both revisions share one cap`
    : smaller;
}

function changesOf(facts: Facts): readonly WhatIf[] {
  const { service, budget, evidence } = facts;
  const row = (change: string, changed: ServiceContract): WhatIf => {
    const planned = rolloutPlanned(facts, changed);
    return { change, claim: claimOf(changed), planned, fits: planned <= budget.usable };
  };
  const instances = Math.max(1, fitting(facts, 'maxInstances'));
  const pool = Math.max(1, fitting(facts, 'poolMax'));
  const { maxConnections } = evidence.run.limits;
  const planned = rolloutPlanned(facts, service);
  const needed = maxConnections + Math.max(0, planned - budget.usable);
  return [
    row(`max instances ${service.maxInstances} -> ${instances}, two fleets`, {
      ...service,
      maxInstances: instances,
    }),
    row(`pool max ${service.poolMax} -> ${pool}, two fleets`, { ...service, poolMax: pool }),
    ...(service.rolloutOverlap > 0
      ? [row('max instances at the service, shared by both revisions', { ...service, rolloutOverlap: 0 })]
      : []),
    {
      change: `max_connections ${maxConnections} -> ${needed} (buys time only)`,
      claim: claimOf(service),
      planned,
      fits: true,
    },
  ];
}
