import type { Attempt, Outcome } from '../evidence/attempt.ts';
import type { LoadProgress } from './load.ts';
import { cell, type Shared } from './shared.ts';

/** Counts for the screen: what was sent comes from the lanes' counters, how it ended from their records. */
export interface Tally {
  readonly add: (batch: readonly Attempt[]) => void;
  readonly progress: () => LoadProgress;
}

type Group = 'ok' | 'refused' | 'failed' | 'none';

const groups: Partial<Record<Outcome, Group>> = {
  ok: 'ok',
  platform: 'refused',
  shed: 'refused',
  pool_timeout: 'refused',
  dropped: 'none',
  unfinished: 'none',
};

/** A tally of nothing yet. */
export function makeTally({ count, cells }: Shared): Tally {
  const ended = { ok: 0, refused: 0, failed: 0, none: 0 };
  return {
    add: (batch) => {
      for (const { outcome } of batch) ended[groups[outcome] ?? 'failed'] += 1;
    },
    progress: () => ({
      planned: count,
      sent: Atomics.load(cells, cell.sent),
      dropped: Atomics.load(cells, cell.dropped),
      inFlight: Atomics.load(cells, cell.inFlight),
      ok: ended.ok,
      refused: ended.refused,
      failed: ended.failed,
    }),
  };
}
