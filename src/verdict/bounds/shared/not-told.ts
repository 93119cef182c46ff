import { isTold, type Told } from '../../facts/platform/told.ts';
import type { RunFacts } from '../../facts/run-facts.ts';
import type { BoundResult } from './bound.ts';
import { result } from './result.ts';

/** Not applicable, with the reason, where the platform does not tell what a bound is about; null where it does. */
export function notTold(
  run: Pick<RunFacts, 'record'>,
  what: Told,
  unit: BoundResult['unit'],
): BoundResult | null {
  if (isTold(run, what)) return null;
  return result({ status: 'NOT_APPLICABLE', unit, reason: `${what} are not known at an address` });
}
