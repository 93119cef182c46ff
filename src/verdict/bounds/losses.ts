import type { Loss } from '../../evidence/evidence.ts';
import type { OwnLoss } from '../facts/platform/own-losses.ts';
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

/**
 * What is left of a result where a part of the harness was lost. A PASS did not see that time. A FAIL stands where its
 * witness had ended before, or began once the loss could not be felt any more.
 */
export function applyOwnLosses(
  bound: Pick<Bound, 'restsOn'>,
  result: BoundResult,
  losses: readonly OwnLoss[],
): BoundResult {
  const blamed = losses.find((loss) => isTouched(bound, result, loss));
  if (blamed === undefined) return result;
  const reason = `${blamed.words}, which is no doing of the service; otherwise: ${result.reason}`;
  return { ...result, status: 'INCONCLUSIVE', witness: null, reason };
}

function isTouched({ restsOn }: Pick<Bound, 'restsOn'>, result: BoundResult, loss: OwnLoss): boolean {
  if (!isPass(result) && result.status !== 'FAIL') return false;
  // The generator sends and hears, and does nothing else.
  const rests = isPass(result) ? restsOn?.pass : restsOn?.fail;
  if (loss.of === 'generator' && rests?.includes('attempts') === false) return false;
  const { witness } = result;
  if (isPass(result) || witness === null) return true;
  return witness.toUs >= loss.fromUs && witness.fromUs <= loss.toUs;
}
