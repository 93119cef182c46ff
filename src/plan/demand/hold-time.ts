import type { RequestSpec } from '../../scenario/requests/request-spec.ts';

/** How long the requests of the mix hold a session. */
export interface MixHoldTime {
  /** Mean seconds that a request holds a session; a request that declares nothing counts as 0. */
  readonly perRequestSec: number;
  /** The share of requests that hold a session at all. */
  readonly share: number;
}

/** The weighted hold time of the mix; null where no request declares one. */
export function holdTimeOf(requests: readonly Pick<RequestSpec, 'weight' | 'holdMs'>[]): MixHoldTime | null {
  let total = 0;
  let holding = 0;
  let weightedMs = 0;
  for (const { weight, holdMs = 0 } of requests) {
    total += weight;
    if (holdMs > 0) holding += weight;
    weightedMs += weight * holdMs;
  }
  if (weightedMs === 0) return null;
  return { perRequestSec: weightedMs / total / 1000, share: holding / total };
}
