import type { BoundResult } from '../../bounds/shared/bound.ts';
import type { RunFacts } from '../../facts/run-facts.ts';
import type { ServiceFacts } from '../../facts/service-facts.ts';
import type { Pain } from './pain.ts';
import type { WhatIf } from './what-if.ts';

export type Confidence = 'high' | 'medium' | 'low';

/** All that a diagnosis may look at. */
export interface Scene {
  readonly run: RunFacts;
  /** The service that load was sent at. */
  readonly service: ServiceFacts;
  /** What the bounds said, by id, guards applied. */
  readonly results: ReadonlyMap<string, BoundResult>;
  /** The first moment at which the database itself was in trouble; null when it never was. */
  readonly pain: Pain | null;
}

/** What a diagnosis found. */
export interface Finding {
  /** High: its condition holds, exactly counted, and what tells it apart was seen. Medium: inferred. Low: correlated. */
  readonly confidence: Confidence;
  /** The first thing to change. */
  readonly lever: string;
  /** What speaks for it, a sentence with numbers each. */
  readonly evidence: readonly string[];
  /** What would confirm it, or change our mind. */
  readonly confirm: string;
  readonly whatIf: readonly WhatIf[];
}

/** One known way to break a connection budget, recognised by its traces. */
export interface Diagnosis {
  readonly id: string;
  readonly title: string;
  diagnose(scene: Scene): Finding | null;
}
