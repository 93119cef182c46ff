import { z } from 'zod';
import { durationMs, ratePerSec } from '../language/with-unit.ts';

/** How the capacity is measured before the phases: ascending steps with retries off. */
export interface Calibrate {
  readonly startPerSec: number;
  readonly stepMs: number;
  /** Each step over the one before. */
  readonly factor: number;
  readonly maxSteps: number;
  /** Whether it is measured once more after the phases. */
  readonly again: boolean;
}

const shape = z.strictObject({
  start: ratePerSec
    .refine((rate) => rate > 0, 'must be more than 0')
    .describe('Rate of the first step: well below what the service can do.')
    .meta({ examples: ['20/s'] }),
  step: durationMs
    .refine((ms) => ms >= 5000 && ms <= 600_000, 'must be between 5s and 10m')
    .optional()
    .describe('Length of a step. Default: 20s.')
    .meta({ examples: ['20s'] }),
  factor: z
    .number()
    .min(1.05, 'must be at least 1.05')
    .max(4, 'must be at most 4')
    .optional()
    .describe('The rate of each step over that of the previous one. Default: 1.25.')
    .meta({ examples: [1.25] }),
  max_steps: z
    .int()
    .min(2, 'must be at least 2')
    .max(40, 'must be at most 40')
    .optional()
    .describe('The most steps. If the capacity is not found by then, the run is refused. Default: 16.')
    .meta({ examples: [16] }),
  again: z
    .boolean()
    .optional()
    .describe('Measures once more after the phases, to see whether the capacity has drifted. Default: false.')
    .meta({ examples: [true] }),
});

/** `calibrate:`. */
export const calibrateCodec = z.codec(shape, z.custom<Calibrate>(), {
  decode: (given) => ({
    startPerSec: given.start,
    stepMs: given.step ?? 20_000,
    factor: given.factor ?? 1.25,
    maxSteps: given.max_steps ?? 16,
    again: given.again ?? false,
  }),
  encode: ({ startPerSec, stepMs, factor, maxSteps, again }) => ({
    start: startPerSec,
    step: stepMs,
    factor,
    max_steps: maxSteps,
    again,
  }),
});
