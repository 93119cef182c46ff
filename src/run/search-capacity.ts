import { trim } from '../base/units.ts';
import type { CapacityEvent } from '../evidence/event.ts';

/** One rate, and what the service made of it. */
export type CapacityStep = CapacityEvent['steps'][number];

/** With a larger share of failures, the step asked for more than there is. */
const mostFailed = 0.05;

/**
 * Why no further step is needed; null where one is. In this order:
 *
 *     failed > 5 %                 the step asked for more than there is, and the service says so
 *     high <= the best before      goodput has stopped rising
 *     high < the rate before       the step before asked for more already, so the next one can't get more either
 *
 * `high` is the upper end of the step's 95 % interval. The first rule stops at a service that refuses, the last at one
 * that makes everyone wait: its queue grows with every step, so the sooner the search ends the better.
 */
export function endOfSearch(steps: readonly CapacityStep[]): string | null {
  const last = steps.at(-1);
  if (last === undefined) return null;
  const before = steps.slice(0, -1);
  const rate = `${trim(last.rate_per_sec, 1)}/s`;
  if (last.failed > mostFailed)
    return `${trim(100 * last.failed, 1)} % failed at ${rate}, more than ${100 * mostFailed} %`;
  const best = bestStep(before);
  if (best === null) return null;
  const most = `${trim(last.high_per_sec, 1)}/s at most at ${rate}`;
  if (last.high_per_sec <= best.goodput_per_sec)
    return `goodput stopped rising: ${most}, ${trim(best.goodput_per_sec, 1)}/s before`;
  const askedBefore = before.at(-1)?.rate_per_sec ?? 0;
  if (last.high_per_sec >= askedBefore) return null;
  return `goodput stopped rising: ${most}, and the step before asked for ${trim(askedBefore, 1)}/s`;
}

/** The step with the most goodput; null where there is none. */
export function bestStep(steps: readonly CapacityStep[]): CapacityStep | null {
  return steps.reduce<CapacityStep | null>(
    (best, step) => (best === null || step.goodput_per_sec > best.goodput_per_sec ? step : best),
    null,
  );
}
