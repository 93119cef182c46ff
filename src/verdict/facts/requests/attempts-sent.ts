import type { Facts } from '../run-facts.ts';

/** How many attempts were sent: all but those that were dropped. */
export function attemptsSent({ evidence, notOk }: Pick<Facts, 'evidence' | 'notOk'>): number {
  return evidence.attempts.length - notOk.filter(({ outcome }) => outcome === 'dropped').length;
}
