import type { BoundResult } from './bound.ts';

/*
 * A bound of several rules is broken by any of them, and kept only by all. A hard FAIL decides; unknown comes before a
 * soft FAIL, because it may hide a hard one; a rule that does not apply says nothing.
 */

const ranks: Readonly<Record<BoundResult['status'], number>> = {
  FAIL: 0,
  INCONCLUSIVE: 1,
  PASS_SAMPLED: 3,
  PASS: 4,
  NOT_APPLICABLE: 5,
};

/** Joins the rules of one bound: the worst decides and comes first, followed by the other rules' reasons. */
export function joinParts(parts: readonly [BoundResult, ...BoundResult[]]): BoundResult {
  const rank = ({ status, severity }: BoundResult): number =>
    status === 'FAIL' && severity === 'soft' ? 2 : ranks[status];
  const sorted = [...parts].sort(
    (a, b) => rank(a) - rank(b) || (a.witness?.fromUs ?? 0) - (b.witness?.fromUs ?? 0),
  );
  const [worst = parts[0], ...others] = sorted;
  const told = others.filter(
    ({ status }) => status !== 'NOT_APPLICABLE' || worst.status === 'NOT_APPLICABLE',
  );
  const reasons = [worst, ...told].map(({ reason }) => reason);
  const sure = parts.flatMap(({ confidence }) => confidence ?? []);
  return {
    ...worst,
    reason: [...new Set(reasons)].join('; '),
    n: Math.max(...parts.map(({ n }) => n)),
    // All of them hold only as surely as the least sure.
    confidence: worst.status === 'PASS' && sure.length > 0 ? Math.min(...sure) : worst.confidence,
  };
}
