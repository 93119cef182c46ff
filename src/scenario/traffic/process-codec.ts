import { z } from 'zod';
import { positiveMs } from '../language/with-unit.ts';
import type { ArrivalProcess } from './traffic.ts';

export const arrivalsShape = z.enum(['uniform', 'poisson', 'mmpp'], 'must be uniform, poisson or mmpp');

export const mmppShape = z.strictObject({
  low: z
    .number()
    .min(0, 'must be at least 0')
    .lt(1, 'must be less than 1')
    .describe('The rate of the low state over that of the high state; 0 is on/off.')
    .meta({ examples: [0.1] }),
  high_for: positiveMs.describe('Mean length of a high state.').meta({ examples: ['200ms'] }),
  low_for: positiveMs.describe('Mean length of a low state.').meta({ examples: ['1.8s'] }),
});

/** How the two states of an mmpp are written. */
export const exampleStates = 'mmpp: { low: 0.1, high_for: 200ms, low_for: 1.8s }';

/** The two keys that say how arrivals follow a rate, of all phases or of one. */
export interface ProcessInFile {
  readonly arrivals?: z.output<typeof arrivalsShape> | undefined;
  readonly mmpp?: z.output<typeof mmppShape> | undefined;
}

/** Fills the default of `arrivals:`. */
export function makeProcess({ arrivals, mmpp }: ProcessInFile): ArrivalProcess {
  const kind = arrivals ?? 'poisson';
  if (kind !== 'mmpp') return { kind };
  if (mmpp === undefined) throw new TypeError('a checked mmpp has its states');
  return { kind, low: mmpp.low, highForMs: mmpp.high_for, lowForMs: mmpp.low_for };
}

/** The inverse of `makeProcess`. */
export function writeProcess(process: ArrivalProcess): ProcessInFile {
  if (process.kind !== 'mmpp') return { arrivals: process.kind };
  const { kind, low, highForMs, lowForMs } = process;
  return { arrivals: kind, mmpp: { low, high_for: highForMs, low_for: lowForMs } };
}
