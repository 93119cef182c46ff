import { closedNames } from './closed-load.ts';
import type { RunFacts } from '../run-facts.ts';

/** The load that was offered after the trigger, against the plan and against the baseline. */
export interface LoadAfter {
  readonly planned: number;
  readonly sent: number;
  readonly ratePerSec: number;
  readonly baselinePerSec: number;
}

/** How much "the same" allows: that much is chance, not another load. */
export const sameWithin = 0.02;

/** Null where there is no trigger, nothing after it or no baseline, or where the service set the load of any of it. */
export function loadAfter(run: RunFacts): LoadAfter | null {
  const { phases, triggerEndUs, baseline, requestsByPhase } = run;
  if (triggerEndUs === null || baseline === null || closedAround(run) !== null) return null;
  // An idle phase offers nothing: recovery is judged where there are requests.
  const after = phases.filter((phase) => phase.fromUs >= triggerEndUs && phase.ratePerSec > 0);
  const lengthUs = after.reduce((sum, phase) => sum + phase.toUs - phase.fromUs, 0);
  if (lengthUs === 0) return null;
  const sent = after.reduce((sum, { name }) => sum + (requestsByPhase.get(name)?.length ?? 0), 0);
  return {
    planned: after.reduce((sum, phase) => sum + phase.planned, 0),
    sent,
    // Rates as planned: those drawn differ by chance alone.
    ratePerSec:
      after.reduce((sum, phase) => sum + phase.ratePerSec * (phase.toUs - phase.fromUs), 0) / lengthUs,
    baselinePerSec: baseline.ratePerSec,
  };
}

/** The baseline and the phases after the trigger in which the service set its own load, named; null for none. */
export function closedAround({ phases, triggerEndUs, baseline }: RunFacts): string | null {
  return closedNames(
    phases.filter((phase) => phase === baseline || (triggerEndUs !== null && phase.fromUs >= triggerEndUs)),
  );
}

/** Whether what was sent is what was planned, and what was planned is the baseline's rate. */
export function isLoadBack(run: RunFacts): boolean {
  const load = loadAfter(run);
  return load !== null && isSame(load.sent, load.planned) && isSame(load.ratePerSec, load.baselinePerSec);
}

export function isSame(value: number, reference: number): boolean {
  return Math.abs(value - reference) <= sameWithin * reference;
}
