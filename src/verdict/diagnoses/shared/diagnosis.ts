import type { Results } from '../../bounds/algebra.ts';
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
  readonly results: Results;
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
export interface Diagnosis<Id extends string = string> {
  readonly id: Id;
  readonly title: string;
  /** Which question about an incident it answers; null where it answers none. */
  readonly question: 'us' | 'shape' | 'held' | 'lost' | 'opened' | 'revisions' | 'demand' | null;
  diagnose(scene: Scene): Finding | null;
}
