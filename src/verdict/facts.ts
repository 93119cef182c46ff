import type { Thresholds } from '../contract/thresholds.ts';
import type { Evidence } from '../evidence/evidence.ts';

/** The evidence with what is derived from it once, so that every bound reads the same numbers. */
export interface Facts {
  readonly evidence: Evidence;
  readonly thresholds: Thresholds;
}
