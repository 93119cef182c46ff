import type { Attempt } from '../../../evidence/attempt.ts';
import type { Evidence } from '../../../evidence/evidence.ts';
import { isOwnFailure } from '../../../evidence/outcome-group.ts';
import { isClosed } from '../../../evidence/run-record.ts';

/** What became of a number of first attempts. */
interface Counts {
  readonly sent: number;
  /** Never sent: too many were in flight. */
  readonly dropped: number;
  /** Could not be sent: this machine had no file or port left for a connection. */
  readonly failed: number;
}

/** First attempts, those of the schedule and those of closed phases apart: a closed phase has no schedule. */
export interface ScheduleCounts {
  readonly scheduled: Counts;
  /** Null where the run has no closed phase. */
  readonly closed: Counts | null;
}

export function scheduleCounts({ run, attempts }: Pick<Evidence, 'run' | 'attempts'>): ScheduleCounts {
  const closed = new Set(run.phases.filter(isClosed).map(({ name }) => name));
  const first = attempts.filter(({ attempt }) => attempt === 1);
  if (closed.size === 0) return { scheduled: countsOf(first), closed: null };
  return {
    scheduled: countsOf(first.filter(({ phase }) => !closed.has(phase))),
    closed: countsOf(first.filter(({ phase }) => closed.has(phase))),
  };
}

function countsOf(first: readonly Attempt[]): Counts {
  let dropped = 0;
  let failed = 0;
  for (const attempt of first) {
    if (attempt.outcome === 'dropped') dropped += 1;
    else if (isOwnFailure(attempt)) failed += 1;
  }
  return { sent: first.length - dropped - failed, dropped, failed };
}

/** How many attempts were sent: all but those that were dropped. */
export function attemptsSent(attempts: readonly Attempt[], notOk: readonly Attempt[]): number {
  return attempts.length - notOk.filter(({ outcome }) => outcome === 'dropped').length;
}
