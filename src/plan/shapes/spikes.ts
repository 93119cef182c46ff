import { formatMs } from '../../base/units.ts';
import type { RatePiece } from '../rate-piece.ts';
import type { Pattern, ShapeOf } from './pattern.ts';
import { perSec } from './rate-words.ts';

/** A peak at the phase's start and then at a fixed interval; the phase's end may cut the last one. */
export function spikes(shape: ShapeOf<'spikes'>, durationUs: number): Pattern {
  const { ratePerSec, peakPerSec, widthMs, everyMs } = shape;
  const curve: RatePiece[] = [];
  const add = (rate: number, fromUs: number, toUs: number): void => {
    if (toUs > fromUs) curve.push({ fromPerSec: rate, toPerSec: rate, durationUs: toUs - fromUs });
  };
  const within = (ms: number): number => Math.min(durationUs, Math.floor(ms * 1000));
  for (let count = 0, startUs = 0; startUs < durationUs; count += 1) {
    const peakUntilUs = within(count * everyMs + widthMs);
    const untilUs = within((count + 1) * everyMs);
    add(peakPerSec, startUs, peakUntilUs);
    add(ratePerSec, peakUntilUs, untilUs);
    startUs = untilUs;
  }
  return {
    words: `${perSec(ratePerSec)}, ${perSec(peakPerSec)} for ${formatMs(widthMs)} every ${formatMs(everyMs)}`,
    curve,
  };
}
