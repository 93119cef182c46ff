import type { Evidence } from '../../evidence/evidence.ts';

/** What of a run's observations is known to be missing, in words; null when nothing is. */
export function lossOf({ run, gaps }: Evidence): string | null {
  if (run.ended.how === 'failed') return `the run failed: ${run.ended.reason ?? 'no reason given'}`;
  if (run.evidence_lost !== undefined) return `observations were lost: ${run.evidence_lost}`;
  const [first] = gaps;
  return first === undefined ? null : `not readable: ${first}`;
}
