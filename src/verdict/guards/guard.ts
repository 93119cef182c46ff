import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';

/** What a guard says of a run. */
export interface GuardResult {
  readonly ok: boolean;
  readonly value: number | null;
  readonly limit: number | null;
  readonly unit: 'ms' | 'ratio' | 'per_sec' | 'count';
  /** One sentence with the numbers. */
  readonly reason: string;
  /**
   * By how much the harness may have shifted what it measured, in milliseconds. A FAIL that is over its limit
   * by no more than this is the harness's own doing. Null: a FAIL stands whatever this guard says.
   */
  readonly disturbanceMs: number | null;
}

/** A condition on the run itself. Where it is broken, the bounds that need it prove nothing. */
export interface Guard<Id extends string = string> {
  readonly id: Id;
  readonly name: string;
  /** The condition in plain words. */
  readonly title: string;
  /** What is true where it holds, in one sentence. */
  readonly meaning: string;
  /** Emulated: what it looks at depends on the platform's emulator. */
  readonly provenance: 'observed' | 'emulated';
  /** What a stall may have touched that breaks it: the sending, or all of an attempt. Absent: it holds for all or not at all. */
  readonly stalledBy?: 'sends' | 'attempts';
  check(run: RunFacts, service: ServiceFacts): GuardResult;
}
