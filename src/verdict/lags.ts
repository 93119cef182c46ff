import { floatsOf } from '../base/floats.ts';
import { allAttempts } from '../evidence/all-attempts.ts';
import type { Attempt } from '../evidence/attempt.ts';
import type { Evidence } from '../evidence/evidence.ts';

/** How late the generator sent what it sent, in milliseconds, in order; first attempts and retries apart. */
export interface Lags {
  readonly lagsMs: ArrayLike<number>;
  readonly retryLagsMs: ArrayLike<number>;
}

/** Calibrations included, where the evidence has them. */
export function lagsOf(evidence: Pick<Evidence, 'attempts' | 'beside'>): Lags {
  const sent = allAttempts(evidence).filter(({ outcome }) => outcome !== 'dropped');
  const retries = sent.filter(({ attempt }) => attempt > 1);
  return {
    lagsMs: sorted(retries.length === 0 ? sent : sent.filter(({ attempt }) => attempt === 1)),
    retryLagsMs: sorted(retries),
  };
}

function sorted(attempts: readonly Attempt[]): Float64Array {
  return floatsOf(attempts, ({ sentUs, intendedUs }) => (sentUs - intendedUs) / 1000).sort();
}
