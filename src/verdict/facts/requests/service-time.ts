import { floatsOf } from '../../../base/floats.ts';
import type { Attempt } from '../../../evidence/attempt.ts';
import type { RunFacts } from '../run-facts.ts';
import { quantile } from '../../statistics/quantile.ts';

/** How long the service had an attempt: from when an instance got it where that is known, else from when it was sent. */
export function servedMs({ endedUs, receivedUs, sentUs }: Attempt): number {
  return ((endedUs ?? sentUs) - (receivedUs ?? sentUs)) / 1000;
}

/** A quantile of that over the good answers of the baseline; null without a baseline or without answers in it. */
export function servedAtBaseline({ baseline, attemptsByPhase }: RunFacts, q: number): number | null {
  if (baseline === null) return null;
  const good = (attemptsByPhase.get(baseline.name) ?? []).filter(({ outcome }) => outcome === 'ok');
  return quantile(floatsOf(good, servedMs), q);
}
