import type { LoadProgress } from '../../load/load.ts';

/** "120 of 1300"; clients of closed phases ask beyond any schedule, and then there is nothing to be out of. */
export function sentOf({ sent, planned }: LoadProgress): string {
  return sent > planned ? String(sent) : `${sent} of ${planned}`;
}
