import type { BoundResult } from './bound.ts';

/** What a result has unless a bound says otherwise: hard, nothing seen, nothing proven. */
export function result(
  given: Pick<BoundResult, 'status' | 'unit' | 'reason'> & Partial<BoundResult>,
): BoundResult {
  return {
    severity: 'hard',
    value: null,
    limit: null,
    witness: null,
    n: 0,
    coverage: null,
    confidence: null,
    ...given,
  };
}

/** What every bound says of a run in which nothing was sent. */
export function noLoad(unit: BoundResult['unit']): BoundResult {
  return result({ status: 'INCONCLUSIVE', unit, reason: 'load never began' });
}
