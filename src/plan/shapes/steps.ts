import { flat } from '../rate-curve.ts';
import type { Pattern, ShapeOf } from './pattern.ts';
import { perSec } from './rate-words.ts';

/** Equal parts of the phase, each with its own rate, starting on whole microseconds. */
export function steps({ ratesPerSec }: ShapeOf<'steps'>, durationUs: number): Pattern {
  const startUs = (part: number): number => Math.floor((durationUs * part) / ratesPerSec.length);
  return {
    words: ratesPerSec.map(perSec).join(', '),
    curve: ratesPerSec.flatMap((rate, part) => flat(rate, startUs(part + 1) - startUs(part))),
  };
}
