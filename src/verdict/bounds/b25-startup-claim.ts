import { notTold } from './shared/not-told.ts';
import { always, type Bound, type BoundResult } from './shared/bound.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { firstAskedUs } from '../../evidence/all-attempts.ts';
import { countAt, peakOf } from '../../evidence/sessions/steps.ts';
import { result } from './shared/result.ts';

/*
 * Nobody asks, and nobody claims:
 *
 *     sessions <= alive x W x P_min + background      from the first instance on, until load begins
 *
 * All that instances get in that time is health checks. A health check that takes a session turns a full pool into
 * restarts, and a pool that fills itself at the start takes the whole claim with every wave of instances.
 */

export interface StartupInput {
  /** The most sessions at once; null where nobody counted. */
  readonly peak: { readonly tUs: number; readonly count: number } | null;
  /** Instances that were there before load; 0 where none was. */
  readonly alive: number;
  /** What they may hold then. */
  readonly limit: number;
}

export function judgeStartup({ peak, alive, limit }: StartupInput): BoundResult {
  const base = { severity: 'soft', unit: 'sessions', limit, n: alive } as const;
  if (alive === 0)
    return result({ ...base, status: 'NOT_APPLICABLE', reason: 'no instance was there before load began' });
  if (peak === null)
    return result({
      ...base,
      status: 'INCONCLUSIVE',
      reason: 'nobody counted the sessions before load began',
    });
  const what = `${peak.count} sessions before anything was asked of ${alive} instances, limit ${limit}`;
  if (peak.count <= limit) return result({ ...base, status: 'PASS', value: peak.count, reason: what });
  const witness = { fromUs: peak.tUs, toUs: peak.tUs, what };
  return result({ ...base, status: 'FAIL', value: peak.count, reason: what, witness });
}

export const startupClaim = {
  id: 'B25',
  name: 'startup-claim',
  title: 'nothing is claimed before load',
  meaning: "Before load begins, instances hold no more than their pools' minimum.",
  severity: 'soft',
  answer: null,
  provenance: 'observed',
  isPain: false,
  headline: null,
  required: false,
  restsOn: { pass: ['attempts', 'backends', 'events'], fail: ['events'] },
  needs: always,
  judge: (run, service) => {
    const unknown = notTold(run, 'instances', 'sessions');
    if (unknown !== null) return unknown;
    const { load } = run;
    const { alive, contract, exact } = service;
    if (load === null || alive === null) return judgeStartup({ peak: null, alive: 0, limit: 0 });
    // A calibration asks before load does.
    const askedUs = firstAskedUs(run.evidence, load.fromUs);
    const there = Math.max(countAt(alive, askedUs), peakOf(alive, -Infinity, askedUs)?.count ?? 0);
    const limit = there * contract.workersPerInstance * contract.poolMin + contract.backgroundSessions;
    return judgeStartup({
      peak: exact === null ? null : peakBefore(service, askedUs),
      alive: there,
      limit,
    });
  },
} as const satisfies Bound;

/** No session at all leaves no step: then there were none. */
function peakBefore({ exact, alive }: ServiceFacts, askedUs: number): StartupInput['peak'] {
  const fromUs = alive?.[0]?.tUs ?? 0;
  return peakOf(exact?.steps ?? [], fromUs, askedUs - 1) ?? { tUs: fromUs, count: 0 };
}
