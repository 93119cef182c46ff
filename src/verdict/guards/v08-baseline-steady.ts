import { trim } from '../../base/units.ts';
import { capacityDrift, type CapacityDrift } from '../facts/requests/capacity-drift.ts';
import type { Cohort } from '../facts/requests/cohort.ts';
import type { RunFacts } from '../facts/run-facts.ts';
import type { ServiceFacts } from '../facts/service-facts.ts';
import type { Guard, GuardResult } from './guard.ts';
import { nothingToRecover } from './v10-load-after.ts';
import { steadyWindows } from '../facts/requests/steady-windows.ts';

/*
 * There was a steady state to come back to. In the three windows of 5 s right before the trigger:
 *
 *     coefficient of variation of the good share <= 5 %, and not good <= 0.1 % of all
 *
 * Of the share, not of the count: Poisson arrivals alone make counts of 100 vary by 10 %. And where the capacity was
 * measured again after the phases, it was one service from beginning to end:
 *
 *     |G_after - G_before| <= 10 % of G_before
 *
 * in both directions: a service that has become faster was not overloaded as much as the plan says. The difference is
 * that of the two best steps, not of their intervals: that nothing changed is to be shown, not to be left undecided.
 */

const variationLimit = 0.05;
const errorLimit = 0.001;
const driftLimit = 0.1;

export function checkBaseline(windows: readonly Cohort[] | null): GuardResult {
  const base = { limit: errorLimit, unit: 'ratio', disturbanceMs: null } as const;
  if (windows === null)
    return {
      ...base,
      ok: false,
      value: null,
      reason: 'no baseline phase of at least 15 s before the stress',
    };
  const n = windows.reduce((sum, window) => sum + window.n, 0);
  const goods = windows.reduce((sum, window) => sum + window.good, 0);
  if (n === 0 || windows.some((window) => window.n === 0))
    return { ...base, ok: false, value: null, reason: 'a window of the baseline has no request' };
  const errors = (n - goods) / n;
  const variation = variationOf(windows.map((window) => window.good / window.n));
  const reason = `${trim(100 * errors, 2)} % of ${n} baseline requests not good (limit 0.1 %), good share varies by ${trim(100 * variation, 2)} % (limit 5 %)`;
  return { ...base, ok: errors <= errorLimit && variation <= variationLimit, value: errors, reason };
}

/** Standard deviation over mean; infinite where the mean is zero. */
function variationOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return mean === 0 ? Infinity : Math.sqrt(variance) / mean;
}

export function checkDrift({ beforePerSec, after }: CapacityDrift): GuardResult {
  const base = { limit: driftLimit, unit: 'ratio', disturbanceMs: null } as const;
  const before = `${trim(beforePerSec, 1)}/s before the phases`;
  if (after === null) {
    const reason = `capacity ${before}; measuring it again after them came to no result`;
    return { ...base, ok: false, value: null, reason };
  }
  const { perSec, atLeast } = after;
  const change = Math.abs(perSec - beforePerSec);
  const value = beforePerSec === 0 ? null : change / beforePerSec;
  const far = value === null ? '' : `, ${trim(100 * value, 1)} % ${perSec < beforePerSec ? 'less' : 'more'}`;
  const reason = atLeast
    ? `capacity ${before}, and after them it still gave more at the last step that was allowed (${trim(perSec, 1)}/s)`
    : `capacity ${before}, ${trim(perSec, 1)}/s after them${far} (limit ${100 * driftLimit} %)`;
  // Not by the quotient, which makes a little more than a tenth of 110 over 100.
  return { ...base, ok: !atLeast && change <= driftLimit * beforePerSec, value, reason };
}

/** Both have to hold; what is broken is said first. */
function both(steady: GuardResult, drift: GuardResult | null): GuardResult {
  if (drift === null) return steady;
  const [first, second] = steady.ok && !drift.ok ? [drift, steady] : [steady, drift];
  return { ...first, reason: `${first.reason}; ${second.reason}` };
}

function driftOf(run: RunFacts): GuardResult | null {
  const drift = capacityDrift(run);
  return drift === null ? null : checkDrift(drift);
}

export const baselineSteady = {
  id: 'V08',
  name: 'baseline-steady',
  title: 'the baseline was steady',
  meaning: 'There was a steady state to return to.',
  provenance: 'emulated',
  stalledBy: 'attempts',
  check: (run: RunFacts, service: ServiceFacts) =>
    both(nothingToRecover(run, service) ?? checkBaseline(steadyWindows(run, service)), driftOf(run)),
} as const satisfies Guard;
