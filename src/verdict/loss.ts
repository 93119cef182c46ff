import type { Evidence, Loss } from '../evidence/evidence.ts';
import { isPass } from './algebra.ts';
import type { BoundResult } from './bound.ts';

/** What of a run's observations is known to be missing, in words; null when nothing is. */
export function lossOf({ run, gaps }: Evidence): string | null {
  if (run.ended.how === 'failed') return `the run failed: ${run.ended.reason ?? 'no reason given'}`;
  if (run.evidence_lost !== undefined) return `observations were lost: ${run.evidence_lost}`;
  const [first] = gaps;
  return first === undefined ? null : `not readable: ${first}`;
}

/** Bounds that look at no sample: damaged samples say nothing against their PASS. */
const withoutSamples = new Set('B04 B05 B06 B10 B11 B12 B18 B19 B20 B21 B22 B24'.split(' '));

/**
 * Bounds whose FAIL is something that was seen, whatever else is missing. A FAIL of the others may be the doing of what is
 * missing: of a request whose first attempt is gone the retry is left out, a session whose close is gone never ends.
 */
const seenBy: Readonly<Record<Loss['of'], ReadonlySet<string>>> = {
  attempts: new Set('B01 B02 B03 B04 B05 B06 B12 B14 B15 B16 B17 B24 B25'.split(' ')),
  backends: new Set(
    'B01 B02 B03 B04 B05 B06 B08 B09 B10 B11 B12 B14 B15 B16 B17 B18 B19 B20 B21 B22 B24 B25'.split(' '),
  ),
  events: new Set(['B05']),
};

/**
 * What is left of a result where part of the recording is damaged or missing. A PASS is not known any more. A FAIL
 * stands where it was seen, or where its witness had ended before anything was missing.
 */
export function applyLosses(id: string, result: BoundResult, losses: readonly Loss[]): BoundResult {
  const blamed = losses.find((loss) => isSpoilt(id, result, loss));
  if (blamed === undefined) return result;
  const reason = `part of the recording is damaged or missing (${blamed.of}); otherwise: ${result.reason}`;
  return { ...result, status: 'INCONCLUSIVE', witness: null, reason };
}

function isSpoilt(id: string, result: BoundResult, loss: Loss): boolean {
  if (isPass(result)) return loss.of !== 'backends' || !withoutSamples.has(id);
  if (result.status !== 'FAIL' || seenBy[loss.of].has(id)) return false;
  return result.witness === null || result.witness.toUs >= loss.fromUs;
}
