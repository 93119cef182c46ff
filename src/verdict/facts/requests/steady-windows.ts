import { cohortUs, cohortsOf, type Cohort } from './cohort.ts';
import type { Facts } from '../run-facts.ts';

/** How many windows in a row the baseline must be steady for. */
const steadyCount = 3;

/**
 * The last three recovery windows of the baseline phase, right before the trigger. Null where the phase is
 * missing, was not reached or is shorter than that.
 */
export function steadyWindows(facts: Facts): readonly Cohort[] | null {
  return cohortsBefore(facts, cohortUs);
}

/** The same time as one cohort: what "as before" is measured by. */
export function steadyLevel(facts: Facts): Cohort | null {
  return cohortsBefore(facts, steadyCount * cohortUs)?.[0] ?? null;
}

function cohortsBefore(
  { requests, baseline, thresholds, endUs }: Facts,
  widthUs: number,
): readonly Cohort[] | null {
  if (baseline === null || endUs < baseline.toUs) return null;
  const fromUs = baseline.toUs - steadyCount * cohortUs;
  if (fromUs < baseline.fromUs) return null;
  return cohortsOf(requests, fromUs, baseline.toUs, thresholds.deadlineMs, widthUs);
}
