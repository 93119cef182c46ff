import { perSec } from './rate-words.ts';
import { flat } from '../rate-curve.ts';
import type { Pattern, ShapeOf } from './pattern.ts';

/** One rate throughout. */
export function constant({ ratePerSec }: ShapeOf<'constant'>, durationUs: number): Pattern {
  return { words: perSec(ratePerSec), curve: flat(ratePerSec, durationUs) };
}
