import type { Backoff } from '../../scenario/clients/client.ts';

/** Which backoff of a row it is, and its draw. */
export interface BackoffStep {
  /** The retry it precedes, in its layer's current round; 1 is the first. */
  readonly retry: number;
  /** The backoff before the last retry of that round; null before the first. */
  readonly lastMs: number | null;
  /** Uniform in [0, 1). */
  readonly draw: number;
}

/** How long to wait before a retry, milliseconds, by the law in `Backoff`. */
export function backoffMs(law: Backoff, { retry, lastMs, draw }: BackoffStep): number {
  const { initialMs, maxMs, multiplier, jitter } = law;
  if (jitter === 'decorrelated') {
    const upTo = Math.max(initialMs, multiplier * (lastMs ?? initialMs));
    return Math.min(maxMs, initialMs + draw * (upTo - initialMs));
  }
  const bound = Math.min(maxMs, initialMs * multiplier ** (retry - 1));
  if (jitter === 'none') return bound;
  return jitter === 'full' ? draw * bound : bound / 2 + (draw * bound) / 2;
}
