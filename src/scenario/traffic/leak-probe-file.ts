import { z } from 'zod';
import { durationMs } from '../with-unit.ts';

/** `leak_probe:` as it stands in the file. */
export const leakProbeFile = z.strictObject({
  request: z.string().min(1, 'must not be empty').describe('Which of the requests is sent.'),
  hold: durationMs
    .refine((ms) => ms >= 200, 'must be at least 200ms: the requests have to overlap')
    .optional()
    .describe('How long each of them holds its session. The hold of that request unless given.'),
});
