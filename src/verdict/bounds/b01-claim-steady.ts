import { always, type Bound, type BoundResult } from './shared/bound.ts';
import { claimInput, judgeClaim, steadySpans } from './shared/claim.ts';
import { forEveryService } from './shared/every-service.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import { inside } from '../facts/platform/overlap-windows.ts';
import { result } from './shared/result.ts';

/*
 * Outside a rollout a service holds at most its claim. While two revisions run at once, another bound applies.
 */

export function judgeSteady(run: RunFacts, service: ServiceFacts): BoundResult {
  const { load } = run;
  const { overlaps } = service;
  if (load === null) return result({ status: 'INCONCLUSIVE', unit: 'sessions', reason: 'load never began' });
  const input = claimInput(run, service, load);
  if (overlaps.length === 0) return judgeClaim(input);
  const spans = steadySpans(run, service);
  if (inside(spans, load).length > 0) return judgeClaim({ ...input, spans });
  const reason = 'all of the load fell into a rollout: claim-overlap (B02) judges it';
  return result({ status: 'NOT_APPLICABLE', unit: 'sessions', limit: input.claim, reason });
}

export const claimSteady = {
  id: 'B01',
  name: 'claim-steady',
  title: 'sessions stay inside the claim',
  meaning: 'Outside a rollout, no service holds more sessions than its claim.',
  severity: 'hard',
  answer: 'bounded',
  provenance: 'observed',
  isPain: false,
  headline: 'claim',
  required: true,
  restsOn: { pass: ['attempts', 'backends', 'events'], fail: ['events'] },
  stalledBy: 'stretches',
  needs: [...always, 'V03', 'V07', 'V09', 'V15'],
  judge: (run) => forEveryService(run, judgeSteady),
} as const satisfies Bound;
