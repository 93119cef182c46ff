import type { AttemptBlock } from './dataset/attempt-block.ts';
import type { Attempt } from './attempt.ts';
import type { BackendRow } from './dataset/backend-row.ts';
import type { RunEvent } from './event.ts';
import type { RunRecord } from './run-record.ts';

/** A stored run, read back: all that a verdict may look at. Times are microseconds since the run's origin. */
export interface Evidence {
  readonly run: RunRecord;
  /** Of the phases, in order of intended start. */
  readonly attempts: readonly Attempt[];
  /** What was sent before and after the phases, to measure the capacity and to look for leaks; absent: nothing. */
  readonly beside?: readonly Attempt[];
  /** In time order. */
  readonly backends: readonly BackendRow[];
  /** In time order. */
  readonly events: readonly RunEvent[];
  /** What could not be read or verified, in words: a part cut off by a crash, a line half written, a damaged part. */
  readonly gaps: readonly string[];
  /** What was recorded and is not there any more; absent: nothing. What comes after it goes on. */
  readonly losses?: readonly Loss[];
}

/** A stretch of the recording that is damaged or missing. Infinite where nobody knows when it was. */
export interface Loss {
  readonly of: 'attempts' | 'backends' | 'events';
  readonly fromUs: number;
  readonly toUs: number;
}

/** Where observations go while the run is on. Nothing is lost once a call has returned and its part is closed. */
export interface EvidenceSink {
  attempts(block: AttemptBlock): void;
  backends(rows: readonly BackendRow[]): void;
  event(event: RunEvent): void;
}
