import type { AttemptBlock } from './dataset/attempt-block.ts';
import type { Attempt } from './attempt.ts';
import type { BackendRow } from './dataset/backend-row.ts';
import type { RunEvent } from './event.ts';
import type { RunRecord } from './run-record.ts';

/** A stored run, read back: all that a verdict is based on. Times are microseconds since the run's origin. */
export interface Evidence {
  readonly run: RunRecord;
  /** Of the phases, in order of intended start. */
  readonly attempts: readonly Attempt[];
  /** What was sent before and after the phases to measure the capacity and to look for leaks; absent if nothing was. */
  readonly beside?: readonly Attempt[];
  /** In time order. */
  readonly backends: readonly BackendRow[];
  /** In time order. */
  readonly events: readonly RunEvent[];
  /** What could not be read or verified, in words: a part cut off by a crash, a line half written, a damaged part. */
  readonly gaps: readonly string[];
  /** What was recorded but is no longer readable; absent if nothing is. Unlike the end of a run that was cut off. */
  readonly losses?: readonly Loss[];
}

/** A stretch of the recording that is damaged or missing. Infinite where it is not known when. */
export interface Loss {
  readonly of: 'attempts' | 'backends' | 'events';
  readonly fromUs: number;
  readonly toUs: number;
}

/** Where observations go during the run. Nothing is lost once a call has returned and its part is closed. */
export interface EvidenceSink {
  attempts(block: AttemptBlock): void;
  backends(rows: readonly BackendRow[]): void;
  event(event: RunEvent): void;
}
