import type { Loss } from '../../evidence/evidence.ts';
import { isPass } from './algebra.ts';
import type { Bound, BoundResult } from './shared/bound.ts';

/**
 * What is left of a result where part of the recording is damaged or missing. A PASS that rests on it is no longer
 * known. A FAIL that the gap itself may have caused stands only where its witness had ended before.
 */
export function applyLosses(
  bound: Pick<Bound, 'restsOn'>,
  result: BoundResult,
  losses: readonly Loss[],
): BoundResult {
  const blamed = losses.find((loss) => isSpoilt(bound, result, loss));
  if (blamed === undefined) return result;
  const reason = `part of the recording is damaged or missing (${blamed.of}); otherwise: ${result.reason}`;
  return { ...result, status: 'INCONCLUSIVE', witness: null, reason };
}

function isSpoilt({ restsOn }: Pick<Bound, 'restsOn'>, result: BoundResult, { of, fromUs }: Loss): boolean {
  if (isPass(result)) return restsOn?.pass.includes(of) ?? true;
  if (result.status !== 'FAIL' || restsOn?.fail.includes(of) === false) return false;
  return result.witness === null || result.witness.toUs >= fromUs;
}
