import type { BoundResult } from '../../bounds/shared/bound.ts';
import { judgeSteady } from '../../bounds/b01-claim-steady.ts';
import { judgeRollouts } from '../../bounds/b02-claim-overlap.ts';
import { seenAs, type Facts } from '../../facts/run-facts.ts';

/** A declared service that held more than it had declared. */
export interface OverLine {
  /** The facts as that service's. */
  readonly facts: Facts;
  /** The claim that it broke, steady or in a rollout. */
  readonly result: BoundResult;
}

/** Other declared services over their own line, the first to be so first; none where the driven one broke its own. */
export function overTheirLine(facts: Facts): readonly OverLine[] {
  if (facts.others.length === 0 || brokenClaim(facts) !== null) return [];
  return facts.others
    .map((other) => seenAs(facts, other))
    .flatMap((view) => {
      const result = brokenClaim(view);
      return result === null ? [] : [{ facts: view, result }];
    })
    .sort((a, b) => (a.result.witness?.fromUs ?? 0) - (b.result.witness?.fromUs ?? 0));
}

function brokenClaim(facts: Facts): BoundResult | null {
  const broken = [judgeSteady(facts), judgeRollouts(facts)].filter(({ status }) => status === 'FAIL');
  const [first = null] = broken.sort((a, b) => (a.witness?.fromUs ?? 0) - (b.witness?.fromUs ?? 0));
  return first;
}
