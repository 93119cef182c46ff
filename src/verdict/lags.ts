import { allAttempts } from '../evidence/all-attempts.ts';
import type { Evidence } from '../evidence/evidence.ts';

/** How late the generator sent what it sent, in milliseconds, calibrations included; first attempts and retries apart. */
export interface Lags {
  readonly lagsMs: readonly number[];
  readonly retryLagsMs: readonly number[];
}

export function lagsOf(evidence: Pick<Evidence, 'attempts' | 'beside'>): Lags {
  const lagsMs: number[] = [];
  const retryLagsMs: number[] = [];
  for (const { attempt, outcome, sentUs, intendedUs } of allAttempts(evidence)) {
    if (outcome === 'dropped') continue;
    (attempt === 1 ? lagsMs : retryLagsMs).push((sentUs - intendedUs) / 1000);
  }
  return { lagsMs, retryLagsMs };
}
