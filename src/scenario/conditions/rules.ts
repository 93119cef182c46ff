import type { Condition } from './condition.ts';

/** A condition of the author's own that a run has to keep. */
export interface Assertion {
  readonly condition: Condition;
  readonly severity: 'hard' | 'soft';
  /** Why it matters; null if nobody said. */
  readonly because: string | null;
}

/** A condition that ends a run as soon as it holds. */
export interface AbortRule {
  readonly condition: Condition;
  readonly because: string | null;
}
