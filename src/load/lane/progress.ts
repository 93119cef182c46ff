import type { Outcome } from '../../evidence/attempt.ts';
import { groupOf } from '../../evidence/outcome-group.ts';
import type { LoadProgress } from '../load.ts';
import { cell, type Shared } from './shared.ts';

const cellOf = { ok: cell.ok, refused: cell.refused, failed: cell.failed, never_ended: null } as const;

/** Counts the end of an attempt, for the live screen. */
export function countOutcome(cells: Int32Array, outcome: Outcome): void {
  const place = cellOf[groupOf(outcome)];
  if (place !== null) Atomics.add(cells, place, 1);
}

/** The counts so far. */
export function progressOf({ count, cells }: Shared): LoadProgress {
  const at = (place: number): number => Atomics.load(cells, place);
  return {
    planned: count,
    sent: at(cell.sent),
    dropped: at(cell.dropped),
    retries: at(cell.retries),
    inFlight: at(cell.inFlight),
    ok: at(cell.ok),
    refused: at(cell.refused),
    failed: at(cell.failed),
  };
}
