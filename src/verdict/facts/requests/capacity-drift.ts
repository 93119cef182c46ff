import { lastStepAllowed } from '../../../evidence/events/generator-event.ts';
import type { RunFacts } from '../run-facts.ts';

/** What the service could do before the phases and again after them, good answers a second. */
export interface CapacityDrift {
  readonly beforePerSec: number;
  /**
   * Null where that was begun and came to no result. `atLeast`: it still gave more at the last step that was allowed,
   * so its capacity is this or higher.
   */
  readonly after: { readonly perSec: number; readonly atLeast: boolean } | null;
}

/** The two measurements of the capacity; null where it was not measured before, or not measured again. */
export function capacityDrift({ record, evidence: { events } }: RunFacts): CapacityDrift | null {
  const measured = events.filter((event) => event.kind === 'capacity');
  const before = measured.find(({ when }) => when === 'before');
  const after = measured.find(({ when }) => when === 'after');
  const isBegun = record.calibrations?.some(({ when }) => when === 'after') ?? false;
  if (before === undefined || (after === undefined && !isBegun)) return null;
  return {
    beforePerSec: before.goodput_per_sec,
    after:
      after === undefined
        ? null
        : { perSec: after.goodput_per_sec, atLeast: after.reason === lastStepAllowed },
  };
}
