import { trim } from '../../base/units.ts';
import type { Cohort } from '../cohort.ts';
import type { Facts } from '../facts.ts';
import type { Guard, GuardResult } from '../guard.ts';
import { nothingToRecover } from '../no-trigger.ts';
import { steadyWindows } from '../steady-windows.ts';

/*
 * There was a steady state to come back to. In the three windows of 5 s right before the trigger:
 *
 *     coefficient of variation of the good share <= 5 %, and not good <= 0.1 % of all
 *
 * Of the share, not of the count: Poisson arrivals alone make counts of 100 vary by 10 %.
 */

const variationLimit = 0.05;
const errorLimit = 0.001;

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

export const baselineSteady: Guard = {
  id: 'V08',
  name: 'baseline-steady',
  check: (facts: Facts) => nothingToRecover(facts) ?? checkBaseline(steadyWindows(facts)),
};
