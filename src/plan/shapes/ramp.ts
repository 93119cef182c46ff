import type { Pattern, ShapeOf } from './pattern.ts';
import { perSec } from './rate-words.ts';

/** A rate that changes linearly over the phase. */
export function ramp({ ratePerSec, toPerSec }: ShapeOf<'ramp'>, durationUs: number): Pattern {
  return {
    words: `${perSec(ratePerSec)} to ${perSec(toPerSec)}`,
    curve: [{ fromPerSec: ratePerSec, toPerSec, durationUs }],
  };
}
