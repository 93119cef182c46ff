import type { LoadProgress } from '../../load/load.ts';

/** "120 of 1300"; just the count once closed phases, which have no schedule, have sent more than was planned. */
export function sentOf({ sent, planned }: LoadProgress): string {
  return sent > planned ? String(sent) : `${sent} of ${planned}`;
}
