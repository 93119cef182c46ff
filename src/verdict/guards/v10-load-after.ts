import { trim } from '../../base/units.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import type { Guard, GuardResult } from './guard.ts';
import { closedAround, isSame, loadAfter, sameWithin, type LoadAfter } from '../facts/requests/load-after.ts';

/*
 * After the trigger the load was the baseline's again:
 *
 *     sent = planned within 2 %, and planned mean rate = baseline's within 2 %
 *
 * Under more load than before, not coming back proves nothing; under less, coming back proves nothing. A closed phase
 * sets its own load, so nothing can be said about it. Retries are what the service brought on itself, and no
 * part of the load that is offered.
 */

export function checkLoadAfter(load: LoadAfter | null): GuardResult {
  const base = { limit: sameWithin, unit: 'ratio', disturbanceMs: null } as const;
  if (load === null)
    return { ...base, ok: false, value: null, reason: 'no phase after the stress, or no baseline before it' };
  const sentOff = load.planned === 0 ? 1 : Math.abs(load.sent / load.planned - 1);
  const rateOff = load.baselinePerSec === 0 ? 1 : Math.abs(load.ratePerSec / load.baselinePerSec - 1);
  const reason = `after the stress ${load.sent} of ${load.planned} planned arrivals sent, at ${trim(load.ratePerSec, 2)}/s against ${trim(load.baselinePerSec, 2)}/s at baseline`;
  const ok = isSame(load.sent, load.planned) && isSame(load.ratePerSec, load.baselinePerSec);
  return { ...base, ok, value: Math.max(sentOff, rateOff), reason };
}

function noAnswer(closed: string | null): GuardResult | null {
  if (closed === null) return null;
  const reason = `${closed} is closed: the service sets its own load, so nobody can say whether it was the same again`;
  return { ok: false, value: null, limit: sameWithin, unit: 'ratio', reason, disturbanceMs: null };
}

export const loadBack = {
  id: 'V10',
  name: 'load-after',
  title: 'the load came back to its baseline',
  meaning: 'After the stress, the service was asked as much as at baseline.',
  provenance: 'observed',
  check: (run: RunFacts, service: ServiceFacts) =>
    nothingToRecover(run, service) ?? noAnswer(closedAround(run)) ?? checkLoadAfter(loadAfter(run)),
} as const satisfies Guard;

/** A run whose only exercise is a rollout has no trigger: nothing has to come back, and no baseline is needed. */
export function nothingToRecover({ stress }: RunFacts, { overlaps }: ServiceFacts): GuardResult | null {
  if (stress.length > 0 || overlaps.length === 0) return null;
  const reason = 'no stress phase: nothing to come back from';
  return { ok: true, value: null, limit: null, unit: 'ratio', reason, disturbanceMs: null };
}
