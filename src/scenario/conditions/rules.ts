import type { Condition } from './condition.ts';

/** Something of one's own that a run has to keep. */
export interface Assertion {
  readonly condition: Condition;
  readonly severity: 'hard' | 'soft';
  /** Null where nobody said. */
  readonly because: string | null;
}

/** Something that ends a run as soon as it is so. */
export interface AbortRule {
  readonly condition: Condition;
  readonly because: string | null;
}
