import type { RunRecord } from '../evidence/run-record.ts';

/** Whether there is anything to judge: load, or what measured the capacity before it. */
export function hasEvidence({ load_start_us, calibrations = [] }: RunRecord): boolean {
  return load_start_us !== null || calibrations.length > 0;
}
