import { basename } from 'node:path';
import type { Pattern, ShapeOf } from './pattern.ts';
import { requestWords } from './rate-words.ts';

/** Recorded arrivals, as they were. */
export function replay({ file, speed, atUs }: ShapeOf<'replay'>): Pattern {
  const pace = speed === 1 ? '' : ` at ${speed} times the speed`;
  return {
    words: `${requestWords(atUs.length)} of ${basename(file)}${pace}`,
    curve: [],
    extraArrivals: () => atUs,
  };
}
