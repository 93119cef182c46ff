import type { RunFacts } from '../facts/run-facts.ts';
import type { Views } from '../facts/stalls/views.ts';
import type { Guard, GuardResult } from './guard.ts';

/**
 * A guard that a stall has broken holds all the same where few enough attempts were touched and it holds for the others.
 * `views`: null where nothing stalled.
 */
export function checkAside(guard: Guard, run: RunFacts, views: Views | null): GuardResult {
  const { stalledBy } = guard;
  const whole = guard.check(run, run.driven);
  if (whole.ok || views === null || stalledBy === undefined) return whole;
  const rest = guard.check(stalledBy === 'sends' ? views.onTime : views.clean, run.driven);
  const { words, tooMuch } = stalledBy === 'sends' ? views.late : views.aside;
  // Broken for another reason: what is set aside is beside the point.
  if (!rest.ok) return whole;
  return tooMuch === null
    ? { ...rest, reason: `${rest.reason}; ${words}` }
    : { ...whole, reason: `${whole.reason}; ${words}, ${tooMuch}` };
}
