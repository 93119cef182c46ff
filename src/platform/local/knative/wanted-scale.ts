import { boundScale, leastScale, type ScaleBounds } from './scale-bounds.ts';
import { scaleToZero, type WantedScale, type ZeroObservation, type ZeroTimes } from './scale-to-zero.ts';

export interface ScaleObservation extends ZeroObservation {
  /** Whether the initial scale was there once. */
  readonly hasBegun: boolean;
}

const unknown: WantedScale = { scale: null, applies: false };

/**
 * What the decider desires (null: nothing is known yet), within the bounds, and by way of the states before
 * zero. While a revision activates for the first time, its least scale needs no load.
 */
export function wantedScale(
  nowUs: number,
  desired: number | null,
  seen: ScaleObservation,
  bounds: ScaleBounds,
  times: ZeroTimes,
): WantedScale {
  if (desired === null && seen.activity.kind !== 'activating') return unknown;
  const least = leastScale(bounds, seen.reachable, seen.hasBegun);
  if (desired === null && least === 0) return unknown;
  const scale = boundScale(desired ?? 0, least, bounds.maxScale);
  return scale === 0 ? scaleToZero(nowUs, seen, times) : { scale, applies: true };
}
