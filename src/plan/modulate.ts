import type { RateCurve } from './rate-curve.ts';
import { cut, type RatePiece } from './rate-piece.ts';

/** A stretch of time in which every rate is multiplied by one factor. */
export interface Stretch {
  readonly untilUs: number;
  readonly factor: number;
}

/** Multiplies a curve's rate stretch by stretch; the stretches cover the whole curve. */
export function modulate(curve: RateCurve, stretches: readonly Stretch[]): RateCurve {
  const pieces: RatePiece[] = [];
  let index = 0;
  let startUs = 0;
  for (const piece of curve) {
    const endUs = startUs + piece.durationUs;
    for (let fromUs = startUs; fromUs < endUs;) {
      const stretch = stretches[index];
      const toUs = Math.min(endUs, stretch?.untilUs ?? endUs);
      if (toUs > fromUs) pieces.push(cut(piece, fromUs - startUs, toUs - startUs, stretch?.factor ?? 1));
      if (toUs < endUs) index += 1;
      fromUs = toUs;
    }
    startUs = endUs;
  }
  return pieces;
}
