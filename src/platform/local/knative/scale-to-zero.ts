import type { Activity } from './activity.ts';

/** The times that stand between a desired zero and none. */
export interface ZeroTimes {
  readonly stableWindowUs: number;
  readonly graceUs: number;
  readonly lastInstanceRetentionUs: number;
  readonly activationLimitUs: number;
}

export interface ZeroObservation {
  readonly activity: Activity;
  /** Since when requests go through the activator; null: they don't. */
  readonly proxiedSinceUs: number | null;
  readonly reachable: boolean;
}

/** The scale that is wanted (null: not known), and whether it is applied now or only noted. */
export interface WantedScale {
  readonly scale: number | null;
  readonly applies: boolean;
}

/**
 * What becomes of a desired zero. Active for less than the stable window: one instance stays; for longer: the
 * revision is noted as inactive. Inactive: none, once requests have had the time to find the activator.
 */
export function scaleToZero(nowUs: number, seen: ZeroObservation, times: ZeroTimes): WantedScale {
  const { kind, sinceUs } = seen.activity;
  const forUs = nowUs - sinceUs;
  switch (kind) {
    case 'activating':
      return forUs > times.activationLimitUs ? { scale: 0, applies: true } : { scale: null, applies: false };
    case 'active':
      return forUs >= times.stableWindowUs ? { scale: 0, applies: false } : { scale: 1, applies: true };
    case 'inactive':
      return { scale: 0, applies: mayEnd(nowUs, seen, times) };
  }
}

/** After the longer of grace and retention; after the retention alone when the activator had its grace already. */
function mayEnd(nowUs: number, seen: ZeroObservation, times: ZeroTimes): boolean {
  const inactiveUs = nowUs - seen.activity.sinceUs;
  const retentionUs = seen.reachable ? times.lastInstanceRetentionUs : 0;
  if (inactiveUs >= Math.max(times.graceUs, retentionUs)) return true;
  if (inactiveUs < retentionUs) return false;
  return seen.proxiedSinceUs !== null && nowUs - seen.proxiedSinceUs >= times.graceUs;
}
