import type { BoundResult } from '../../bounds/shared/bound.ts';
import { judgeSteady } from '../../bounds/b01-claim-steady.ts';
import { judgeRollouts } from '../../bounds/b02-claim-overlap.ts';
import type { RunFacts } from '../../facts/run-facts.ts';
import type { ServiceFacts } from '../../facts/service-facts.ts';

/** A declared service that held more than it had declared. */
export interface OverLine {
  readonly service: ServiceFacts;
  /** The claim that it broke, steady or in a rollout. */
  readonly result: BoundResult;
}

/** Other declared services over their own line, the first to be so first; none where the driven one broke its own. */
export function overTheirLine(run: RunFacts, service: ServiceFacts): readonly OverLine[] {
  if (run.others.length === 0 || brokenClaim(run, service) !== null) return [];
  return run.others
    .flatMap((other) => {
      const result = brokenClaim(run, other);
      return result === null ? [] : [{ service: other, result }];
    })
    .sort((a, b) => (a.result.witness?.fromUs ?? 0) - (b.result.witness?.fromUs ?? 0));
}

function brokenClaim(run: RunFacts, service: ServiceFacts): BoundResult | null {
  const broken = [judgeSteady(run, service), judgeRollouts(run, service)].filter(
    ({ status }) => status === 'FAIL',
  );
  const [first = null] = broken.sort((a, b) => (a.witness?.fromUs ?? 0) - (b.witness?.fromUs ?? 0));
  return first;
}
