import type { Attempt } from './attempt.ts';
import type { Evidence } from './evidence.ts';

/** Everything that was asked of the service: in the phases, and before and after them. In no order. */
export function allAttempts({ attempts, beside }: Pick<Evidence, 'attempts' | 'beside'>): readonly Attempt[] {
  return beside === undefined ? attempts : [...attempts, ...beside];
}

/** When the service was first asked for anything; the end of what was seen where it never was. */
export function firstAskedUs(evidence: Pick<Evidence, 'attempts' | 'beside'>, endUs: number): number {
  return allAttempts(evidence).reduce((first, { sentUs }) => Math.min(first, sentUs), endUs);
}
