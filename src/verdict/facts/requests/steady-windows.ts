import { cohortUs, cohortsOf, type Cohort } from './cohort.ts';
import type { RunFacts } from '../run-facts.ts';
import type { ServiceFacts } from '../service-facts.ts';

/** How many windows in a row the baseline must be steady for. */
const steadyCount = 3;

/**
 * The last three recovery windows of the baseline phase, right before the trigger. Null where the phase is
 * missing, was not reached or is shorter than that.
 */
export function steadyWindows(run: RunFacts, service: ServiceFacts): readonly Cohort[] | null {
  return cohortsBefore(run, service, cohortUs);
}

/** The same time as one cohort: what "as before" is measured by. */
export function steadyLevel(run: RunFacts, service: ServiceFacts): Cohort | null {
  return cohortsBefore(run, service, steadyCount * cohortUs)?.[0] ?? null;
}

function cohortsBefore(
  { requests, baseline, endUs }: RunFacts,
  { thresholds }: ServiceFacts,
  widthUs: number,
): readonly Cohort[] | null {
  if (baseline === null || endUs < baseline.toUs) return null;
  const fromUs = baseline.toUs - steadyCount * cohortUs;
  if (fromUs < baseline.fromUs) return null;
  return cohortsOf(requests, fromUs, baseline.toUs, thresholds.deadlineMs, widthUs);
}
