import { z } from 'zod';
import { label } from './local-file.ts';
import { positiveMs, ratePerSec } from './with-unit.ts';

const phaseFile = z.strictObject({
  name: label,
  duration: positiveMs,
  rate: ratePerSec,
  ramp_to: ratePerSec.optional().describe('Rate at the end of the phase, reached linearly.'),
  stress: z
    .boolean()
    .optional()
    .describe('The phase that overload bounds judge and recovery is measured from.'),
});

/** `traffic:` as it stands in the file. */
export const trafficFile = z.strictObject({
  arrivals: z.enum(['uniform', 'poisson'], 'must be uniform or poisson').optional(),
  max_in_flight: z
    .int()
    .min(1, 'must be at least 1')
    .max(100_000, 'must be at most 100000')
    .optional()
    .describe('Beyond it an arrival is counted as dropped, never queued. 2000 unless given.'),
  phases: z.array(phaseFile).min(1, 'at least one phase is needed'),
});

export type TrafficInFile = z.output<typeof trafficFile>;
