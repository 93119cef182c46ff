import { allAttempts } from '../../../evidence/all-attempts.ts';
import type { Evidence } from '../../../evidence/evidence.ts';

/** How late the generator sent attempts, in milliseconds, sorted; first attempts and retries apart. */
export interface Lags {
  readonly lagsMs: ArrayLike<number>;
  readonly retryLagsMs: ArrayLike<number>;
}

/** Calibrations included, where the evidence has them. */
export function lagsOf(evidence: Pick<Evidence, 'attempts' | 'beside'>): Lags {
  const attempts = allAttempts(evidence);
  const lagsMs = new Float64Array(attempts.length);
  let first = 0;
  let retries = 0;
  for (const { attempt, outcome, sentUs, intendedUs } of attempts) {
    if (outcome === 'dropped') continue;
    const lagMs = (sentUs - intendedUs) / 1000;
    // First attempts fill it from its beginning on, retries from its end.
    if (attempt === 1) lagsMs[first++] = lagMs;
    else lagsMs[lagsMs.length - ++retries] = lagMs;
  }
  return {
    lagsMs: lagsMs.subarray(0, first).sort(),
    retryLagsMs: lagsMs.subarray(lagsMs.length - retries).sort(),
  };
}
