import type { Attempt } from './attempt.ts';
import type { Evidence } from './evidence.ts';

/** Every attempt, in the phases and before and after them, in no particular order. */
export function allAttempts({ attempts, beside }: Pick<Evidence, 'attempts' | 'beside'>): readonly Attempt[] {
  return beside === undefined ? attempts : [...attempts, ...beside];
}

/** When the first request was sent to the service; `endUs` if none ever was. */
export function firstAskedUs(evidence: Pick<Evidence, 'attempts' | 'beside'>, endUs: number): number {
  return allAttempts(evidence).reduce((first, { sentUs }) => Math.min(first, sentUs), endUs);
}
