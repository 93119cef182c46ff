import { z } from 'zod';
import { durationMs, ratePerSec } from '../with-unit.ts';

/** `calibrate:` as it stands in the file. */
export const calibrateFile = z.strictObject({
  start: ratePerSec
    .refine((rate) => rate > 0, 'must be more than 0')
    .describe('Rate of the first step: well below what the service can do.'),
  step: durationMs
    .refine((ms) => ms >= 5000 && ms <= 600_000, 'must be between 5s and 10m')
    .optional()
    .describe('Length of a step. 20s unless given.'),
  factor: z
    .number()
    .min(1.05, 'must be at least 1.05')
    .max(4, 'must be at most 4')
    .optional()
    .describe('Each step is so many times the one before. 1.25 unless given.'),
  max_steps: z
    .int()
    .min(2, 'must be at least 2')
    .max(40, 'must be at most 40')
    .optional()
    .describe('It ends there at the latest. 16 unless given.'),
  again: z
    .boolean()
    .optional()
    .describe('Measure once more after the phases, to see whether it has drifted.'),
});

export type CalibrateInFile = z.output<typeof calibrateFile>;
