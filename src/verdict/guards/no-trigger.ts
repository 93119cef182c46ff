import type { Facts } from '../facts/run-facts.ts';
import type { GuardResult } from './guard.ts';

/** A run whose only exercise is a rollout has no trigger: nothing has to come back, and no baseline is needed. */
export function nothingToRecover({ stress, overlaps }: Facts): GuardResult | null {
  if (stress.length > 0 || overlaps.length === 0) return null;
  const reason = 'no stress phase: nothing to come back from';
  return { ok: true, value: null, limit: null, unit: 'ratio', reason, disturbanceMs: null };
}
